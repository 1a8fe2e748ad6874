package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"symgrad/cmd/playground/internal/lab"
)

const (
	maxStreams = 64
	heartbeat  = 15 * time.Second
)

// events sends the state of the visitor's training whenever it changes, as
// server-sent events (WHATWG HTML, section 9.2): each holds all of it, so that
// none need be kept for a slow reader.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		answer(w, lab.ErrWatched)
		return
	}
	l, leave, err := s.enter(r)
	if err != nil {
		answer(w, err)
		return
	}
	defer leave()
	changed, stop, err := l.Watch()
	if err != nil {
		answer(w, err)
		return
	}
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	next, err := event(l)
	for err == nil {
		// A reader that takes nothing for this long is gone.
		_ = out.SetWriteDeadline(time.Now().Add(2 * heartbeat)) // not every writer has one
		if _, err = fmt.Fprint(w, next); err == nil {
			err = out.Flush()
		}
		if err != nil {
			return
		}
		select {
		case <-changed:
			next, err = event(l)
		case <-alive.C:
			next = ": still here\n\n"
		case <-l.Life():
			return
		case <-r.Context().Done():
			return
		}
	}
}

func event(l *lab.Lab) (string, error) {
	text, err := json.Marshal(l.State())
	return "data: " + string(text) + "\n\n", err
}
