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

var errFault = errors.New("fault")

// faulty is a disk on which one operation, by its number, goes wrong: it fails, or
// it is a write that is cut short, or it is the last before the power goes.
type faulty struct {
	outdir.FS
	at, done int
	how      string
	off      bool   // there is no power any more
	look     func() // after every operation; may be nil
}

// fails counts an operation.
func (d *faulty) fails() bool {
	d.done++
	return d.off || d.done == d.at && d.how != "last"
}

func (d *faulty) over(err error) error {
	d.off = d.off || d.done == d.at && d.how == "last"
	if d.look != nil {
		d.look()
	}
	return err
}

func (d *faulty) Create(path string) (outdir.File, error) {
	if d.fails() {
		return nil, errFault
	}
	f, err := d.FS.Create(path)
	return faultyFile{f, d}, d.over(err)
}

func (d *faulty) Rename(from, to string) error {
	if d.fails() {
		return errFault
	}
	return d.over(d.FS.Rename(from, to))
}

func (d *faulty) Remove(path string) error {
	if d.fails() {
		return errFault
	}
	return d.over(d.FS.Remove(path))
}

func (d *faulty) SyncDir(path string) error {
	if d.fails() {
		return errFault
	}
	return d.over(d.FS.SyncDir(path))
}

type faultyFile struct {
	outdir.File
	disk *faulty
}

func (f faultyFile) Write(p []byte) (int, error) {
	if f.disk.fails() {
		n := 0
		if f.disk.how == "cut" && !f.disk.off {
			n, _ = f.File.Write(p[:len(p)/2])
		}
		return n, errFault
	}
	n, err := f.File.Write(p)
	return n, f.disk.over(err)
}

func (f faultyFile) Sync() error {
	if f.disk.fails() {
		return errFault
	}
	return f.disk.over(f.File.Sync())
}

func (f faultyFile) Close() error {
	bad := f.disk.fails()
	err := f.File.Close()
	if bad {
		return errFault
	}
	return f.disk.over(err)
}

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

// agree checks that best.safetensors is of the best epoch of the newer of the two,
// and gives the file to go on from, if there is one.
func agree(t *testing.T, dir string) string {
	t.Helper()
	lastPath, bestPath := filepath.Join(dir, last), filepath.Join(dir, best)
	_, behind, lastErr := checkpoint.Load(lastPath)
	_, ahead, bestErr := checkpoint.Load(bestPath)
	for _, err := range []error{lastErr, bestErr} {
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	switch {
	case lastErr != nil && bestErr != nil:
		return ""
	case lastErr != nil:
		return bestPath
	case bestErr != nil:
		t.Fatal("last, but no best")
	}
	newest := behind
	if len(ahead.History) == len(behind.History)+1 && begins(behind, ahead) {
		newest = ahead
	}
	if newest.Best().Number != ahead.Progress.Epoch {
		t.Fatalf("best is of epoch %d, want %d", ahead.Progress.Epoch, newest.Best().Number)
	}
	return lastPath
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
// that there is. What is left opens, its two checkpoints agree, every other file
// is whole, and the run goes on to the same bits.
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
	step := 1
	if testing.Short() {
		step = 13
	}
	for _, how := range []string{"fails", "cut", "last"} {
		for at := 1; at <= count.done; at += step {
			dir := filepath.Join(t.TempDir(), "run")
			err := trainOn(t, &faulty{FS: outdir.Disk(), at: at, how: how}, data, dir, "")
			if err == nil && how != "last" || err != nil && !strings.Contains(err.Error(), "fault") {
				t.Fatalf("operation %d %s: %v", at, how, err)
			}
			from := agree(t, dir)
			var again []string
			if from == "" {
				again = []string{"-force"}
			}
			if err := trainOn(t, nil, data, dir, from, again...); err != nil {
				t.Fatalf("after operation %d %s: %v", at, how, err)
			}
			agree(t, dir)
			same(t, dir, whole)
			wholeFiles(t, dir, whole)
			if t.Failed() {
				t.Fatalf("operation %d %s", at, how)
			}
		}
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
	d, err := outdir.Open(b, outdir.Disk())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := trainOn(t, nil, data, b, "", "-force"); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d, ", os.Getpid())) {
		t.Errorf("two at a time: %v", err)
	}
}
