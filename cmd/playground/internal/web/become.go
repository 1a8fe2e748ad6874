package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"symgrad/cmd/playground/internal/looks"
	"symgrad/train/inspect"
)

const (
	// perStep is how long a step is shown at least, to be watched.
	perStep = 70 * time.Millisecond
	// longest bounds all steps.
	longest = 20 * time.Second
)

// become changes the picture in the body until the network takes it for ?class=N,
// and sends a look for each step, as a line of JSON.
func (s *server) become(w http.ResponseWriter, r *http.Request) {
	class, err := s.class(r)
	if err == nil && class == inspect.Answer {
		err = errors.New("no class: say which digit it is to become")
	}
	if err != nil {
		answer(w, err)
		return
	}
	who := visitor(r)
	if who == "" {
		answer(w, errNameless)
		return
	}
	// Who is slow to send keeps no turn from others.
	picture, err := body(w, r)
	if err != nil {
		answer(w, err)
		return
	}
	done, err := s.turns.take(who)
	if err != nil {
		answer(w, err)
		return
	}
	defer done()
	ctx, cancel := context.WithTimeout(r.Context(), longest)
	defer cancel()
	out, lines, begun := http.NewResponseController(w), json.NewEncoder(w), false
	next := time.NewTimer(0)
	defer next.Stop()
	err = s.Pool.Become(ctx, picture, class, func(l looks.Look) error {
		select {
		case <-next.C:
			next.Reset(perStep)
		case <-ctx.Done():
			return ctx.Err()
		}
		if !begun {
			begun = true
			w.Header().Set("Content-Type", "application/x-ndjson")
		}
		if err := lines.Encode(l); err != nil {
			return err
		}
		return out.Flush()
	})
	if err != nil && !begun {
		answer(w, err)
	}
}
