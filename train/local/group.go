// Package local has groups of goroutines that train one network together, as
// the processes of an MPI program do: for tests, and for measuring.
package local

import (
	"context"
	"fmt"

	"symgrad/train"
)

// Run calls f once for each rank of a group of the given size, each in a
// goroutine of its own. The first error ends all waiting of the others, and is
// returned when all have returned.
func Run(ctx context.Context, size int, f func(ctx context.Context, g train.Group) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pipes := make([][]chan []byte, size) // from, to
	for from := range pipes {
		pipes[from] = make([]chan []byte, size)
		for to := range pipes[from] {
			pipes[from][to] = make(chan []byte, 64)
		}
	}
	errs := make(chan error, size)
	for rank := range size {
		go func() {
			err := f(ctx, &group{ctx, rank, pipes})
			if err != nil {
				cancel(fmt.Errorf("rank %d: %w", rank, err))
			}
			errs <- err
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

type group struct {
	ctx   context.Context
	rank  int
	pipes [][]chan []byte
}

func (g *group) Rank() int { return g.rank }
func (g *group) Size() int { return len(g.pipes) }

func (g *group) Exchange(to int, out []byte, from int, in []byte) error {
	if len(out) > 0 {
		select {
		case g.pipes[g.rank][to] <- append([]byte(nil), out...):
		case <-g.ctx.Done():
			return context.Cause(g.ctx)
		}
	}
	if len(in) > 0 {
		select {
		case data := <-g.pipes[from][g.rank]:
			if copy(in, data) != len(in) || len(data) != len(in) {
				return fmt.Errorf("local: rank %d sent %d bytes to rank %d, which waits for %d", from, len(data), g.rank, len(in))
			}
		case <-g.ctx.Done():
			return context.Cause(g.ctx)
		}
	}
	return nil
}
