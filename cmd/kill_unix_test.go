//go:build unix

package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"symgrad/train/checkpoint"
)

// A training is killed, without a warning, at KILLS random moments (3 where that
// is not set), as is what goes on from where it was. After each, its checkpoints
// and metrics are there and of one epoch, or none of them is; and a run that is
// let go on to its end leaves what one leaves that was never killed.
func TestKilledAnywhere(t *testing.T) {
	kills := 3
	if s := os.Getenv("KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	data, whole := filepath.Join(t.TempDir(), "few"), filepath.Join(t.TempDir(), "whole")
	if err := fewImages(data); err != nil {
		t.Fatal(err)
	}
	train := func(out string, more ...string) *exec.Cmd {
		return exec.Command("train-mlp", append([]string{"-workers", "1", "-q", "-out", out}, more...)...)
	}
	fresh := []string{"-data", data, "-hidden", "4", "-batch", "20", "-epochs", "30", "-validation", "20", "-lr", "0.3"}
	run := func(c *exec.Cmd) time.Duration {
		begin := time.Now()
		if output, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", c, err, output)
		}
		return time.Since(begin)
	}
	lasts := run(train(whole, fresh...))
	moments := rand.New(rand.NewPCG(1, 2))
	begun, killed, ended := 0, 0, 0
	for killed < kills {
		out := filepath.Join(t.TempDir(), "run")
		for lives := moments.IntN(12); ; lives-- {
			how := fresh
			if consistent(t, out) {
				how = []string{"-resume", filepath.Join(out, "last.safetensors")}
				begun++
			}
			c := train(out, how...)
			if lives == 0 {
				lasts = (7*lasts + run(c)) / 8 // the machine may be busy
				break
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(moments.Int64N(int64(lasts))))
			if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			if err := c.Wait(); err == nil {
				ended++ // before it was killed
			} else if killed++; killed%100 == 0 {
				t.Logf("%d killed", killed)
			}
		}
		if !consistent(t, out) {
			t.Fatalf("after %d kills: nothing is left of a run to its end", killed)
		}
		for _, name := range []string{"last.safetensors", "best.safetensors"} {
			same(t, filepath.Join(whole, name), filepath.Join(out, name))
		}
		if a, b := contents(t, filepath.Join(whole, "model.onnx")), contents(t, filepath.Join(out, "model.onnx")); !bytes.Equal(a, b) {
			t.Fatalf("after %d kills: model.onnx has other bits", killed)
		}
	}
	t.Logf("%d killed, %d were done before; %d went on from checkpoints", killed, ended, begun)
}

// consistent tells whether there are checkpoints and metrics of one epoch; some of
// them alone, or of different epochs, are a failure.
func consistent(t *testing.T, out string) bool {
	t.Helper()
	_, last, lastErr := checkpoint.Load(filepath.Join(out, "last.safetensors"))
	_, best, bestErr := checkpoint.Load(filepath.Join(out, "best.safetensors"))
	rows, rowsErr := os.ReadFile(filepath.Join(out, "metrics.csv"))
	if errors.Is(lastErr, os.ErrNotExist) && errors.Is(bestErr, os.ErrNotExist) && errors.Is(rowsErr, os.ErrNotExist) {
		return false
	}
	if err := errors.Join(lastErr, bestErr, rowsErr); err != nil {
		t.Fatal(err)
	}
	if want := last.Best().Number; best.Progress.Epoch != want || len(best.History) != want {
		t.Fatalf("best is of epoch %d, want %d", best.Progress.Epoch, want)
	}
	if n := bytes.Count(rows, []byte("\n")) - 1; n != len(last.History) {
		t.Fatalf("%d rows of metrics after %d epochs", n, len(last.History))
	}
	return true
}

// same compares the weights and the position of two checkpoints.
func same(t *testing.T, a, b string) {
	t.Helper()
	one, oneMeta, err := checkpoint.Load(a)
	two, twoMeta, err2 := checkpoint.Load(b)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if x, y := fmt.Sprint(oneMeta.Progress), fmt.Sprint(twoMeta.Progress); x != y {
		t.Fatalf("%s stands at %s, want %s", b, y, x)
	}
	for i, p := range one.Params {
		if x, y := fmt.Sprint(p.Float64s()), fmt.Sprint(two.Params[i].Float64s()); x != y {
			t.Fatalf("%s: %s is %s, want %s", b, p.Name, y, x)
		}
	}
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
