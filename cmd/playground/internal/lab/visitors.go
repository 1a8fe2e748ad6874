package lab

import (
	"context"
	"sync"
	"time"
)

// Limits bound what visitors can take.
type Limits struct {
	Places   int           // trainings at a time, running or paused
	Watchers int           // of one lab
	Results  int           // labs, beyond which those that were left are forgotten
	Idle     time.Duration // how long a training may be paused, and a lab left
}

// Visitors gives each visitor a lab, which is kept while somebody is there and
// for a while after.
type Visitors struct {
	sets   sets
	limits Limits
	places chan struct{}
	life   context.Context
	end    context.CancelFunc

	mu   sync.Mutex
	labs map[string]*visited
}

// visited is a lab and who is there.
type visited struct {
	*Lab
	inside int
	left   time.Time // by the last one
}

// NewVisitors waits for the first visitor. load is called when a training needs
// what no other has loaded already.
func NewVisitors(load Load, limits Limits) *Visitors {
	life, end := context.WithCancel(context.Background())
	return &Visitors{sets: sets{load: load}, limits: limits, places: make(chan struct{}, limits.Places),
		life: life, end: end, labs: map[string]*visited{}}
}

// Enter leads a visitor to the lab of that name; call the function when done. A
// lab that was left with nothing in it, or for too long, is forgotten; so are the
// results that were left first, where there are too many.
func (v *Visitors) Enter(name string) (l *Lab, leave func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	here := v.labs[name]
	if here == nil {
		if len(v.labs) >= v.limits.Results {
			v.makeRoom()
		}
		life, end := context.WithCancel(v.life)
		here = &visited{Lab: &Lab{sets: &v.sets, places: v.places, limits: v.limits, life: life, end: end,
			state: State{Phase: Idle}, watchers: map[chan struct{}]bool{}}}
		v.labs[name] = here
	}
	here.inside++
	return here.Lab, sync.OnceFunc(func() { v.leave(name, here) })
}

func (v *Visitors) leave(name string, l *visited) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l.inside--; l.inside > 0 {
		return
	}
	if l.phase() == Idle || v.life.Err() != nil {
		v.forget(name, l)
		return
	}
	at := time.Now()
	l.left = at
	time.AfterFunc(v.limits.Idle, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if l.inside == 0 && l.left == at && v.labs[name] == l {
			v.forget(name, l)
		}
	})
}

// makeRoom forgets the results that were left first.
func (v *Visitors) makeRoom() {
	first := ""
	for name, l := range v.labs {
		if l.inside == 0 && !l.training() && (first == "" || l.left.Before(v.labs[first].left)) {
			first = name
		}
	}
	if first != "" {
		v.forget(first, v.labs[first])
	}
}

func (v *Visitors) forget(name string, l *visited) {
	delete(v.labs, name)
	l.end() // its training ends by itself
}

// Close ends every watcher's stream and every training, as soon as it has done
// its present step.
func (v *Visitors) Close() { v.end() }
