package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// start begins to train in the visitor's lab: {"rate": 0.02}.
func (s *server) start(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Rate float64 `json:"rate"`
	}
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10))
	body.DisallowUnknownFields()
	if err := body.Decode(&ask); err != nil {
		answer(w, fmt.Errorf("body: %w", err))
		return
	}
	if _, err := body.Token(); err != io.EOF {
		answer(w, errors.New("body: more than one JSON object"))
		return
	}
	lab, leave, err := s.enter(r)
	if err != nil {
		answer(w, err)
		return
	}
	defer leave()
	answer(w, lab.Start(ask.Rate))
}

func (s *server) pause(w http.ResponseWriter, r *http.Request) {
	lab, leave, err := s.enter(r)
	if err != nil {
		answer(w, err)
		return
	}
	defer leave()
	answer(w, lab.Pause())
}

func (s *server) reset(w http.ResponseWriter, r *http.Request) {
	lab, leave, err := s.enter(r)
	if err != nil {
		answer(w, err)
		return
	}
	defer leave()
	lab.Reset()
	answer(w, nil)
}
