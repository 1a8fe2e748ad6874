// Package web is the playground's page and what it asks the server for.
package web

import (
	"context"
	"embed"
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
	Labs *lab.Visitors
	Host string // that the server was told to listen on; may be empty
}

// patience is how long a request waits for its turn.
const patience = 10 * time.Second

type server struct {
	Config
	streams chan struct{} // a token for each event stream
	turns   *turns        // of drawings that change
}

// New is the playground, guarded: see [guard].
func New(c Config) http.Handler {
	s := &server{Config: c, streams: make(chan struct{}, maxStreams), turns: newTurns()}
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the name is in the program
	}
	mux := http.NewServeMux()
	served := http.FileServerFS(files)
	mux.Handle("GET /", served)
	mux.Handle("GET /{$}", named(served))
	mux.HandleFunc("POST /api/look", s.look)
	mux.HandleFunc("POST /api/become", s.become)
	mux.HandleFunc("GET /api/train/events", s.events)
	mux.HandleFunc("POST /api/train/start", s.start)
	mux.HandleFunc("POST /api/train/pause", s.pause)
	mux.HandleFunc("POST /api/train/reset", s.reset)
	return guard(mux, c.Host)
}

// look answers what the network makes of the picture in the body; ?class=N asks
// for the saliency of another digit than the answer.
func (s *server) look(w http.ResponseWriter, r *http.Request) {
	class, err := s.class(r)
	if err != nil {
		answer(w, err)
		return
	}
	picture, err := body(w, r)
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

// body is the picture that a request carries.
func body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	return io.ReadAll(http.MaxBytesReader(w, r.Body, looks.MaxBytes))
}

// class is the digit that a request names, or the answer's own.
func (s *server) class(r *http.Request) (int, error) {
	text := r.URL.Query().Get("class")
	if text == "" {
		return inspect.Answer, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n >= s.Pool.Outputs() {
		return 0, fmt.Errorf("class %q: want 0 to %d", text, s.Pool.Outputs()-1)
	}
	return n, nil
}
