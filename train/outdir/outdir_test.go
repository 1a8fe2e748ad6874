package outdir_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/train/outdir"
)

func says(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Two writers of one directory: the second is told who the first is, until that
// one is done.
func TestOneWriterAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	dir, err := outdir.Open(path, outdir.Disk())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := outdir.Open(path, outdir.Disk()); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d, ", os.Getpid())) {
		t.Errorf("a second writer: %v", err)
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := outdir.Open(path, outdir.Disk())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// A write that fails, wherever it does, leaves what was there and nothing else.
func TestWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	failure := errors.New("no room")
	for n := range 4 {
		err := outdir.WriteFile(path, func(w io.Writer) error {
			for range n {
				if _, err := io.WriteString(w, "new"); err != nil {
					return err
				}
			}
			return failure
		})
		if _, missing := os.Stat(path); !errors.Is(err, failure) || !os.IsNotExist(missing) {
			t.Fatal(err, missing)
		}
	}
	if err := outdir.WriteFile(path, says("old")); err != nil {
		t.Fatal(err)
	}
	if err := outdir.WriteFile(path, func(w io.Writer) error { _, _ = io.WriteString(w, "n"); return failure }); !errors.Is(err, failure) {
		t.Error(err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 || content(t, path) != "old" {
		t.Errorf("%d files, %v", len(entries), err)
	}
}

// Links that lie in wait, at the name itself or at that of a temporary file of
// old, lead to no other file.
func TestLinksAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	other, path := filepath.Join(dir, "other"), filepath.Join(dir, "x")
	if err := os.WriteFile(other, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + ".tmp"} {
		if err := os.Symlink(other, name); err != nil {
			t.Skip(err) // Windows, without the right to
		}
	}
	if err := outdir.WriteFile(path, says("new")); err != nil {
		t.Fatal(err)
	}
	if content(t, other) != "precious" || content(t, path) != "new" {
		t.Errorf("%q, %q", content(t, other), content(t, path))
	}
	if err := os.Symlink(other, filepath.Join(dir, ".lock")); err != nil {
		t.Fatal(err)
	}
	if _, err := outdir.Open(dir, outdir.Disk()); err == nil || strings.Contains(err.Error(), "precious") {
		t.Errorf("a lock that is a link: %v", err)
	}
}

// What a killed process left half written is swept away by the next one.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".x.0123456789abcdef.tmp", "mine.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := outdir.Open(dir, outdir.Disk())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); err != nil || len(left) != 1 || filepath.Base(left[0]) != "mine.tmp" {
		t.Errorf("%v, %v", left, err)
	}
}
