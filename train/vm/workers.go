package vm

import (
	"runtime/debug"
	"sync/atomic"
)

// workers run the pieces of one job after another on a fixed number of
// goroutines, the caller's being the first. Each begins with its share of the
// pieces, the same in every run so that its part of the data stays in its cache,
// and then takes what others have not begun: where another program holds a
// processor, nobody waits for a worker that has not started.
//
// Between jobs they look out for the next one, for as long as that has paid of
// late, and then sleep.
type workers struct {
	count   int
	current atomic.Pointer[job]
	round   atomic.Uint32 // counts jobs; a change starts one
	helpers []*helper     // all workers but the first
	running bool
	stop    atomic.Bool
	ended   chan struct{}
	panic   atomic.Pointer[workerPanic]
}

// job is what workers share of an instruction. It is written between rounds
// alone, when no piece of it is running.
type job struct {
	run    func(worker, piece int)
	shares []share
	done   atomic.Int32 // pieces
}

// share is a range of pieces that one worker begins with. Its round, its end and
// the first piece that nobody has begun are one number, so that a straggler of
// an earlier round cannot take a piece of this one.
type share struct {
	state atomic.Uint64
	_     [56]byte // a cache line each
}

const (
	pieceBits = 20
	maxPieces = 1<<pieceBits - 1
)

func (s *share) set(round uint32, next, end int) {
	s.state.Store(uint64(round)<<(2*pieceBits) | uint64(end)<<pieceBits | uint64(next))
}

// take gives a piece of the round that nobody has begun, and whether there is one.
func (s *share) take(round uint32) (int, bool) {
	for {
		state := s.state.Load()
		next, end := int(state&maxPieces), int(state>>pieceBits&maxPieces)
		if state>>(2*pieceBits) != uint64(round)&(1<<(64-2*pieceBits)-1) || next >= end {
			return next, false
		}
		if s.state.CompareAndSwap(state, state+1) {
			return next, true
		}
	}
}

// workerPanic is a panic in a piece, kept for the caller.
type workerPanic struct {
	cause any
	stack []byte
}

func newWorkers(count int) *workers {
	w := &workers{count: count}
	for range count - 1 {
		w.helpers = append(w.helpers, &helper{wake: make(chan struct{}, 1), spins: maxSpins})
	}
	return w
}

// do runs all pieces of a job, with no allocation once the job was run before.
func (w *workers) do(j *job, pieces int, run func(worker, piece int)) {
	if w.count == 1 || pieces == 1 || pieces > maxPieces {
		for piece := range pieces {
			run(0, piece)
		}
		return
	}
	w.start()
	if j.shares == nil {
		j.shares = make([]share, w.count)
	}
	round := w.next()
	j.run = run
	j.done.Store(0)
	for i := range j.shares {
		j.shares[i].set(round, i*pieces/w.count, (i+1)*pieces/w.count)
	}
	w.current.Store(j)
	w.begin(round)
	w.work(j, 0, round)
	for look := 0; int(j.done.Load()) < pieces; look++ {
		pause(look)
	}
	if p := w.panic.Swap(nil); p != nil {
		panic(p)
	}
}

// work runs pieces of a job's round until none is left that nobody has begun.
func (w *workers) work(j *job, worker int, round uint32) {
	for k := range w.count {
		s := &j.shares[(worker+k)%w.count]
		for piece, ok := s.take(round); ok; piece, ok = s.take(round) {
			w.piece(j, worker, piece)
		}
	}
}

// piece runs one piece; a panic is kept for the caller.
func (w *workers) piece(j *job, worker, piece int) {
	defer func() {
		if r := recover(); r != nil {
			w.panic.CompareAndSwap(nil, &workerPanic{r, debug.Stack()})
		}
		j.done.Add(1)
	}()
	j.run(worker, piece)
}

func (w *workers) start() {
	if w.running {
		return
	}
	w.running = true
	w.ended = make(chan struct{}, len(w.helpers))
	seen := w.round.Load()
	for i, h := range w.helpers {
		go w.loop(h, i+1, seen)
	}
}

func (w *workers) loop(h *helper, worker int, seen uint32) {
	for {
		seen = w.await(h, seen)
		if w.stop.Load() {
			w.ended <- struct{}{}
			return
		}
		w.work(w.current.Load(), worker, seen)
	}
}

// close ends the goroutines and waits for them.
func (w *workers) close() {
	if !w.running {
		return
	}
	w.running = false
	w.stop.Store(true)
	w.begin(w.next())
	for range w.helpers {
		<-w.ended
	}
	w.stop.Store(false)
}
