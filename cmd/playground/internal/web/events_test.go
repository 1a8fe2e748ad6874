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

// stream opens the event stream.
func (s site) stream(t *testing.T) *http.Response {
	t.Helper()
	answer, err := s.Client().Get(s.URL + "/api/train/events")
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
	answer := s.stream(t)
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
	s.lab.Close() // ends the stream, so that the server can shut down
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
}

func TestStreamsAreLimited(t *testing.T) {
	s := serve(t, "")
	var open []*http.Response
	for range 32 {
		open = append(open, s.stream(t))
	}
	refused := s.stream(t)
	body, _ := io.ReadAll(refused.Body)
	if refused.StatusCode != 503 || string(body) != "too many pages watch already\n" {
		t.Errorf("%d %q", refused.StatusCode, body)
	}
	open[0].Body.Close()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if answer := s.stream(t); answer.StatusCode == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a page that left still counts")
		}
	}
}
