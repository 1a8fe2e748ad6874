package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"symgrad/cmd/internal/app"
)

// TestMain is the playground itself where a test runs it as a program of its own,
// with half the patience unless LONG=1.
func TestMain(m *testing.M) {
	if os.Getenv("PLAYGROUND_UNDER_TEST") != "" {
		if os.Getenv("LONG") != "" {
			os.Exit(app.Main("playground", run))
		}
		os.Exit(app.Main("playground", patience{header: 5 * time.Second / 2, request: 5 * time.Second}.run))
	}
	os.Exit(m.Run())
}

// program is a playground in a process of its own.
type program struct {
	address string
	pid     int
	command *exec.Cmd
	idle    int // open files, at first
}

func start(t *testing.T) *program {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("memory and open files are counted in /proc")
	}
	c := exec.Command(os.Args[0], "-addr", "127.0.0.1:0")
	c.Env = append(os.Environ(), "PLAYGROUND_UNDER_TEST=1")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(line)
	if err != nil || address == "" {
		t.Fatal(line, err)
	}
	p := &program{address: address, pid: c.Process.Pid, command: c}
	p.see(t)
	p.idle = p.files(t)
	return p
}

// memory is a line of the process's status, in MB: VmRSS, now, VmHWM, the most
// that it had, or RssAnon, what is no part of the program's file.
func (p *program) memory(t *testing.T, line string) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		t.Fatal(err)
	}
	kB, err := strconv.Atoi(regexp.MustCompile(line + `:\s*(\d+) kB`).FindStringSubmatch(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return kB >> 10
}

func (p *program) files(t *testing.T) int {
	t.Helper()
	all, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// see is a visitor who draws a seven and gets an answer.
func (p *program) see(t *testing.T) {
	t.Helper()
	for tries := 0; ; tries++ {
		answer, err := http.Post("http://"+p.address+"/api/look", "image/png", bytes.NewReader(drawn()))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err == nil && answer.StatusCode == 200 && bytes.Contains(text, []byte(`"probabilities"`)) {
			http.DefaultClient.CloseIdleConnections()
			return
		}
		if answer.StatusCode != 503 || tries > 100 {
			t.Fatal(answer.Status, string(text), err)
		}
	}
}
