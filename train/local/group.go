// Package local has groups of goroutines that train one network together, as
// the processes of an MPI program do: for tests, and for measuring.
package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"symgrad/train"
)

// Run calls f once for each rank of a group of the given size, each in a
// goroutine of its own. The first error ends all waiting of the others, and is
// returned when all have returned. It is an error, too, if all wait for what
// nobody has sent.
func Run(ctx context.Context, size int, f func(ctx context.Context, g train.Group) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	all := &post{ctx: ctx, size: size, waits: make([]int, size), boxes: map[way][][]byte{}, news: make([]sync.Cond, size)}
	for rank := range size {
		all.waits[rank], all.news[rank].L = nobody, &all.mu
	}
	defer context.AfterFunc(ctx, all.end)()
	errs := make(chan error, size)
	for rank := range size {
		go func() {
			err := f(ctx, &group{all, rank})
			errs <- err // before those of the others whom it ends
			if err != nil {
				cancel(fmt.Errorf("rank %d: %w", rank, err))
			}
			all.leave(rank)
		}()
	}
	var first error
	for range size {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// post carries messages.
type post struct {
	ctx   context.Context
	mu    sync.Mutex
	size  int
	boxes map[way][][]byte // what was sent and not yet received
	waits []int            // for which rank each waits; or nobody, or gone
	news  []sync.Cond      // for each rank
	err   error            // why there will be no more
}

type way struct{ from, to int }

const nobody, gone = -1, -2

var errStuck = errors.New("local: every process waits for a message that none has sent")

// end lets nobody wait any longer.
func (p *post) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail()
}

func (p *post) fail() {
	if p.err == nil {
		p.err = cmp.Or(context.Cause(p.ctx), errStuck)
	}
	for rank := range p.news {
		p.news[rank].Broadcast()
	}
}

func (p *post) leave(rank int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waitFor(rank, gone)
}

// waitFor notes what a rank does, and ends it all if none can go on.
func (p *post) waitFor(rank, from int) {
	p.waits[rank] = from
	waiting := func(rank int) bool { return p.waits[rank] >= 0 && len(p.boxes[way{p.waits[rank], rank}]) == 0 }
	stuck := false
	for rank, from := range p.waits {
		if from != gone && !waiting(rank) {
			return
		}
		stuck = stuck || from != gone
	}
	if stuck {
		p.fail()
	}
}

func (p *post) send(w way, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boxes[w] = append(p.boxes[w], data)
	p.news[w.to].Signal()
}

func (p *post) receive(w way) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.err == nil && len(p.boxes[w]) == 0 {
		if p.waitFor(w.to, w.from); p.err == nil {
			p.news[w.to].Wait()
		}
	}
	p.waits[w.to] = nobody
	if p.err != nil {
		return nil, p.err
	}
	data := p.boxes[w][0]
	p.boxes[w] = slices.Delete(p.boxes[w], 0, 1)
	return data, nil
}

type group struct {
	all  *post
	rank int
}

func (g *group) Rank() int { return g.rank }
func (g *group) Size() int { return g.all.size }

func (g *group) Exchange(to int, out []byte, from int, in []byte) error {
	if len(out) > 0 {
		g.all.send(way{g.rank, to}, slices.Clone(out))
	}
	if len(in) > 0 {
		data, err := g.all.receive(way{from, g.rank})
		if err != nil {
			return err
		}
		if copy(in, data) != len(in) || len(data) != len(in) {
			return fmt.Errorf("local: rank %d sent %d bytes to rank %d, which waits for %d", from, len(data), g.rank, len(in))
		}
	}
	return nil
}
