//go:build !gophernotes

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const gophernotes = "github.com/gopherdata/gophernotes"

// patches are applied to gophernotes' source; each old text must stand in its
// file exactly once.
var patches = []struct{ file, old, new string }{
	// see each cell before it runs
	{"kernel.go", "nodes := compiler.ParseBytes([]byte(code))", "nodes := beforeCell(ir, compiler.ParseBytes([]byte(code)))"},
	// let interrupts stop a cell, not the kernel
	{"kernel.go", "kernel.initRenderers()", "kernel.initRenderers(); base.StartSignalHandler(ir.Interrupt)"},
	// say in plain words why a cell stopped
	{"kernel.go", "err = errors.New(fmt.Sprint(r))", "err = errors.New(reason(r))"},
	// colour the code
	{"kernel.go", `FileExtension: ".go",`, `FileExtension: ".go", MIMEType: "text/x-go", CodeMirrorMode: "text/x-go", PygmentsLexer: "go",`},
}

// build compiles gophernotes with our files beside its own. The package exists
// only in an overlay: a directory of this module, so that this module's go.mod
// decides every version, whose files are all elsewhere.
func build(ctx context.Context, binary string) error {
	temp, err := os.MkdirTemp("", "kernel")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	gomod, err := goCommand(ctx, "env", "GOMOD")
	if err != nil {
		return err
	}
	source := filepath.Join(filepath.Dir(strings.TrimSpace(string(gomod))), "kernel")
	overlay, err := upstream(ctx, temp)
	if err != nil {
		return err
	}
	table, err := generate(ctx, filepath.Join(source, "packages.go"))
	if err != nil {
		return err
	}
	symbols := filepath.Join(temp, "our_symbols.go")
	if err := os.WriteFile(symbols, table, 0o644); err != nil {
		return err
	}
	overlay["our_symbols.go"] = symbols
	overlay["our_cells.go"] = filepath.Join(source, "cells.go")
	overlay["our_packages.go"] = filepath.Join(source, "packages.go")

	virtual := filepath.Join(source, "gophernotes")
	replace := make(map[string]string)
	for name, file := range overlay {
		replace[filepath.Join(virtual, name)] = file
	}
	config, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	list := filepath.Join(temp, "overlay.json")
	if err := os.WriteFile(list, config, 0o644); err != nil {
		return err
	}
	_, err = goCommand(ctx, "build", "-tags=gophernotes", "-ldflags=-s", "-overlay="+list, "-o", binary, virtual)
	return err
}

// upstream writes gophernotes' patched source into a directory and returns
// where each of its files is.
func upstream(ctx context.Context, dir string) (map[string]string, error) {
	out, err := goCommand(ctx, "list", "-json=Dir,GoFiles", gophernotes)
	if err != nil {
		return nil, err
	}
	var pkg struct {
		Dir     string
		GoFiles []string
	}
	if err := json.Unmarshal(out, &pkg); err != nil {
		return nil, fmt.Errorf("go list %s: %w", gophernotes, err)
	}
	files := make(map[string]string)
	for _, name := range pkg.GoFiles {
		text, err := os.ReadFile(filepath.Join(pkg.Dir, name))
		if err != nil {
			return nil, err
		}
		if text, err = patched(name, text); err != nil {
			return nil, err
		}
		files[name] = filepath.Join(dir, name)
		if err := os.WriteFile(files[name], text, 0o644); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// patched is the text of one of gophernotes' files with its patches.
func patched(name string, text []byte) ([]byte, error) {
	for _, p := range patches {
		if p.file != name {
			continue
		}
		if n := bytes.Count(text, []byte(p.old)); n != 1 {
			return nil, fmt.Errorf("gophernotes' %s holds %q %d times, not once: kernel/build.go patches another version", name, p.old, n)
		}
		text = bytes.Replace(text, []byte(p.old), []byte(p.new), 1)
	}
	return text, nil
}

// generate returns the symbol tables of the packages that a Go file imports.
func generate(ctx context.Context, file string) ([]byte, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	out, err := goCommand(ctx, append([]string{"list", "-export", "-deps", "-f={{.ImportPath}} {{.Export}}"}, paths...)...)
	if err != nil {
		return nil, err
	}
	exports := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, export, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = export
	}
	return symbols(paths, exports)
}

// goCommand runs the go command, without cgo so that no C compiler is needed,
// and returns what it prints.
func goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return out, nil
}
