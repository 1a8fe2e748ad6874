package web_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"symgrad/cmd/playground/internal/lab"
)

// stream opens the event stream of a visitor's training.
func (s site) stream(t *testing.T, visitor string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("GET", s.URL+"/api/train/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", someone(visitor)[1])
	answer, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// states reads states until one is in the phase.
func states(t *testing.T, from *bufio.Scanner, phase string) (all []lab.State) {
	t.Helper()
	for from.Scan() {
		text, ok := strings.CutPrefix(from.Text(), "data: ")
		if !ok {
			continue
		}
		var s lab.State
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		if all = append(all, s); s.Phase == phase {
			return all
		}
	}
	t.Fatalf("the stream ended before %s: %v", phase, from.Err())
	return nil
}

func TestTrainingIsWatched(t *testing.T) {
	s := serve(t, "")
	answer := s.stream(t, "ME")
	if answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(answer.Header)
	}
	events := bufio.NewScanner(answer.Body)
	events.Buffer(nil, 1<<20)
	states(t, events, lab.Idle)
	if status, body, _ := s.ask(t, "POST", "/api/train/start", []byte(`{"rate": 0.05}`)); status != 204 {
		t.Fatal(status, body)
	}
	all := states(t, events, lab.Done)
	for i := 1; i < len(all); i++ {
		if all[i].Step < all[i-1].Step || len(all[i].Curve) < len(all[i-1].Curve) {
			t.Errorf("from step %d with %d points to %d with %d", all[i-1].Step, len(all[i-1].Curve), all[i].Step, len(all[i].Curve))
		}
	}
	if last := all[len(all)-1]; last.Step != 30 || last.Filters == nil {
		t.Errorf("at the end: %+v", last)
	}
	if status, _, _ := s.ask(t, "POST", "/api/train/reset", nil); status != 204 {
		t.Error(status)
	}
	states(t, events, lab.Idle)
	s.labs.Close() // ends the stream, so that the server can shut down
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
}

// A visitor's pages are limited, and so are all.
func TestStreamsAreLimited(t *testing.T) {
	s := serve(t, "")
	refused := func(visitor string) bool {
		answer := s.stream(t, visitor)
		if answer.StatusCode == 200 {
			return false
		}
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != 503 || !strings.HasPrefix(string(body), "Too many pages watch already") {
			t.Fatalf("%d %q", answer.StatusCode, body)
		}
		return true
	}
	var open []*http.Response
	for i := range 64 {
		open = append(open, s.stream(t, string(rune('A'+i/6))))
	}
	if !refused("NEW") {
		t.Error("65 streams at a time")
	}
	for _, left := range open[6:] {
		left.Body.Close()
	}
	for deadline := time.Now().Add(10 * time.Second); refused("NEW"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a page that left still counts")
		}
	}
	if !refused("A") {
		t.Error("seven streams of one visitor")
	}
}
