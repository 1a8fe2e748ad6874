package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/fused"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// AVX-512 and the twins compute the bits of AVX2, NEON those of the twins, of
// whatever layer and whatever numbers.
func TestEveryLevelKeepsTheBits(t *testing.T) {
	if has == (cpu.Features{}) || !fused.Exact {
		t.Skip("there is nothing to compare")
	}
	first, levels := cpu.Features{AVX2: has.AVX2, NEON: has.NEON}, []cpu.Features{{}}
	if has.AVX512 {
		levels = append(levels, has)
	}
	rapid.Check(t, func(r *rapid.T) {
		s, window, in, out := drawLayer(r)
		seed, special := rapid.Uint64().Draw(r, "seed"), rapid.Bool().Draw(r, "special numbers")
		var want map[string][]float32
		with(first, func() { want = everything(r, s, window, in, out, randomNumbers(seed, special)) })
		for _, level := range levels {
			with(level, func() {
				for name, got := range everything(r, s, window, in, out, randomNumbers(seed, special)) {
					kerneltest.SameBits(r, fmt.Sprintf("%s with %+v", name, level), got, want[name])
				}
			})
		}
	})
}

// drawLayer draws layers for every path.
func drawLayer(t *rapid.T) (s Shape, w Window, in, out Layout) {
	s, in, out = drawShape(t), randomLayout(t, "in"), randomLayout(t, "out")
	s.Maps = rapid.OneOf(rapid.Just(s.Maps), rapid.IntRange(1, 150)).Draw(t, "many maps")
	path := rapid.SampledFrom([]poolPath{poolGeneric, poolTiles, poolPixels, poolTaps}).Draw(t, "path")
	if path == poolGeneric || path == poolTiles {
		s.Channels = rapid.OneOf(rapid.Just(s.Channels), rapid.Just(32), rapid.IntRange(1, 50)).Draw(t, "many channels")
		return s, drawWindow(t, s.Out()), in, out
	}
	s.Channels, s.Stride, s.Maps = 1, [2]int{}, max(s.Maps, 2)
	if path == poolTaps {
		s.Kernel, s.Maps, out = [2]int{3, 3}, up8(s.Maps), NHWC
	} else {
		s.Kernel[0], out = rapid.IntRange(1, 8).Draw(t, "tall filter"), NCHW
	}
	s.Height = s.Kernel[0] - 2*s.Pad[0] + rapid.IntRange(max(1, 2*s.Pad[0]-s.Kernel[0]+1), 12).Draw(t, "down")
	s.Width = s.Kernel[1] - 2*s.Pad[1] + 8*rapid.IntRange(1, 6).Draw(t, "across") - rapid.IntRange(0, 1).Draw(t, "even")
	return s, Window{Size: [2]int{2, 2}}, in, out
}

// specials are what arithmetic treats apart; products of the smallest are lost.
var specials = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Copysign(0, -1)), math.MaxFloat32, math.SmallestNonzeroFloat32}

// randomNumbers draws numbers, a third of them zeros and perhaps some special ones.
func randomNumbers(seed uint64, special bool) func(n int) []float32 {
	rng := rand.New(rand.NewPCG(seed, 2))
	return func(n int) []float32 {
		x := kerneltest.Random[float32](rng, n)
		for i := range x {
			if special && seed%2 == 0 {
				x[i] *= 0x1p-66 // products are too small to be normal
			}
			switch {
			case rng.IntN(3) == 0:
				x[i] = 0
			case special && rng.IntN(200) == 0:
				x[i] = specials[rng.IntN(len(specials))]
			}
		}
		return x
	}
}

// everything is what a layer computes, alone and with pooling, from numbers drawn
// and copied to memory between guards.
func everything(t kerneltest.T, s Shape, window Window, in, out Layout, draw func(n int) []float32) map[string][]float32 {
	const images = 2
	var g kerneltest.Guard
	defer g.Release(t)
	numbers := func(n int) []float32 {
		x := g.Floats(t, n)
		copy(x, draw(n))
		return x
	}
	all := map[string][]float32{}
	keep := func(name string, x []float32) { all[name] = append([]float32(nil), x...) }
	weights := s.Maps * s.Channels * s.Kernel[0] * s.Kernel[1]
	c, err := New(s, in, out)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPooled(s, window, in, out)
	if err != nil {
		t.Fatal(err)
	}
	w, bias, x := numbers(weights), numbers(s.Maps), numbers(images*c.ImageLen())
	dw, db, dx := g.Floats(t, weights), g.Floats(t, s.Maps), g.Floats(t, len(x))

	work, packed, packedInput, acc := g.Floats(t, c.WorkspaceLen()), g.Floats(t, c.PackedLen()), g.Floats(t, c.PackedInputLen()), g.Floats(t, c.GradLen())
	y, dy := g.Floats(t, images*c.MapLen()), numbers(images*c.MapLen())
	c.Pack(packed, w)
	c.PackInput(packedInput, w)
	c.Forward(y, x, packed, bias, work, 0, images)
	keep("y", y)
	c.BackwardInput(dx, dy, packedInput, work, 0, images)
	keep("dx", dx)
	clear(acc)
	c.BackwardWeights(acc, x, dy, work, 0, images)
	c.UnpackGrad(dw, db, acc)
	keep("dw", dw)
	keep("db", db)

	work, packed, packedInput, acc = g.Floats(t, p.WorkspaceLen()), g.Floats(t, p.PackedLen()), g.Floats(t, p.PackedInputLen()), g.Floats(t, p.GradLen())
	z, dz, arg := g.Floats(t, images*p.MapLen()), numbers(images*p.MapLen()), g.Bytes(t, images*p.ArgLen())
	p.Pack(packed, w)
	p.PackInput(packedInput, w)
	p.Forward(z, nil, x, packed, bias, work, 0, images)
	keep("prediction of the pooled", z)
	p.Forward(z, arg, x, packed, bias, work, 0, images)
	keep("pooled", z)
	p.BackwardInput(dx, dz, packedInput, arg, work, 0, images)
	keep("dx of the pooled", dx)
	clear(acc)
	p.BackwardWeights(acc, x, dz, arg, work, 0, images)
	p.UnpackGrad(dw, db, acc)
	keep("dw of the pooled", dw)
	keep("db of the pooled", db)
	positions := make([]float32, len(arg))
	for i, v := range arg {
		positions[i] = float32(v)
	}
	keep("argmax", positions)
	return all
}
