package web

import (
	"errors"
	"sync"
)

const (
	maxTurns     = 16 // drawings that change at a time
	visitorTurns = 2  // of one visitor: a page may be slow to leave the last one
)

var errTurns = errors.New("web: as many drawings change as may")

// turns counts what visitors have running.
type turns struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

func newTurns() *turns { return &turns{of: map[string]int{}} }

// take begins one; call done at its end.
func (t *turns) take(who string) (done func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == maxTurns || t.of[who] == visitorTurns {
		return nil, errTurns
	}
	t.all++
	t.of[who]++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.all--
		if t.of[who]--; t.of[who] == 0 {
			delete(t.of, who)
		}
	}, nil
}
