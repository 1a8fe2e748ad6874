//go:build unix

package checkpoint_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// The tests run themselves again as a child that does one thing.
const childEnv = "SYMGRAD_CHECKPOINT_CHILD"

func TestMain(m *testing.M) {
	path := os.Getenv("SYMGRAD_CHECKPOINT_PATH")
	switch os.Getenv(childEnv) {
	case "":
		debug.SetGCPercent(400) // trainers come and go by the hundred
		os.Exit(m.Run())
	case "save for ever":
		for i := 1; ; i++ {
			if err := save(path, i); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			fmt.Println(i)
		}
	case "save to a full disk":
		// Writing behind this byte fails, as on a disk without room.
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			fmt.Println(err)
			os.Exit(2)
		}
		if err := save(path, 2); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// numbered is a network of 40 kB in which every weight, and the step, is i.
func numbered(i int) (*models.Network, checkpoint.Meta) {
	net := must(models.MLP(100, 90, 10).New(models.NewRand(1)))
	for _, p := range net.Params {
		w := p.Float64s()
		for j := range w {
			w[j] = float64(i)
		}
		if err := p.Set(w); err != nil {
			panic(err)
		}
	}
	return net, checkpoint.Meta{Progress: train.Progress{State: train.State{Optimizer: "sgd", Step: i}}}
}

func child(what, path string) *exec.Cmd {
	c := exec.Command(must(os.Executable()))
	c.Env = append(os.Environ(), childEnv+"="+what, "SYMGRAD_CHECKPOINT_PATH="+path)
	return c
}

// A process that saves without a pause is killed at 20 moments, with LONG=1 at
// 200. The file is always there, whole, and no older than what was reported as saved.
func TestKilledWhileSaving(t *testing.T) {
	path := filepath.Join(t.TempDir(), "last.safetensors")
	if err := save(path, 0); err != nil {
		t.Fatal(err)
	}
	moments := rand.New(rand.NewPCG(1, 2))
	cut, kills := 0, 20
	if os.Getenv("LONG") != "" {
		kills = 200
	}
	for range kills {
		c := child("save for ever", path)
		out := must(c.StdoutPipe())
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		lines.Scan() // it has saved once, and goes on
		saved := lines.Text()
		time.Sleep(time.Duration(moments.IntN(5000)) * time.Microsecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			saved = lines.Text()
		}
		_ = c.Wait() // killed
		net, meta, err := checkpoint.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		step := meta.Progress.State.Step
		if fmt.Sprint(step) != saved && fmt.Sprint(step-1) != saved {
			t.Fatalf("the file is of step %d, saved was %q", step, saved)
		}
		for _, p := range net.Params {
			for i, w := range p.Float64s() {
				if w != float64(step) {
					t.Fatalf("step %d: %s[%d] is %g", step, p.Name, i, w)
				}
			}
		}
		for _, left := range must(filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp"))) {
			cut++
			if err := os.Remove(left); err != nil {
				t.Fatal(err)
			}
		}
	}
	if cut == 0 {
		t.Error("no kill came while a file was being written")
	}
	if entries := must(os.ReadDir(filepath.Dir(path))); len(entries) > 1 {
		t.Errorf("%d files are left", len(entries))
	}
}

func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "last.safetensors")
	if err := save(path, 1); err != nil {
		t.Fatal(err)
	}
	out, err := child("save to a full disk", path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), path+" was not saved: write ") || !strings.Contains(string(out), "file too large") {
		t.Errorf("%v: %s", err, out)
	}
	_, meta, err := checkpoint.Load(path)
	if err != nil || meta.Progress.State.Step != 1 {
		t.Errorf("the older file: step %d, %v", meta.Progress.State.Step, err)
	}
	if len(must(os.ReadDir(filepath.Dir(path)))) != 1 {
		t.Error("half a file was left")
	}
}

func TestNoPlaceForTheFile(t *testing.T) {
	for want, path := range map[string]string{
		"no such file or directory": filepath.Join(t.TempDir(), "missing", "x"),
		"file exists":               t.TempDir(), // a directory stands there
	} {
		if err := save(path, 1); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "checkpoint: "+path+" was not saved") {
			t.Errorf("want %q, got %v", want, err)
		}
		if left := must(filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp"))); len(left) > 0 {
			t.Error("half a file was left")
		}
	}
}

func save(path string, i int) error {
	net, meta := numbered(i)
	return checkpoint.Save(path, net, meta)
}
