package door_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"symgrad/cmd/playground/internal/door"
)

// serve answers /quick at once and /slow when told to, at most two at a time; begun
// says when it is asked for /slow.
func serve(t *testing.T) (address string, begun <-chan struct{}, answer chan<- struct{}) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := door.New(l, 2)
	told, asked := make(chan struct{}), make(chan struct{}, 8)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /quick", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /slow", func(http.ResponseWriter, *http.Request) { asked <- struct{}{}; <-told })
	s := &http.Server{Handler: d.Answer(mux), ConnState: d.State}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(d) }()
	t.Cleanup(func() {
		close(told)
		s.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String(), asked, told
}

type client struct {
	net.Conn
	*bufio.Reader
}

func dial(t *testing.T, address string) client {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return client{c, bufio.NewReader(c)}
}

func (c client) ask(path string) { fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path) }

// answered waits for an answer.
func (c client) answered(t *testing.T) {
	t.Helper()
	a, err := http.ReadResponse(c.Reader, nil)
	if err != nil || a.StatusCode != 200 {
		t.Fatal(a, err)
	}
}

func (c client) closed(t *testing.T) {
	t.Helper()
	if _, err := c.ReadByte(); !errors.Is(err, io.EOF) {
		t.Fatalf("still open: %v", err)
	}
}

// Idle connections make room, the longest idle first; those at work don't.
func TestIdleMakeRoom(t *testing.T) {
	address, begun, answer := serve(t)
	first, second := dial(t, address), dial(t, address)
	first.ask("/quick")
	first.answered(t)
	second.ask("/quick")
	second.answered(t)
	second.ask("/slow")
	<-begun // not idle any more
	third := dial(t, address)
	third.ask("/quick")
	third.answered(t)
	first.closed(t)
	answer <- struct{}{}
	second.answered(t)
}

// Who finds all at work waits until the first is done.
func TestWaiting(t *testing.T) {
	address, begun, answer := serve(t)
	busy := []client{dial(t, address), dial(t, address)}
	for _, c := range busy {
		c.ask("/slow")
		<-begun // before somebody waits, or its answer would be its last
	}
	late := dial(t, address)
	late.ask("/slow")
	for range 3 {
		answer <- struct{}{} // the third is taken by nobody until late is let in
	}
	late.answered(t)
	closed := 0
	for _, c := range busy {
		c.answered(t)
		c.ask("/quick")
		if a, err := http.ReadResponse(c.Reader, nil); err != nil {
			closed++
		} else if a.StatusCode != 200 {
			t.Error(a.Status)
		}
	}
	if closed != 1 {
		t.Errorf("%d connections made room for one", closed)
	}
}

// While somebody waits, answers say that they are their connection's last; a
// closed door lets nobody wait.
func TestFull(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := door.New(l, 0)
	last := func() bool {
		w := httptest.NewRecorder()
		d.Answer(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		return w.Code == 404 && w.Header().Get("Connection") == "close"
	}
	if last() {
		t.Error("nobody waits")
	}
	ended := make(chan error, 1)
	go func() { _, err := d.Accept(); ended <- err }()
	c := dial(t, l.Addr().String())
	for deadline := time.Now().Add(time.Minute); !last(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody is told")
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	_ = d.Close()
	if _, err := c.ReadByte(); err == nil {
		t.Error("let in")
	}
}
