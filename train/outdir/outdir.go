// Package outdir writes what a training leaves behind: every file whole or not
// at all, files that belong together at once, by one process at a time.
//
//	dir, err := outdir.Open("out", outdir.Disk())
//	defer dir.Close()
//	err = dir.Write("report.html", func(w io.Writer) error { ... })
//	err = dir.Replace(outdir.Entry{"last", ...}, outdir.Entry{"best", ...})
package outdir

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Dir is a directory that this process alone writes to.
type Dir struct {
	path string
	fs   FS
	lock *os.File
}

// lockName is a file that stays: removing it would let two processes lock two
// files of that name.
const lockName = ".lock"

// Open makes the directory, if need be, and locks it until [Dir.Close] or the end
// of the process, however that ends. An error names the process that has it.
func Open(path string, fs FS) (*Dir, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	name := filepath.Join(path, lockName)
	file, err := lock(name)
	if err != nil {
		if info, e := os.Lstat(name); e != nil || !info.Mode().IsRegular() {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		if holder, _ := os.ReadFile(name); len(holder) > 0 && len(holder) < 1<<10 {
			held := fmt.Errorf("%s is being written to by %q", path, bytes.TrimSpace(holder))
			if !errors.Is(err, syscall.EAGAIN) { // which says no more
				held = fmt.Errorf("%w: %w", held, err)
			}
			return nil, held
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	host, _ := os.Hostname() // only to be told
	holder := fmt.Sprintf("process %d, %s, on %s\n", os.Getpid(), filepath.Base(os.Args[0]), host)
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteString(holder)
	}
	if err == nil {
		err = sweep(path)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return &Dir{path, fs, file}, nil
}

// sweep removes what killed processes left half written.
func sweep(path string) error {
	entries, err := os.ReadDir(path)
	for _, e := range entries {
		if name := e.Name(); strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".tmp") {
			err = errors.Join(err, os.Remove(filepath.Join(path, name)))
		}
	}
	return err
}

// Path is where a file of the directory stands.
func (d *Dir) Path(name string) string { return filepath.Join(d.path, name) }

// Write writes a file of the directory as [WriteFile] does.
func (d *Dir) Write(name string, write func(io.Writer) error) error {
	return writeFile(d.fs, d.Path(name), write)
}

// Close lets other processes write.
func (d *Dir) Close() error {
	err := d.lock.Truncate(0)
	if e := d.lock.Close(); err == nil {
		err = e
	}
	return err
}
