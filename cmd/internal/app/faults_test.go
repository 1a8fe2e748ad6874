package app

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/models"
	"symgrad/train/checkpoint"
	"symgrad/train/outdir"
)

// smallData is a directory of few and small images.
func smallData(t *testing.T) string {
	dir := t.TempDir()
	r := models.NewRand(1)
	for part, count := range map[string]int{"train": 60, "t10k": 20} {
		images, labels := []byte{0, 0, 8, 3, 0, 0, 0, byte(count), 0, 0, 0, 8, 0, 0, 0, 8}, []byte{0, 0, 8, 1, 0, 0, 0, byte(count)}
		for i := range count {
			labels = append(labels, byte(i%3))
			for range 64 {
				images = append(images, byte(i%3*40)+byte(100*r.Float64()))
			}
		}
		err := errors.Join(os.WriteFile(filepath.Join(dir, part+"-images-idx3-ubyte"), images, 0o600), os.WriteFile(filepath.Join(dir, part+"-labels-idx1-ubyte"), labels, 0o600))
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// trainOn trains a network of few weights for three epochs, or goes on with it.
func trainOn(t *testing.T, disk outdir.FS, data, out, resume string, more ...string) error {
	t.Helper()
	f := &Flags{Epochs: 3, Batch: 20, Optimizer: "momentum", Schedule: "cosine", Seed: 1, Dataset: "mnist", VM: "own", Workers: 1, disk: disk}
	var set flag.FlagSet
	f.Register(&set)
	f.RegisterImages(&set)
	args := append([]string{"-data", data, "-validation", "20", "-lr", "0.5", "-q", "-out", out}, more...)
	if resume != "" {
		args = []string{"-q", "-out", out, "-resume", resume}
	}
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	spec := models.Sequential([]int{1, 8, 8}, models.MeanPool{Size: 4}, models.Flatten{}, models.Dense{Out: 3})
	spec.Name = "tiny"
	return f.Classify(context.Background(), io.Discard, io.Discard, spec)
}

// agree checks that there are last.safetensors, best.safetensors of its best epoch
// and metrics.csv with its rows, or none of them, and tells which.
func agree(t *testing.T, dir string) bool {
	t.Helper()
	_, meta, lastErr := checkpoint.Load(filepath.Join(dir, last))
	_, bestMeta, bestErr := checkpoint.Load(filepath.Join(dir, best))
	table, tableErr := os.ReadFile(filepath.Join(dir, "metrics.csv"))
	missing := 0
	for _, err := range []error{lastErr, bestErr, tableErr} {
		if errors.Is(err, os.ErrNotExist) {
			missing++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if missing > 0 {
		if missing < 3 {
			t.Fatalf("not all are there: %v, %v, %v", lastErr, bestErr, tableErr)
		}
		return false
	}
	if want := meta.Best().Number; bestMeta.Progress.Epoch != want || !begins(bestMeta, meta) {
		t.Fatalf("best is of epoch %d, want %d", bestMeta.Progress.Epoch, want)
	}
	if rows := bytes.Count(table, []byte("\n")) - 1; rows != len(meta.History) {
		t.Fatalf("%d rows of metrics for %d epochs", rows, len(meta.History))
	}
	return true
}

func same(t *testing.T, a, b string) {
	t.Helper()
	for _, name := range []string{last, best} {
		one, _, err := checkpoint.Load(filepath.Join(a, name))
		two, _, err2 := checkpoint.Load(filepath.Join(b, name))
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		for i, p := range one.Params {
			if fmt.Sprint(p.Float64s()) != fmt.Sprint(two.Params[i].Float64s()) {
				t.Errorf("%s: %s has other bits", name, p.Name)
			}
		}
	}
}

// Every operation of a run's writing, in turn, fails, is cut short or is the last
// before the power goes. What is left opens and agrees, every other file is whole,
// and the run goes on to the same bits. All of them with LONG=1, else a share.
func TestEveryFault(t *testing.T) {
	t.Setenv("PATH", "") // without graphviz, whose own failures are not looked for here
	data, whole := smallData(t), filepath.Join(t.TempDir(), "whole")
	count := &faulty{FS: outdir.Disk(), look: func() { agree(t, whole) }}
	if err := trainOn(t, count, data, whole, ""); err != nil {
		t.Fatal(err)
	}
	_, meta, err := checkpoint.Load(filepath.Join(whole, last))
	if n := meta.Best().Number; err != nil || n == 1 {
		t.Fatalf("the best epoch is %d, want a later one: %v", n, err)
	}
	every := 149
	if os.Getenv("LONG") != "" {
		every = 1
	}
	for i, how := range []string{fails, cut, crash, lost, torn} {
		t.Run(how, func(t *testing.T) {
			for at := 1; at <= count.done; at++ {
				if at%every != i%every {
					continue
				}
				dir := filepath.Join(t.TempDir(), "run")
				err := trainOn(t, &faulty{FS: outdir.Disk(), at: at, how: how, graves: t.TempDir()}, data, dir, "")
				if err == nil && (how == fails || how == cut) || err != nil && !strings.Contains(err.Error(), "fault") {
					t.Fatalf("operation %d: %v", at, err)
				}
				from := ""
				if agree(t, dir) {
					from = filepath.Join(dir, last)
				}
				if err := trainOn(t, &faulty{FS: outdir.Disk()}, data, dir, from); err != nil {
					t.Fatalf("after operation %d: %v", at, err)
				}
				agree(t, dir)
				same(t, dir, whole)
				wholeFiles(t, dir, whole)
				if t.Failed() {
					t.Fatalf("operation %d", at)
				}
			}
		})
	}
}

// wholeFiles checks that nothing is missing or left over.
func wholeFiles(t *testing.T, dir, whole string) {
	t.Helper()
	list := func(dir string) (names []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	if a, b := fmt.Sprint(list(dir)), fmt.Sprint(list(whole)); a != b {
		t.Errorf("%s, want %s", a, b)
	}
}

// -resume into another directory takes the best along; -force leaves nothing of
// the run before; and until the first epoch is done that one is as it was.
func TestOtherDirectory(t *testing.T) {
	data := smallData(t)
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	if err := trainOn(t, nil, data, a, ""); err != nil {
		t.Fatal(err)
	}
	if err := trainOn(t, nil, data, b, filepath.Join(a, last)); err != nil {
		t.Fatal(err)
	}
	agree(t, b)
	same(t, a, b)
	before, err := os.ReadFile(filepath.Join(b, "metrics.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := trainOn(t, &faulty{FS: outdir.Disk(), at: 1}, data, b, "", "-force"); !errors.Is(err, errFault) {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(filepath.Join(b, "metrics.csv")); err != nil || !bytes.Equal(before, after) {
		t.Error("metrics.csv of the finished run was touched", err)
	}
	same(t, a, b)
	for at := 2; ; at++ { // until the first epoch is kept
		if err := trainOn(t, &faulty{FS: outdir.Disk(), at: at, how: fails}, data, b, "", "-force", "-seed", "2"); !errors.Is(err, errFault) {
			t.Fatalf("operation %d: %v", at, err)
		}
		agree(t, b)
		if _, meta, err := checkpoint.Load(filepath.Join(b, last)); err != nil || meta.Progress.Seed == 2 {
			if at < 10 || err != nil {
				t.Fatalf("operation %d: %v", at, err)
			}
			break
		}
		same(t, a, b)
	}
	d, err := outdir.Open(b, outdir.Disk())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := trainOn(t, nil, data, b, "", "-force"); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d, ", os.Getpid())) {
		t.Errorf("two at a time: %v", err)
	}
}
