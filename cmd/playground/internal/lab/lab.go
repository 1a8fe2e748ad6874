// Package lab trains small networks where visitors can watch: each visitor's is
// started, paused and reset by that visitor alone, with a state that can be read
// at any time.
package lab

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Phases of a training.
const (
	Idle    = "idle"
	Loading = "loading"
	Running = "running"
	Paused  = "paused"
	Ended   = "ended" // paused for too long
	Done    = "done"
	Failed  = "failed"
)

// Errors of the controls.
var (
	ErrClosed  = errors.New("lab: closed")
	ErrRate    = fmt.Errorf("lab: the learning rate must be above 0 and at most %d", maxRate)
	ErrNothing = errors.New("lab: nothing is being trained")
	ErrFull    = errors.New("lab: no place to train at is free")
	ErrWatched = errors.New("lab: watched by as many as may")
)

const maxRate = 10

// Lab is a visitor's, with one training at a time. Its methods are safe for
// concurrent use.
type Lab struct {
	sets    *sets
	places  chan struct{} // a token for each training, of all labs
	limits  Limits
	life    context.Context
	end     context.CancelFunc
	control sync.Mutex // one start, pause or reset at a time

	mu       sync.Mutex // of what follows
	state    State
	resume   chan struct{} // closed to go on; nil while not paused
	stop     context.CancelFunc
	stopped  chan struct{}
	watchers map[chan struct{}]bool
}

// Start begins a training at a learning rate, or goes on with a paused one at
// the rate that it has. A training has a place from its start to its end; with
// none free, Start is [ErrFull].
func (l *Lab) Start(rate float64) error {
	l.control.Lock()
	defer l.control.Unlock()
	if l.life.Err() != nil {
		return ErrClosed
	}
	if l.goesOn() {
		return nil
	}
	if !(rate > 0 && rate <= maxRate) {
		return ErrRate
	}
	l.halt() // it is over, but its place may not be free yet
	select {
	case l.places <- struct{}{}:
	default:
		return ErrFull
	}
	ctx, stop := context.WithCancel(l.life)
	stopped := make(chan struct{})
	l.update(func() {
		l.state = State{Phase: Loading, Rate: rate}
		l.stop, l.stopped, l.resume = stop, stopped, nil
	})
	go func() {
		defer close(stopped)
		defer stop()
		err := l.run(ctx, rate)
		<-l.places
		l.update(func() {
			switch {
			case ctx.Err() != nil: // reset or closed
			case errors.Is(err, errIdle): // which the state says already
			case err != nil:
				l.state.Phase, l.state.Error = Failed, err.Error()
			default:
				l.state.Phase = Done
			}
		})
	}()
	return nil
}

// goesOn tells whether there is a training, and resumes one that is paused.
func (l *Lab) goesOn() (on bool) {
	l.update(func() {
		switch l.state.Phase {
		case Loading, Running:
			on = true
		case Paused:
			on = true
			l.state.Phase = Running
			close(l.resume)
			l.resume = nil
		}
	})
	return on
}

// Pause stops after the present step until the next start.
func (l *Lab) Pause() error {
	l.control.Lock()
	defer l.control.Unlock()
	err := ErrNothing
	l.update(func() {
		switch l.state.Phase {
		case Running:
			l.state.Phase, l.resume, err = Paused, make(chan struct{}), nil
		case Paused:
			err = nil
		}
	})
	return err
}

// Reset ends the training and forgets it.
func (l *Lab) Reset() {
	l.control.Lock()
	defer l.control.Unlock()
	l.halt()
	l.update(func() { l.state, l.resume = State{Phase: Idle}, nil })
}

func (l *Lab) halt() {
	l.mu.Lock()
	stop, stopped := l.stop, l.stopped
	l.mu.Unlock()
	if stop != nil {
		stop()
		<-stopped
	}
}

// update changes the state and tells the watchers.
func (l *Lab) update(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	for w := range l.watchers {
		select {
		case w <- struct{}{}:
		default: // it has not looked at the last change yet
		}
	}
}

// Watch gives a channel that receives after changes, some of them merged; call
// the function when done. Done of [Lab.Life] says that no more will come. Too
// many at a time is [ErrWatched].
func (l *Lab) Watch() (changed <-chan struct{}, leave func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.watchers) >= l.limits.Watchers {
		return nil, nil, ErrWatched
	}
	w := make(chan struct{}, 1)
	l.watchers[w] = true
	return w, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watchers, w)
	}, nil
}

// Life ends when the lab is forgotten or all are closed.
func (l *Lab) Life() <-chan struct{} { return l.life.Done() }
