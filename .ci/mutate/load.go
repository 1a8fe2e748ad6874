package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// source is a package as the compiler takes it, without its tests.
type source struct {
	path  string // as go list names it
	dir   string
	fset  *token.FileSet
	files []file
	types *types.Info
}

type file struct {
	name string // within dir
	text []byte
	tree *ast.File
}

// load parses a package and finds the types of its expressions.
func load(pattern string) (*source, error) {
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	out, err := command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", pattern)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	var last listed // the package itself comes after all that it imports
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[l.ImportPath], last = l.Export, l
	}
	s := &source{path: last.ImportPath, dir: last.Dir, fset: token.NewFileSet(), types: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}}
	var trees []*ast.File
	for _, name := range last.GoFiles {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(s.fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files, trees = append(s.files, file{name, text, tree}), append(trees, tree)
	}
	check := types.Config{Importer: importer.ForCompiler(s.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	_, err = check.Check(s.path, s.fset, trees, s.types)
	return s, err
}

// command runs a program and gives what it printed.
func command(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%v: %w\n%s", cmd, err, &complaint)
	}
	return out, nil
}
