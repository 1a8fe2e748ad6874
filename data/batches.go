package data

import (
	"fmt"
	"math/rand/v2"
)

// Batches cuts the examples 0 to n-1 into batches, in an order that the seed
// and the number of the epoch decide alone: any batch of any epoch can be had
// on its own, so that training can go on in the middle of one.
type Batches struct {
	n, size int
	seed    uint64
	order   []int
	epoch   int // whose order this is; -1 for none
}

// NewBatches prepares batches of the given size over n examples.
func NewBatches(n, size int, seed uint64) (*Batches, error) {
	if n < 1 || size < 1 {
		return nil, fmt.Errorf("data: %d examples in batches of %d: both must be positive", n, size)
	}
	return &Batches{n: n, size: size, seed: seed, order: make([]int, n), epoch: -1}, nil
}

// Count is the number of batches in an epoch, the short last one included.
func (b *Batches) Count() int { return (b.n + b.size - 1) / b.size }

// At gives batch i of an epoch, both from 0: indices that the next call for
// another epoch overwrites. Every example stands in one batch of an epoch.
func (b *Batches) At(epoch, i int) []int {
	if b.epoch != epoch {
		for k := range b.order {
			b.order[k] = k
		}
		r := rand.New(rand.NewPCG(b.seed, uint64(epoch)))
		r.Shuffle(b.n, func(i, j int) { b.order[i], b.order[j] = b.order[j], b.order[i] })
		b.epoch = epoch
	}
	return b.order[i*b.size : min((i+1)*b.size, b.n)]
}

// Epoch yields the batches of an epoch in turn.
func (b *Batches) Epoch(epoch int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		for i := range b.Count() {
			if !yield(b.At(epoch, i)) {
				return
			}
		}
	}
}
