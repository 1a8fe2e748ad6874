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

	// soon is what maxSpins looks and being woken take at most: a helper that slept
	// no longer would have met its job by looking on.
	soon = 200 * time.Microsecond
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

// await returns the round once it is no longer the one seen.
func (w *workers) await(h *helper, seen uint32) uint32 {
	for look := range h.spins {
		if now := w.round.Load(); now != seen {
			h.learn(0)
			return now
		}
		pause(look)
	}
	asleep := time.Now()
	h.parked.Store(true)
	for w.round.Load() == seen {
		<-h.wake
	}
	h.parked.Store(false)
	h.learn(time.Since(asleep))
	return w.round.Load()
}

// learn makes a helper look twice as often the next time if its job came while it
// looked, or soon after, and half as often if it slept for long. (By misses alone a
// helper would stay at a few looks for ever once there were two long gaps, though
// the gaps that follow are short.)
func (h *helper) learn(slept time.Duration) {
	if slept < soon {
		h.spins = min(2*h.spins, maxSpins)
	} else {
		h.spins = max(h.spins/2, minSpins)
	}
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
