//go:build mpi && (linux || darwin)

package mpi

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

// world is MPI_COMM_WORLD.
type world struct {
	library    *library
	rank, size int
	timeout    time.Duration
	thread     chan func() // run on the thread that started MPI

	calls sync.Mutex // one call at a time: MPI_THREAD_SERIALIZED
	free  []*request
}

// request is an MPI_Request, which is 4 or 8 bytes long, and the answer of
// MPI_Test.
type request struct {
	handle uint64
	done   int32
	pin    runtime.Pinner
}

func (w *world) Rank() int { return w.rank }
func (w *world) Size() int { return w.size }

// Exchange sends out to one process and receives in from another at once; either
// may be empty.
func (w *world) Exchange(to int, out []byte, from int, in []byte) error {
	for len(out) > 0 || len(in) > 0 {
		a, b := out[:min(len(out), longest)], in[:min(len(in), longest)]
		out, in = out[len(a):], in[len(b):]
		if err := w.exchange(to, a, from, b); err != nil {
			return err
		}
	}
	return nil
}

// longest message, in bytes: MPI counts them in 32 bits.
const longest = 1 << 30

func (w *world) exchange(to int, out []byte, from int, in []byte) error {
	var sent, received *request
	var err error
	if len(in) > 0 {
		if received, err = w.begin(w.library.irecv, in, from); err != nil {
			return err
		}
	}
	if len(out) > 0 {
		if sent, err = w.begin(w.library.isend, out, to); err != nil {
			return err
		}
	}
	if err := w.finish(received, from); err != nil {
		return err
	}
	return w.finish(sent, to)
}

// tag of all messages: between two processes MPI keeps their order.
const tag = 0

func (w *world) begin(function uintptr, data []byte, with int) (*request, error) {
	w.calls.Lock()
	defer w.calls.Unlock()
	r := &request{}
	if n := len(w.free); n > 0 {
		r, w.free = w.free[n-1], w.free[:n-1]
	}
	r.handle, r.done = 0, 0
	r.pin.Pin(&data[0])
	return r, w.library.call(function, address(&data[0]), uintptr(len(data)), w.library.bytes, uintptr(with), tag, w.library.world, address(&r.handle))
}

// finish asks after a request until it is done: at once again at first, then
// after longer and longer sleeps, so that a process that waits leaves the
// processor to others.
func (w *world) finish(r *request, with int) error {
	if r == nil {
		return nil
	}
	began, pause := time.Now(), time.Microsecond
	for {
		done, err := w.test(r)
		if done || err != nil {
			return err
		}
		waited := time.Since(began)
		switch {
		case waited > w.timeout:
			return fmt.Errorf("mpi: rank %d waited %v for rank %d, which does not answer", w.rank, w.timeout, with)
		case waited < spin:
			runtime.Gosched()
		default:
			time.Sleep(pause)
			pause = min(2*pause, time.Millisecond)
		}
	}
}

// spin is how long a process asks again at once.
const spin = 100 * time.Microsecond

func (w *world) test(r *request) (bool, error) {
	w.calls.Lock()
	defer w.calls.Unlock()
	if err := w.library.call(w.library.test, address(&r.handle), address(&r.done), w.library.statusIgnore); err != nil {
		return false, err
	}
	if r.done == 0 {
		return false, nil
	}
	r.pin.Unpin()
	w.free = append(w.free, r)
	return true, nil
}
