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
// decide, which are there whole although few are trained on; all are with LONG=1.
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
		training = append(training, "-limit", "6000")
	}
	for _, c := range []struct {
		command []string
		most    float64 // MB
	}{
		{[]string{"train-neuron"}, 40},
		{append([]string{"train-mlp"}, training...), 110},
		{append([]string{"train-mlp", "-out", t.TempDir()}, training...), 125},
		{append([]string{"train-cnn"}, training...), 115},
		{append([]string{"train-cnn", "-out", t.TempDir()}, training...), 140},
		{append([]string{"train-cnn", "-net", "lenet"}, training...), 130},
		{append([]string{"train-cnn", "-net", "lenet", "-out", t.TempDir()}, training...), 160},
		{[]string{"classify", filepath.Join(photo, "seven.png")}, 60},
	} {
		got := peak(t, c.command[0], c.command[1:]...)
		t.Logf("%4.0f MB  %v", got, c.command)
		if got > c.most {
			t.Errorf("%.0f MB, want at most %.0f", got, c.most)
		}
	}
}
