package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	maxStreams = 32
	heartbeat  = 15 * time.Second
)

// events sends the state of the training whenever it changes, as server-sent
// events (WHATWG HTML, section 9.2): each holds all of it, so that none need be
// kept for a slow reader.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		http.Error(w, "too many pages watch already", http.StatusServiceUnavailable)
		return
	}
	changed, leave := s.Lab.Watch()
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	event, err := s.event()
	for err == nil {
		// A reader that takes nothing for this long is gone.
		_ = out.SetWriteDeadline(time.Now().Add(2 * heartbeat)) // not every writer has one
		if _, err = fmt.Fprint(w, event); err == nil {
			err = out.Flush()
		}
		if err != nil {
			return
		}
		select {
		case <-changed:
			event, err = s.event()
		case <-alive.C:
			event = ": still here\n\n"
		case <-s.Lab.Life():
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (s *server) event() (string, error) {
	text, err := json.Marshal(s.Lab.State())
	return "data: " + string(text) + "\n\n", err
}
