package conv

import (
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// The layers of the tutorial and of lenet. GFLOP/s counts two operations for
// each product that a dense computation of the pooled windows needs: backward
// passes over the maxima alone do a quarter of it.
var convLayers = []struct {
	name    string
	shape   Shape
	in, out Layout
}{
	{"C1conv", Shape{Channels: 1, Height: 28, Width: 28, Maps: 10, Kernel: [2]int{5, 5}}, NCHW, NCHW},
	{"C2conv1", Shape{Channels: 1, Height: 28, Width: 28, Maps: 32, Kernel: [2]int{3, 3}}, NCHW, NHWC},
	{"C2conv2", Shape{Channels: 32, Height: 13, Width: 13, Maps: 64, Kernel: [2]int{3, 3}}, NHWC, NCHW},
}

func BenchmarkConvPool(b *testing.B) {
	const images = 64
	for _, l := range convLayers {
		p, err := NewPooled(l.shape, Window{Size: [2]int{2, 2}}, l.in, l.out)
		if err != nil {
			b.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		w := kerneltest.Random[float32](rng, l.shape.Maps*l.shape.Channels*l.shape.Kernel[0]*l.shape.Kernel[1])
		bias := kerneltest.Random[float32](rng, l.shape.Maps)
		x, dz := kerneltest.Random[float32](rng, images*p.ImageLen()), kerneltest.Random[float32](rng, images*p.MapLen())
		y, arg, dx := make([]float32, len(dz)), make([]uint8, images*p.ArgLen()), make([]float32, len(x))
		packed, packedInput := make([]float32, p.PackedLen()), make([]float32, p.PackedInputLen())
		acc, s := make([]float32, p.GradLen()), make([]float32, p.WorkspaceLen())
		p.Pack(packed, w)
		p.PackInput(packedInput, w)
		p.Forward(y, arg, x, packed, bias, s, 0, images)
		half := make([]float32, len(dz)) // as after a ReLU
		for i := range half {
			if rng.IntN(2) == 0 {
				half[i] = dz[i]
			}
		}
		flops := float64(2 * len(w) * 4 * len(p.corner))
		for name, run := range map[string]func(){
			"Forward":             func() { p.Forward(y, arg, x, packed, bias, s, 0, images) },
			"Predict":             func() { p.Forward(y, nil, x, packed, bias, s, 0, images) },
			"BackwardWeights":     func() { p.BackwardWeights(acc, x, dz, arg, s, 0, images) },
			"BackwardWeightsHalf": func() { p.BackwardWeights(acc, x, half, arg, s, 0, images) },
			"BackwardInput":       func() { p.BackwardInput(dx, dz, packedInput, arg, s, 0, images) },
			"BackwardInputHalf":   func() { p.BackwardInput(dx, half, packedInput, arg, s, 0, images) },
			"Pack":                func() { p.Pack(packed, w) },
			"PackInput":           func() { p.PackInput(packedInput, w) },
			"UnpackGrad":          func() { p.UnpackGrad(w, bias, acc) },
		} {
			b.Run(l.name+"/"+name, func(b *testing.B) { perImage(b, images, flops, run) })
		}
	}
}

func BenchmarkConv(b *testing.B) {
	const images = 64
	for _, l := range convLayers {
		c, err := New(l.shape, l.in, NHWC)
		if err != nil {
			b.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		w := kerneltest.Random[float32](rng, l.shape.Maps*l.shape.Channels*l.shape.Kernel[0]*l.shape.Kernel[1])
		x, dy := kerneltest.Random[float32](rng, images*c.ImageLen()), kerneltest.Random[float32](rng, images*c.MapLen())
		y, dx := make([]float32, len(dy)), make([]float32, len(x))
		packed, packedInput := make([]float32, c.PackedLen()), make([]float32, c.PackedInputLen())
		acc, s := make([]float32, c.GradLen()), make([]float32, c.WorkspaceLen())
		c.Pack(packed, w)
		c.PackInput(packedInput, w)
		flops := float64(2 * len(w) * c.outSize[0] * c.outSize[1])
		for name, run := range map[string]func(){
			"Forward":         func() { c.Forward(y, x, packed, nil, s, 0, images) },
			"BackwardWeights": func() { c.BackwardWeights(acc, x, dy, s, 0, images) },
			"BackwardInput":   func() { c.BackwardInput(dx, dy, packedInput, s, 0, images) },
		} {
			b.Run(l.name+"/"+name, func(b *testing.B) { perImage(b, images, flops, run) })
		}
	}
}

func perImage(b *testing.B, images int, flops float64, run func()) {
	for b.Loop() {
		run()
	}
	each := float64(b.Elapsed().Nanoseconds()) / float64(b.N*images)
	b.ReportMetric(each/1000, "us/image")
	b.ReportMetric(flops/each, "GFLOP/s")
	b.ReportMetric(0, "ns/op")
}
