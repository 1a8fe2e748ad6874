package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"symgrad/data/mnist"
)

// peak runs a command to its end and gives the largest memory that it had, in
// MB, as the system saw it every few milliseconds.
func peak(t *testing.T, command string, args ...string) float64 {
	t.Helper()
	c := exec.Command(command, args...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	most := 0.0
	line := regexp.MustCompile(`VmHWM:\s*(\d+) kB`)
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%s %v: %v", command, args, err)
			}
			return most
		case <-look.C:
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
			if m := line.FindSubmatch(status); m != nil { // it may have ended
				kB, _ := strconv.ParseFloat(string(m[1]), 64)
				most = max(most, kB*1024/1e6)
			}
		}
	}
}

// The commands keep within what the README says of their memory. The images
// decide, which -data reads whole although few are trained on. With LONG=1 all
// are, and all commands run. Of the built-in ones no more are there than asked for.
func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is read from /proc")
	}
	photo := filepath.Join(t.TempDir(), "photos")
	if err := photos(photo); err != nil {
		t.Fatal(err)
	}
	training := []string{"-q", "-epochs", "1"}
	if os.Getenv("LONG") == "" {
		whole := filepath.Join(t.TempDir(), "mnist")
		if err := os.CopyFS(whole, mnist.Files()); err != nil {
			t.Fatal(err)
		}
		training = append(training, "-data", whole, "-limit", "600")
	}
	for _, c := range []struct {
		command []string
		most    float64 // MB
		long    bool    // only with LONG=1
	}{
		{[]string{"train-neuron"}, 40, true},
		{append([]string{"train-mlp"}, training...), 110, false},
		{append([]string{"train-mlp", "-out", t.TempDir()}, training...), 125, true},
		{append([]string{"train-cnn"}, training...), 115, true},
		{append([]string{"train-cnn", "-out", t.TempDir()}, training...), 140, true},
		{append([]string{"train-cnn", "-net", "lenet"}, training...), 130, true},
		{append([]string{"train-cnn", "-net", "lenet", "-out", t.TempDir()}, training...), 160, true},
		{[]string{"train-mlp", "-q", "-epochs", "1", "-limit", "600"}, 60, false},
		{[]string{"classify", filepath.Join(photo, "seven.png")}, 60, false},
	} {
		if c.long && os.Getenv("LONG") == "" {
			continue
		}
		got := peak(t, c.command[0], c.command[1:]...)
		t.Logf("%4.0f MB  %v", got, c.command)
		if got > c.most {
			t.Errorf("%.0f MB, want at most %.0f", got, c.most)
		}
	}
}
