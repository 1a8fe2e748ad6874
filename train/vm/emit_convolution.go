package vm

import (
	"slices"

	"symgrad/train/vm/kernel/vec"
)

// shards is how many partial sums a convolution's weight gradient is made of,
// whatever the number of workers: that fixes the order of the additions.
const shards = 8

// sumLen is how many numbers of the partial sums are added as one piece.
const sumLen = 2048

// emitConvolution emits the fused convolutions and their gradients.
func emitConvolution(s *compiled[float32], v *value) error {
	b := blockOf(v)
	if err := b.prepare(); err != nil {
		return err
	}
	s.need(b.workspaceLen())
	switch op := v.op.(type) {
	case convolution:
		convolve(s, v, op.block)
	case weightGrad:
		weightGradInto(s, v, b.weightKernel())
	case eachGrad:
		eachGradInto(s, v, b.weightKernel())
	case inputGrad:
		if p := op.pooled; op.pools {
			inputGradInto(s, v, p.PackedInputLen(), p.PackInput, func(dx, dz, packed, work []float32, from, to int) {
				p.BackwardInput(dx, dz, packed, op.argmax, work, from, to)
			})
			break
		}
		inputGradInto(s, v, op.plain.PackedInputLen(), op.plain.PackInput, op.plain.BackwardInput)
	}
	return nil
}

// ofImages emits something on ranges of v's images, fixed ones, with workspace.
func ofImages(s *compiled[float32], v *value, run func(work []float32, from, to int)) {
	s.ranges(v, v.shape[0], 2*shards, func(worker, from, to int) { run(s.spaces[worker], from, to) })
}

func convolve(s *compiled[float32], v *value, b *block) {
	if p := b.plain; !b.pools {
		forwardInto(s, v, p.PackedLen(), p.Pack, p.Forward)
		return
	}
	p := b.pooled
	forwardInto(s, v, p.PackedLen(), p.Pack, func(y, x, packed, bias, work []float32, from, to int) {
		p.Forward(y, b.argmax, x, packed, bias, work, from, to)
	})
}

type forwardKernel func(y, x, packed, bias, work []float32, from, to int)

// forwardInto packs the weights and convolves ranges of images.
func forwardInto(s *compiled[float32], v *value, packedLen int, pack func(dst, w []float32), run forwardKernel) {
	y, x, w := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	bias := &slot[float32]{}
	if len(v.args) == 3 {
		bias = s.slot(v.args[2])
	}
	packed := make([]float32, packedLen)
	s.once(v, func(int) { pack(packed, w.data) })
	ofImages(s, v, func(work []float32, from, to int) {
		run(y.data, x.data, packed, bias.data, work, from, to)
	})
}

// weightKernel sums gradients of filters and biases over images.
type weightKernel struct {
	gradLen int // numbers of a sum
	unpack  func(dw, db, acc []float32)
	run     func(acc, x, dz, work []float32, from, to int) // adds to a sum
}

func (b *block) weightKernel() weightKernel {
	p := b.pooled
	if !b.pools {
		return weightKernel{b.plain.GradLen(), b.plain.UnpackGrad, b.plain.BackwardWeights}
	}
	return weightKernel{p.GradLen(), p.UnpackGrad, func(acc, x, dz, work []float32, from, to int) {
		p.BackwardWeights(acc, x, dz, b.argmax, work, from, to)
	}}
}

// weightGradInto sums the gradient over shards of images, each in its own
// accumulator, and then the shards in their order.
func weightGradInto(s *compiled[float32], v *value, k weightKernel) {
	images := v.args[0]
	dw, x, dz := s.slot(v), s.slot(images), s.slot(v.args[1])
	db := &slot[float32]{}
	if len(v.side) == 1 {
		db = s.slot(v.side[0])
	}
	batch := images.shape[0]
	pieces := min(batch, shards)
	s.sumShards(v, pieces, k.gradLen, func(worker, piece int, sum []float32) {
		k.run(sum, x.data, dz.data, s.spaces[worker], piece*batch/pieces, (piece+1)*batch/pieces)
	}, func(total []float32) { k.unpack(dw.data, db.data, total) })
}

// sumShards emits sums of n numbers, each piece's in an accumulator of its own, adds
// them in the pieces' order and hands over the total. The accumulators serve one
// instruction after the other.
func (c *compiled[F]) sumShards(v *value, pieces, n int, run func(worker, piece int, sum []F), take func(total []F)) {
	for i := range pieces {
		c.sums[i] = slices.Grow(c.sums[i][:0], n)
	}
	c.add(v, pieces, func(worker, piece int) {
		sum := c.sums[piece][:n]
		clear(sum)
		run(worker, piece, sum)
	})
	c.strips(v, n, sumLen, n, func(_, from, to int) {
		total := c.sums[0][from:to]
		for _, sum := range c.sums[1:pieces] {
			vec.Add(total, total, sum[from:to])
		}
	})
	c.once(v, func(int) { take(c.sums[0][:n]) })
}

// inputGradInto packs the weights and computes the gradient of ranges of images.
func inputGradInto(s *compiled[float32], v *value, packedLen int, pack func(dst, w []float32),
	run func(dx, dz, packed, work []float32, from, to int)) {
	dx, w, dz := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	packed := make([]float32, packedLen)
	s.once(v, func(int) { pack(packed, w.data) })
	ofImages(s, v, func(work []float32, from, to int) {
		run(dx.data, dz.data, packed, work, from, to)
	})
}
