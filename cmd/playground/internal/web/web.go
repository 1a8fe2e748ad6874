// Package web is the playground's page and what it asks the server for.
package web

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"symgrad/cmd/playground/internal/lab"
	"symgrad/cmd/playground/internal/looks"
	"symgrad/train/inspect"
)

//go:embed assets
var assets embed.FS

// Config is what the server works with.
type Config struct {
	Pool *looks.Pool
	Lab  *lab.Lab
	Host string // that the server was told to listen on; may be empty
}

// patience is how long a request waits for its turn.
const patience = 10 * time.Second

type server struct {
	Config
	streams chan struct{} // a token for each event stream
}

// New is the playground, guarded: see [guard].
func New(c Config) http.Handler {
	s := &server{Config: c, streams: make(chan struct{}, maxStreams)}
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the name is in the program
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("POST /api/look", s.look)
	mux.HandleFunc("GET /api/train/events", s.events)
	mux.HandleFunc("POST /api/train/start", s.start)
	mux.HandleFunc("POST /api/train/pause", func(w http.ResponseWriter, _ *http.Request) { answer(w, s.Lab.Pause()) })
	mux.HandleFunc("POST /api/train/reset", func(w http.ResponseWriter, _ *http.Request) { s.Lab.Reset(); answer(w, nil) })
	return guard(mux, c.Host)
}

// look answers what the network makes of the picture in the body; ?class=N asks
// for the saliency of another digit than the answer.
func (s *server) look(w http.ResponseWriter, r *http.Request) {
	class := inspect.Answer
	if text := r.URL.Query().Get("class"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 9 {
			answer(w, fmt.Errorf("class %q: want a digit", text))
			return
		}
		class = n
	}
	picture, err := io.ReadAll(http.MaxBytesReader(w, r.Body, looks.MaxBytes))
	if err != nil {
		answer(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	look, err := s.Pool.Look(ctx, picture, class)
	if err != nil {
		answer(w, err)
		return
	}
	send(w, look)
}

// start begins to train: {"rate": 0.02}.
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
	answer(w, s.Lab.Start(ask.Rate))
}

func send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that left needs no answer
}

// answer is no content, or one line of what is wrong.
func answer(w http.ResponseWriter, err error) {
	var large *http.MaxBytesError
	status := http.StatusBadRequest
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, lab.ErrNothing):
		status = http.StatusConflict
	case errors.Is(err, lab.ErrClosed), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		status, err = http.StatusServiceUnavailable, errors.New("busy; try again")
	}
	http.Error(w, err.Error(), status)
}
