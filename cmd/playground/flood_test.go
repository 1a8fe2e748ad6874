package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// flood opens n connections, sends what each has to say and lets it be. answered
// waits until all have been answered or were closed by the server.
func (p *program) flood(t *testing.T, n int, say func(i int) string) (answered func() map[string]int) {
	t.Helper()
	answers := map[string]int{}
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
	return func() map[string]int {
		all.Wait()
		return answers
	}
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
// afterwards memory and open files are what they were. What never ends is there
// while the others come. LONG=1 sends 10,000, one flood after the other.
func TestFloods(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	t.Parallel()
	endless, many, few, long := 100, 120, 6, os.Getenv("LONG") != ""
	if long { // see .ci/flood
		endless, many, few = 10000, 10000, 1000
	}
	p := start(t)
	at, all := p.memory(t, "RssAnon"), bombs()
	var last []func()
	for _, f := range []struct {
		name    string
		n       int
		say     func(i int) string
		endless bool // until the server ends it
	}{
		{"event streams", many, func(i int) string {
			return by(i, "GET /api/train/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		}, false},
		{"headers that never end", endless, func(int) string { return "GET / HTTP/1.1\r\nHost: localhost\r\n" }, true},
		{"bodies that never end", few, func(int) string { return post("/api/look", 1<<18, strings.Repeat("x", 200000)) }, true},
		{"connections that say nothing", endless, func(int) string { return "" }, true},
		{"pictures", few, func(int) string { return post("/api/look", len(drawn()), string(drawn())) }, false},
		{"drawings that change", few, func(i int) string {
			return by(i, post(fmt.Sprintf("/api/become?class=%d", i%10), len(drawn()), string(drawn())))
		}, false},
		{"starts", few, func(i int) string { return by(i, post("/api/train/start", 14, `{"rate": 0.02}`)) }, false},
		{"bombs", few, func(i int) string { return post("/api/look", len(all[i%len(all)]), all[i%len(all)]) }, false},
		{"resets", few, func(i int) string { return by(i, post("/api/train/reset", 0, "")) }, false},
	} {
		answered := p.flood(t, f.n, f.say)
		p.see(t)
		end := func() {
			answers := answered()
			t.Logf("%d %s: %v; %d MB, at most %d so far", f.n, f.name, answers, p.memory(t, "VmRSS"), p.memory(t, "VmHWM"))
			p.see(t)
		}
		if f.endless && !long {
			last = append(last, end)
			continue
		}
		end()
	}
	for _, end := range last {
		end()
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

// Ctrl-C ends a server at once that holds streams whose readers take nothing,
// bodies that never end and trainings.
func TestCtrlCInAFlood(t *testing.T) {
	t.Parallel()
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
