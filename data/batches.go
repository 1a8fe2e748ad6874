package data

import (
	"fmt"
	"iter"
	"math/rand/v2"
)

// Batches cuts the examples 0 to n-1 into batches, in an order that the seed
// and the number of the epoch decide alone: any batch of any epoch can be had
// on its own, so that training can go on in the middle of one. It is not safe
// for concurrent use.
type Batches struct {
	n, size int
	seed    uint64
	source  *rand.PCG
	rand    *rand.Rand
	order   []int
	epoch   int // whose order this is; -1 for none
}

// NewBatches prepares batches of the given size over n examples.
func NewBatches(n, size int, seed uint64) (*Batches, error) {
	if n < 1 || size < 1 {
		return nil, fmt.Errorf("data: %d examples in batches of %d: both must be positive", n, size)
	}
	source := rand.NewPCG(seed, 0)
	return &Batches{n: n, size: size, seed: seed, source: source, rand: rand.New(source), order: make([]int, n), epoch: -1}, nil
}

// Count is the number of batches in an epoch, a short last one included.
func (b *Batches) Count() int { return (b.n-1)/b.size + 1 }

// At is batch i of an epoch, both from 0, as indices of examples; nil where
// there is no such batch. Every example is in exactly one batch of an epoch, and
// all batches but the last are full. The indices are not to be changed, and the
// next call for another epoch overwrites them.
func (b *Batches) At(epoch, i int) []int {
	if epoch < 0 || i < 0 || i >= b.Count() {
		return nil
	}
	if b.epoch != epoch {
		b.shuffle(epoch)
	}
	from := i * b.size
	to := min(from+b.size, b.n)
	return b.order[from:to:to]
}

// Epoch yields the batches of an epoch in turn, as [Batches.At] has them.
func (b *Batches) Epoch(epoch int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for i := range b.Count() {
			if batch := b.At(epoch, i); batch == nil || !yield(batch) {
				return
			}
		}
	}
}

func (b *Batches) shuffle(epoch int) {
	for i := range b.order {
		b.order[i] = i
	}
	b.source.Seed(b.seed, uint64(epoch))
	b.rand.Shuffle(b.n, func(i, j int) { b.order[i], b.order[j] = b.order[j], b.order[i] })
	b.epoch = epoch
}
