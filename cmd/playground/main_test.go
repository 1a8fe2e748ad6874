package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a command prints, readable while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// The end of the context, which is Ctrl-C, ends the server without an error,
// while a page still watches a training.
func TestCtrlC(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	var out output
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-addr", "127.0.0.1:0"}, &out, io.Discard) }()
	address := regexp.MustCompile(`http://127\.0\.0\.1:[1-9][0-9]*`)
	for deadline := time.Now().Add(10 * time.Second); !address.MatchString(out.String()); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no address: %q", out.String())
		}
	}
	url := address.FindString(out.String())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	if page, err := browser.Get(url); err != nil || page.Body.Close() != nil {
		t.Fatal(err)
	}
	stream, err := browser.Get(url + "/api/train/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if answer, err := browser.Post(url+"/api/train/start", "application/json", strings.NewReader(`{"rate": 0.02}`)); err != nil || answer.StatusCode != 204 {
		t.Fatal(answer, err)
	}
	interrupt()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("still running")
	}
	if _, err := io.ReadAll(stream.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	if _, err := browser.Get(url); err == nil {
		t.Error("still listening")
	}
}

func TestBadAddress(t *testing.T) {
	err := run(context.Background(), []string{"-addr", "300.0.0.1:99999"}, io.Discard, io.Discard)
	if err == nil || !strings.HasPrefix(err.Error(), "-addr 300.0.0.1:99999: ") || errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
