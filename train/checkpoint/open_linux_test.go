package checkpoint_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"symgrad/models"
	"symgrad/train/checkpoint"
)

// A pipe is not read, even where someone has written to it.
func TestAPipeIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe := must(os.OpenFile(path, os.O_RDWR, 0))
	defer pipe.Close()
	must(pipe.Write(make([]byte, 64)))
	if _, _, err := checkpoint.Load(path); err == nil || err.Error() != "checkpoint: "+path+" is a pipe, want a file" {
		t.Error(err)
	}
}

func TestFilesAreClosed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := checkpoint.Save(path, must(models.MLP(1, 2).New(models.NewRand(1))), checkpoint.Meta{}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, _, err := checkpoint.Load(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range must(os.ReadDir("/proc/self/fd")) {
		if file, _ := os.Readlink("/proc/self/fd/" + e.Name()); file == path { // what was closed since has no name
			t.Errorf("%s is still open", path)
		}
	}
}

func TestNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing")
	_, _, err := checkpoint.Load(path)
	if err == nil || !strings.HasPrefix(err.Error(), "checkpoint: ") || !strings.Contains(err.Error(), path+": no such file or directory") {
		t.Error(err)
	}
}
