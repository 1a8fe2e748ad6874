package vm

import (
	"runtime"
	"sync/atomic"
	"time"
)

// helper is a goroutine besides the caller's.
type helper struct {
	parked atomic.Bool
	wake   chan struct{} // holds one call; one that comes too late only makes it look again
	spins  int           // how often it looks for a job before it sleeps
}

const (
	maxSpins   = 1 << 15 // looks for a job: some 50 us
	minSpins   = 1 << 9
	yieldEvery = 1 << 8  // looks between two yields of the processor
	patience   = 1 << 18 // looks for the end of a job before the caller sleeps a little
)

// next is a round's number that is not the last one's.
func (w *workers) next() uint32 { return w.round.Load() + 1 }

// begin starts a round and wakes the helpers that sleep. Who goes to sleep says
// so before it looks for the last time, and is asked after the round is there:
// one of the two sees the other.
func (w *workers) begin(round uint32) {
	w.round.Store(round)
	for _, h := range w.helpers {
		if h.parked.Load() {
			select {
			case h.wake <- struct{}{}:
			default: // was called before and is not up yet
			}
		}
	}
}

// await returns the round once it is no longer the one seen. A helper that was
// put to sleep looks out half as long the next time, one that was not, twice.
func (w *workers) await(h *helper, seen uint32) uint32 {
	for look := range h.spins {
		if now := w.round.Load(); now != seen {
			h.spins = min(2*h.spins, maxSpins)
			return now
		}
		pause(look)
	}
	h.spins = max(h.spins/2, minSpins)
	h.parked.Store(true)
	for w.round.Load() == seen {
		<-h.wake
	}
	h.parked.Store(false)
	return w.round.Load()
}

// pause is what passes between two looks at what another goroutine changes:
// mostly nothing.
func pause(look int) {
	if look%yieldEvery == yieldEvery-1 {
		giveWay(look)
	}
}

func giveWay(look int) {
	if look%patience == patience-1 { // whoever is waited for was interrupted
		time.Sleep(10 * time.Microsecond)
	} else {
		runtime.Gosched()
	}
}
