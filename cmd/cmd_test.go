// Package cmd tests the commands as a user runs them.
package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestScripts(t *testing.T) {
	bin := t.TempDir()
	for _, name := range []string{"train-neuron", "train-mlp", "train-cnn", "bench"} {
		out := filepath.Join(bin, name)
		if runtime.GOOS == "windows" {
			out += ".exe"
		}
		if output, err := exec.Command("go", "build", "-o", out, "./"+name).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(env *testscript.Env) error {
		env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
		return nil
	}})
}
