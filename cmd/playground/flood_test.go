package main

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"symgrad/cmd/internal/app"
)

// TestMain is the playground itself where a test runs it as a program of its own.
func TestMain(m *testing.M) {
	if os.Getenv("PLAYGROUND_UNDER_TEST") != "" {
		os.Exit(app.Main("playground", run))
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

// drawn is a stroke.
var drawn = sync.OnceValue(func() []byte {
	img := image.NewGray(image.Rect(0, 0, 200, 200))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := 30; y < 170; y++ {
		for x := 90; x < 110; x++ {
			img.SetGray(x, y, color.Gray{})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// flood sends what each of n connections has to say, all open at a time, and
// lets each be, until all have been answered or were closed by the server.
func (p *program) flood(t *testing.T, n int, say func(i int) string, meanwhile func()) (answers map[string]int) {
	t.Helper()
	answers = map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range n {
		c, err := net.Dial("tcp", p.address)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		all.Go(func() {
			defer c.Close()
			io.WriteString(c, say(i))
			line, _ := bufio.NewReader(c).ReadString('\n')
			mu.Lock()
			defer mu.Unlock()
			answers[strings.TrimSpace(strings.TrimPrefix(line, "HTTP/1.1 "))]++
		})
	}
	meanwhile()
	all.Wait()
	return answers
}

func post(path string, length int, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", path, length, body)
}

// by makes a request a visitor's.
func by(visitor int, request string) string {
	cookie := fmt.Sprintf("\r\nCookie: symgrad-visitor=%s%c%c%c\r\n\r\n", strings.Repeat("A", 23), 'A'+visitor%26, 'A'+visitor/26%26, 'A'+visitor/676%26)
	return strings.Replace(request, "\r\n\r\n", cookie, 1)
}

// Floods and bombs are answered or ended, a visitor is served meanwhile, and
// afterwards memory and open files are what they were. LONG=1 sends 10,000.
func TestFloods(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	many, few := 120, 24
	if os.Getenv("LONG") != "" { // see .ci/flood
		many, few = 10000, 1000
	}
	p := start(t)
	at, all := p.memory(t, "RssAnon"), bombs()
	see := func() { p.see(t) }
	for _, f := range []struct {
		name string
		n    int
		say  func(i int) string
	}{
		{"pictures", few, func(int) string { return post("/api/look", len(drawn()), string(drawn())) }},
		{"event streams", many, func(i int) string {
			return by(i, "GET /api/train/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		}},
		{"headers that never end", many, func(int) string { return "GET / HTTP/1.1\r\nHost: localhost\r\n" }},
		{"bodies that never end", few, func(int) string { return post("/api/look", 1<<18, strings.Repeat("x", 200000)) }},
		{"connections that say nothing", many, func(int) string { return "" }},
		{"drawings that change", few, func(i int) string {
			return by(i, post(fmt.Sprintf("/api/become?class=%d", i%10), len(drawn()), string(drawn())))
		}},
		{"starts", few, func(i int) string { return by(i, post("/api/train/start", 14, `{"rate": 0.02}`)) }},
		{"bombs", few, func(i int) string { return post("/api/look", len(all[i%len(all)]), all[i%len(all)]) }},
		{"resets", few, func(i int) string { return by(i, post("/api/train/reset", 0, "")) }},
	} {
		answers := p.flood(t, f.n, f.say, see)
		t.Logf("%d %s: %v; %d MB, at most %d so far", f.n, f.name, answers, p.memory(t, "VmRSS"), p.memory(t, "VmHWM"))
		see()
	}
	if most := p.memory(t, "VmHWM"); most > 400 {
		t.Errorf("%d MB were in use at a time", most)
	}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		now, files := p.memory(t, "RssAnon"), p.files(t)
		if now <= at+8 && files <= p.idle {
			t.Logf("%d MB at first, %d now; %d open files at first, %d now", at, now, p.idle, files)
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d MB at first, %d now; %d open files at first, %d now", at, now, p.idle, files)
		}
	}
}

// bombs are small files that would be large.
var bombs = sync.OnceValue(func() (all []string) {
	var b bytes.Buffer
	blank := image.NewGray(image.Rect(0, 0, 1000, 1000)) // 1 MB as 1 kB
	if err := png.Encode(&b, blank); err != nil {
		panic(err)
	}
	all = append(all, b.String(), strings.Replace(b.String(), "\x00\x00\x03\xe8\x00\x00\x03\xe8", "\x00\x00\x75\x30\x00\x00\x75\x30", 1)) // a broken sum, then 900 million pixels
	b.Reset()
	frames := &gif.GIF{}
	for range 1000 {
		frames.Image = append(frames.Image, image.NewPaletted(image.Rect(0, 0, 500, 500), color.Palette{color.Black, color.White}))
		frames.Delay = append(frames.Delay, 0)
	}
	if err := gif.EncodeAll(&b, frames); err != nil {
		panic(err)
	}
	all = append(all, b.String()[:min(b.Len(), 1<<18)])
	b.Reset()
	if err := jpeg.Encode(&b, blank, nil); err != nil {
		panic(err)
	}
	head, scan, _ := strings.Cut(strings.TrimSuffix(b.String(), "\xff\xd9"), "\xff\xda")
	return append(all, head+strings.Repeat("\xff\xda"+scan[:60], 4000)+"\xff\xd9", "II*\x00\xf0\xff\xff\xff")
})

// Ctrl-C ends a server at once that holds streams whose readers take nothing,
// bodies that never end and trainings.
func TestCtrlCInAFlood(t *testing.T) {
	p := start(t)
	for i := range 100 {
		c, err := net.Dial("tcp", p.address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		who := fmt.Sprintf("Cookie: symgrad-visitor=%s%c\r\n", strings.Repeat("A", 25), 'A'+i%20)
		switch {
		case i < 40:
			fmt.Fprintf(c, "GET /api/train/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n", who)
		case i < 60:
			fmt.Fprintf(c, "POST /api/train/start HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: 14\r\n\r\n{\"rate\": 0.02}", who)
		case i < 80:
			io.WriteString(c, post("/api/look", 1000, "x"))
		default:
			io.WriteString(c, "GET / HTTP/1.1\r\n")
		}
	}
	p.see(t)
	if err := p.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}
