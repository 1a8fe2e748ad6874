package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"symgrad/data/imagefile"
)

// picture is what an argument names, or why it names none.
type picture struct {
	name string
	err  error
}

// pictures lists the files that the arguments name. A folder stands for the
// pictures in it and in its folders, which are known by the ends of their names;
// what begins with a dot and what -why drew are left out.
func pictures(args []string) (all []picture) {
	for _, arg := range args {
		if info, err := os.Stat(arg); arg == "-" || err != nil || !info.IsDir() {
			all = append(all, picture{name: arg}) // to open it tells what is wrong
			continue
		}
		before := len(all)
		err := filepath.WalkDir(arg, func(path string, e fs.DirEntry, err error) error {
			switch hidden := path != arg && strings.HasPrefix(e.Name(), "."); {
			case err != nil:
				return err
			case hidden && e.IsDir():
				return fs.SkipDir
			case !hidden && !e.IsDir() && imagefile.Named(path) && !strings.HasSuffix(path, whyEnd):
				all = append(all, picture{name: path})
			}
			return nil
		})
		if err == nil && len(all) == before {
			err = fmt.Errorf("%s: no pictures in this folder", arg)
		}
		if err != nil {
			all = append(all, picture{arg, err})
		}
	}
	return all
}

// files opens pictures. Standard input is read once: every - is that picture.
type files struct {
	stdin io.Reader
	read  []byte
	err   error
}

func (f *files) open(name string) (io.ReadCloser, error) {
	if name != "-" {
		if info, err := os.Stat(name); err == nil && info.Mode()&fs.ModeNamedPipe != 0 { // opening it waits for who may never write
			return nil, fmt.Errorf("%s is a pipe, want a file, or - for standard input", name)
		}
		return os.Open(name)
	}
	if f.stdin != nil {
		f.read, f.err = io.ReadAll(io.LimitReader(f.stdin, imagefile.MaxBytes+1))
		f.stdin = nil
	}
	return io.NopCloser(bytes.NewReader(f.read)), f.err
}
