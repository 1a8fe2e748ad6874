package vm

import (
	"fmt"

	"symgrad/train/vm/kernel"
)

// shards is how many partial sums a convolution's weight gradient is made of,
// whatever the number of workers: that fixes the order of the additions.
const shards = 8

// sumLen is how many numbers of the partial sums are added as one piece.
const sumLen = 2048

// emitConvolution emits the fused convolutions and their gradients.
func emitConvolution(s *compiled[float32], v *value) error {
	switch op := v.op.(type) {
	case convPool:
		return convPoolInto(s, v, op.block)
	case convPoolWeightGrad:
		p := op.block.pooled
		weightGradInto(s, v, op.block, p.GradLen(), p.UnpackGrad, p.NewScratch, func(acc, x, dz []float32, scratch *kernel.ConvScratch, from, to int) {
			p.BackwardWeights(acc, x, dz, op.block.argmax, scratch, from, to)
		})
	case convPoolInputGrad:
		p := op.block.pooled
		inputGradInto(s, v, p.PackedInputLen(), p.PackInput, p.NewScratch, func(dx, dz, packed []float32, scratch *kernel.ConvScratch, from, to int) {
			p.BackwardInput(dx, dz, packed, op.block.argmax, scratch, from, to)
		})
	case conv:
		return convInto(s, v, op.block)
	case convWeightGrad:
		p := op.block.plain
		weightGradInto(s, v, op.block, p.GradLen(), p.UnpackGrad, p.NewScratch, p.BackwardWeights)
	case convInputGrad:
		p := op.block.plain
		inputGradInto(s, v, p.PackedInputLen(), p.PackInput, p.NewScratch, p.BackwardInput)
	default:
		return fmt.Errorf("no instruction for %T", v.op)
	}
	return nil
}

// ranges cuts a batch into fixed pieces.
func ranges(batch int) int { return min(batch, 2*shards) }

func convPoolInto(s *compiled[float32], v *value, b *block) (err error) {
	if b.pooled, err = kernel.NewConvPool(b.shape, b.window, b.in, b.out); err != nil {
		return err
	}
	batch := v.shape[0]
	p := b.pooled
	var argmax []uint8
	if b.backward {
		b.argmax = make([]uint8, batch*p.ArgLen())
		argmax = b.argmax
	}
	forwardInto(s, v, b, p.PackedLen(), p.Pack, p.NewScratch, func(y, x, packed, bias []float32, scratch *kernel.ConvScratch, from, to int) {
		p.Forward(y, argmax, x, packed, bias, scratch, from, to)
	})
	return nil
}

func convInto(s *compiled[float32], v *value, b *block) (err error) {
	if b.plain, err = kernel.NewConv(b.shape, b.in, b.out); err != nil {
		return err
	}
	p := b.plain
	forwardInto(s, v, b, p.PackedLen(), p.Pack, p.NewScratch, p.Forward)
	return nil
}

type forwardKernel func(y, x, packed, bias []float32, scratch *kernel.ConvScratch, from, to int)

// forward packs the weights and convolves ranges of images.
func forwardInto(s *compiled[float32], v *value, b *block, packedLen int, pack func(dst, w []float32), newScratch func() *kernel.ConvScratch, run forwardKernel) {
	y, x, w := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	bias := &slot[float32]{}
	if b.biases {
		bias = s.slot(v.args[2])
	}
	packed := make([]float32, packedLen)
	s.add(v, 1, func(int, int) { pack(packed, w.data) })
	batch, pieces := v.shape[0], ranges(v.shape[0])
	scratch := scratches(s, newScratch)
	s.add(v, pieces, func(worker, piece int) {
		run(y.data, x.data, packed, bias.data, scratch[worker], piece*batch/pieces, (piece+1)*batch/pieces)
	})
}

func scratches(s *compiled[float32], newScratch func() *kernel.ConvScratch) []*kernel.ConvScratch {
	all := make([]*kernel.ConvScratch, s.workers.count)
	for i := range all {
		all[i] = newScratch()
	}
	return all
}

// weightGrad sums the gradient over shards of images, each in its own
// accumulator, and then the shards in their order.
func weightGradInto(s *compiled[float32], v *value, b *block, gradLen int, unpack func(dw, db, acc []float32), newScratch func() *kernel.ConvScratch,
	run func(acc, x, dz []float32, scratch *kernel.ConvScratch, from, to int)) {
	dw, x, dz := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	db := &slot[float32]{}
	if b.db != nil {
		db = s.slot(b.db)
	}
	batch := v.args[0].shape[0]
	pieces := min(batch, shards)
	accs := make([][]float32, pieces)
	for i := range accs {
		accs[i] = make([]float32, gradLen)
	}
	scratch := scratches(s, newScratch)
	s.add(v, pieces, func(worker, piece int) {
		clear(accs[piece])
		run(accs[piece], x.data, dz.data, scratch[worker], piece*batch/pieces, (piece+1)*batch/pieces)
	})
	total := accs[0]
	parts := (gradLen + sumLen - 1) / sumLen
	s.add(v, parts, func(_, part int) {
		from, to := part*sumLen, min((part+1)*sumLen, gradLen)
		for _, acc := range accs[1:] {
			kernel.Add(total[from:to], total[from:to], acc[from:to])
		}
	})
	s.add(v, 1, func(int, int) { unpack(dw.data, db.data, total) })
}

// inputGrad packs the weights and computes the gradient of ranges of images.
func inputGradInto(s *compiled[float32], v *value, packedLen int, pack func(dst, w []float32), newScratch func() *kernel.ConvScratch,
	run func(dx, dz, packed []float32, scratch *kernel.ConvScratch, from, to int)) {
	dx, w, dz := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	packed := make([]float32, packedLen)
	s.add(v, 1, func(int, int) { pack(packed, w.data) })
	batch, pieces := v.shape[0], ranges(v.shape[0])
	scratch := scratches(s, newScratch)
	s.add(v, pieces, func(worker, piece int) {
		run(dx.data, dz.data, packed, scratch[worker], piece*batch/pieces, (piece+1)*batch/pieces)
	})
}
