//go:build !gophernotes

// Command kernel builds the Jupyter kernel that runs this directory's
// notebooks, and installs it for the current user:
//
//	cd notebooks && go run ./kernel
//
// The kernel is gophernotes, unforked: its source is taken from the module
// cache, patched in memory and compiled together with this project's packages,
// whose names are entered into the tables of its interpreter, gomacro.
// Notebooks can import the packages that packages.go names.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("kernel: ")
	dir := flag.String("dir", "", "kernelspec `directory` to write (default: gophernotes, where the user's Jupyter looks)")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./kernel [-dir directory]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() > 0 {
		log.Printf("unexpected argument %q", flag.Arg(0))
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := install(ctx, *dir); err != nil {
		log.Fatal(err)
	}
}

// install builds the kernel and writes it, with its kernelspec, into dir.
func install(ctx context.Context, dir string) error {
	if dir == "" {
		data, err := jupyterData()
		if err != nil {
			return err
		}
		dir = filepath.Join(data, "kernels", "gophernotes")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	binary := filepath.Join(dir, "gophernotes")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if err := build(ctx, binary); err != nil {
		return err
	}
	spec, err := json.MarshalIndent(map[string]any{
		"argv":           []string{binary, "{connection_file}"},
		"display_name":   "Go (gophernotes)",
		"language":       "go",
		"interrupt_mode": "signal",
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), append(spec, '\n'), 0o644); err != nil {
		return err
	}
	log.Print("installed ", dir)
	return nil
}

// jupyterData is the directory where Jupyter keeps what the user installs, as
// https://docs.jupyter.org/en/stable/use/jupyter-directories.html has it.
func jupyterData() (string, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	if dir := os.Getenv("APPDATA"); dir != "" && runtime.GOOS == "windows" {
		return filepath.Join(dir, "jupyter"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter"), nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}
