package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A graphviz that fails is an error with what it said.
func TestGraphvizFails(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "dot"), []byte("#!/bin/sh\necho no memory >&2; echo left >&2; exit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip(err)
	}
	t.Setenv("PATH", bin)
	err := trainOn(t, nil, smallData(t), t.TempDir(), "")
	if err == nil || !strings.HasSuffix(err.Error(), `graph.dot: exit status 3: "no memory left"`) {
		t.Error(err)
	}
}
