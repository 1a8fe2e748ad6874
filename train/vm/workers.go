package vm

import (
	"runtime"
	"sync/atomic"
)

// workers runs the pieces of one job after another on a fixed number of
// goroutines, the caller's being the first. Between jobs they spin for a while,
// for the parallel parts of a step follow each other within microseconds, and
// then park.
type workers struct {
	count   int
	pieces  int // of the present job
	run     func(worker, piece int)
	round   atomic.Uint32 // counts jobs; a change starts one
	pending atomic.Int32  // workers that have not finished the job
	parked  []atomic.Bool
	wake    []chan struct{}
	running bool
	stop    bool
}

// spins is how often a worker looks for a job before it parks: some 50 us.
const spins = 1 << 15

// yieldEvery is how many looks pass between two yields of the processor.
const yieldEvery = 1 << 8

func newWorkers(count int) *workers {
	return &workers{count: count, parked: make([]atomic.Bool, count), wake: make([]chan struct{}, count)}
}

// do runs all pieces of a job. Each worker has a fixed share of them.
func (w *workers) do(pieces int, run func(worker, piece int)) {
	if w.count == 1 || pieces == 1 {
		for piece := range pieces {
			run(0, piece)
		}
		return
	}
	w.start()
	w.pieces, w.run = pieces, run
	w.pending.Store(int32(w.count - 1))
	w.round.Add(1)
	for i := 1; i < w.count; i++ {
		if w.parked[i].CompareAndSwap(true, false) {
			w.wake[i] <- struct{}{}
		}
	}
	w.share(0)
	for i := 1; w.pending.Load() != 0; i++ {
		if i%yieldEvery == 0 {
			runtime.Gosched()
		}
	}
}

// share runs worker i's pieces of the job.
func (w *workers) share(i int) {
	for piece := i * w.pieces / w.count; piece < (i+1)*w.pieces/w.count; piece++ {
		w.run(i, piece)
	}
}

func (w *workers) start() {
	if w.running {
		return
	}
	w.running = true
	seen := w.round.Load()
	for i := 1; i < w.count; i++ {
		w.wake[i] = make(chan struct{}, 1)
		go w.loop(i, seen)
	}
}

func (w *workers) loop(i int, seen uint32) {
	for {
		w.await(i, seen)
		seen++
		if w.stop {
			w.pending.Add(-1)
			return
		}
		w.share(i)
		w.pending.Add(-1)
	}
}

// await returns once the round is no longer the one seen.
func (w *workers) await(i int, seen uint32) {
	for spin := 1; ; spin++ {
		if w.round.Load() != seen {
			return
		}
		switch {
		case spin%spins == 0:
			w.parked[i].Store(true)
			if w.round.Load() == seen || !w.parked[i].CompareAndSwap(true, false) {
				<-w.wake[i]
			}
		case spin%yieldEvery == 0:
			runtime.Gosched()
		}
	}
}

// close ends the goroutines and waits for them.
func (w *workers) close() {
	if !w.running {
		return
	}
	w.running, w.stop = false, true
	w.pending.Store(int32(w.count - 1))
	w.round.Add(1)
	for i := 1; i < w.count; i++ {
		if w.parked[i].CompareAndSwap(true, false) {
			w.wake[i] <- struct{}{}
		}
	}
	for w.pending.Load() != 0 {
		runtime.Gosched()
	}
	w.stop = false
}
