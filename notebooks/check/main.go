// Command check executes the notebooks in Jupyter and compares what they print
// with what is committed:
//
//	cd notebooks && go run ./check            every notebook here
//	cd notebooks && go run ./check 01-neuron.ipynb
//	cd notebooks && go run ./check -write     execute and keep the new outputs
//
// It fails where a cell ends in an error, where text differs, where a number
// differs by more than a relative 1e-6, and where a picture is missing, new or of
// another size. What the pictures show is for people to look at.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

func main() {
	write := flag.Bool("write", false, "keep the new outputs instead of comparing them")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./check [-write] [notebook.ipynb ...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, flag.Args(), *write); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, paths []string, write bool) error {
	if len(paths) == 0 {
		var err error
		if paths, err = filepath.Glob("*.ipynb"); err != nil {
			return err
		}
	}
	if len(paths) == 0 {
		return errors.New("no notebooks here")
	}
	var failed error
	for _, path := range paths {
		err := one(ctx, path, write)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			fmt.Println("ok", path)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// one executes a notebook and compares it, or writes it.
func one(ctx context.Context, path string, write bool) error {
	committed, err := read(path)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "notebook")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, "jupyter", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=120",
		"--output-dir", dir, path)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", path, err, out)
	}
	executed, err := read(filepath.Join(dir, filepath.Base(path)))
	if err != nil {
		return err
	}
	if write {
		return executed.write(path)
	}
	return compare(path, committed, executed)
}
