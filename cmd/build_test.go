package cmd

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// keepIn is the variable that asks this program to copy another into a folder.
const keepIn = "KEEP_COMMAND_IN"

// TestMain builds the commands and puts them first on the PATH.
func TestMain(m *testing.M) {
	if folder := os.Getenv(keepIn); folder != "" {
		if err := keep(os.Args[1], folder); err != nil {
			log.Fatal(err)
		}
		return
	}
	os.Exit(withCommands(m))
}

func withCommands(m *testing.M) int {
	bin, err := os.MkdirTemp("", "commands")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(bin)
	var built sync.WaitGroup
	for _, name := range []string{"train-neuron", "train-mlp", "train-cnn", "draw-letters", "bench", "classify", "playground"} {
		built.Go(func() {
			if err := build("./"+name, bin); err != nil {
				log.Fatal(err)
			}
		})
	}
	built.Wait()
	os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return m.Run()
}

// build puts a command into a folder. What go run has linked once is in its cache,
// which go build links anew; so this program runs in the command's place, and
// links or copies it.
func build(command, folder string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := exec.Command("go", "run", "-ldflags=-s -w", "-exec", "'"+self+"'", command)
	c.Env = append(os.Environ(), keepIn+"="+folder, "GOGC=off") // go run reads a thousand packages to find that nothing has changed
	if output, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", c, err, output)
	}
	return nil
}

func keep(program, folder string) error {
	to := filepath.Join(folder, filepath.Base(program))
	if os.Link(program, to) == nil {
		return nil
	}
	b, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}
