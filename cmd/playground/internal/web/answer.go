package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"symgrad/cmd/playground/internal/lab"
)

func send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that left needs no answer
}

// answer is no content, or one line of what is wrong.
func answer(w http.ResponseWriter, err error) {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status, line := http.StatusBadRequest, err.Error()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, errNameless):
		status = http.StatusForbidden
	case errors.Is(err, errTurns):
		status, line = http.StatusServiceUnavailable, "Enough drawings change at the moment; try again in a few seconds."
	case errors.Is(err, lab.ErrNothing):
		status = http.StatusConflict
	case errors.Is(err, lab.ErrFull):
		status, line = http.StatusServiceUnavailable, "All places to train at are taken. One gets free when a training is done, reset or paused for too long; then press Start again."
	case errors.Is(err, lab.ErrWatched):
		status, line = http.StatusServiceUnavailable, "Too many pages watch already; this one tries again by and by."
	case errors.Is(err, lab.ErrClosed), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		status, line = http.StatusServiceUnavailable, "busy; try again"
	}
	http.Error(w, line, status)
}
