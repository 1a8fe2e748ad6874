package app

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/models"
	"symgrad/train/checkpoint"
)

// steps is a context that is cancelled when a trainer has asked it so many times:
// once before each step.
type steps struct {
	context.Context
	left int
}

func (s *steps) Err() error {
	if s.left--; s.left < 0 {
		return context.Canceled
	}
	return nil
}

// What an interrupted training says is true of where it stands: the mean loss of
// the examples trained on, or that an epoch was not begun.
func TestWhereItStopped(t *testing.T) {
	data := smallData(t) // two steps of 20 an epoch, 20 are kept aside
	for at, begins := range map[int]string{0: "stopped before epoch 1\n", 1: "stopped in epoch 1 at train loss "} {
		out := filepath.Join(t.TempDir(), "run")
		f := &Flags{Epochs: 3, Batch: 20, Optimizer: "momentum", Schedule: "cosine", Seed: 1, Dataset: "mnist", VM: "own", Workers: 1}
		var set flag.FlagSet
		f.Register(&set)
		f.RegisterImages(&set)
		if err := set.Parse([]string{"-data", data, "-validation", "20", "-lr", "0.1", "-q", "-out", out}); err != nil {
			t.Fatal(err)
		}
		spec := models.Sequential([]int{1, 8, 8}, models.Flatten{}, models.Dense{Out: 3})
		spec.Name = "tiny"
		var said bytes.Buffer
		if err := f.Classify(&steps{t.Context(), at}, &said, io.Discard, spec); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		_, meta, err := checkpoint.Load(filepath.Join(out, last))
		if err != nil || meta.Progress.Images != 20*at {
			t.Fatalf("%d images were trained on, want %d: %v", meta.Progress.Images, 20*at, err)
		}
		if at > 0 {
			mean := meta.Progress.Loss / float64(20*at)
			if begins += fmt.Sprintf("%.4f\n", mean); mean < 0.3 || mean > 3 {
				t.Errorf("the mean loss of a network that knows nothing is %g, want about ln 3", mean)
			}
		}
		if !strings.Contains(said.String(), begins) {
			t.Errorf("after %d steps: %q, want %q", at, said.String(), begins)
		}
	}
}
