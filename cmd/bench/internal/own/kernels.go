package own

import (
	"context"
	"math/rand/v2"
	"runtime"

	"symgrad/cmd/bench/internal/timing"
	"symgrad/train/vm/kernel/conv"
	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/gemm"
)

// Kernel is one inner loop at a shape of the networks' layers, at batch 64.
type Kernel struct {
	Name  string
	flops float64 // of one run: those that it does, no more
	run   func()
}

// Peak gives the GFLOP/s of a core that does nothing but multiply and add; zero
// where there is no assembly.
func Peak(ctx context.Context, plan timing.Plan) (timing.Spread, error) {
	const rounds = 1 << 14
	if cpu.Peak(1) == 0 {
		return timing.Spread{}, nil
	}
	return plan.Rate(ctx, cpu.Peak(1)*rounds/1e9, func() error { cpu.Peak(rounds); return nil })
}

// Rate gives a kernel's GFLOP/s on one core.
func (k Kernel) Rate(ctx context.Context, plan timing.Plan) (timing.Spread, error) {
	runtime.GOMAXPROCS(1)
	return plan.Rate(ctx, k.flops/1e9, func() error { k.run(); return nil })
}

const kernelBatch = 64

// Kernels lists them, with random operands.
func Kernels() ([]Kernel, error) {
	rng := rand.New(rand.NewPCG(1, 2))
	var all []Kernel
	for _, p := range []struct {
		name  string
		shape gemm.Shape
	}{
		{"product 512x512x512", gemm.Shape{M: 512, N: 512, K: 512}},
		{"M: dense 784-128", gemm.Shape{M: kernelBatch, N: 128, K: 784}},
		{"M: dense 784-128, dW", gemm.Shape{M: 784, N: 128, K: kernelBatch, TransA: true}},
		{"C1: dense 1440-128", gemm.Shape{M: kernelBatch, N: 128, K: 1440}},
		{"C1: dense 1440-128, dW", gemm.Shape{M: 1440, N: 128, K: kernelBatch, TransA: true}},
		{"C1: dense 1440-128, dX", gemm.Shape{M: kernelBatch, N: 1440, K: 128, TransB: true}},
	} {
		k, err := product(rng, p.name, p.shape)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	for _, c := range []struct {
		name    string
		shape   conv.Shape
		in, out conv.Layout
		first   bool // nobody asks for the gradient of the images
	}{
		{"C1: conv 10@5x5", conv.Shape{Channels: 1, Height: 28, Width: 28, Maps: 10, Kernel: [2]int{5, 5}}, conv.NCHW, conv.NCHW, true},
		{"C2: conv 32@3x3", conv.Shape{Channels: 1, Height: 28, Width: 28, Maps: 32, Kernel: [2]int{3, 3}}, conv.NCHW, conv.NHWC, true},
		{"C2: conv 64@3x3", conv.Shape{Channels: 32, Height: 13, Width: 13, Maps: 64, Kernel: [2]int{3, 3}}, conv.NHWC, conv.NCHW, false},
	} {
		k, err := convPool(rng, c.name, c.shape, c.in, c.out)
		if err != nil {
			return nil, err
		}
		if c.first {
			k = k[:2]
		}
		all = append(all, k...)
	}
	return all, nil
}

func product(rng *rand.Rand, name string, shape gemm.Shape) (Kernel, error) {
	p, err := gemm.New[float32](shape)
	if err != nil {
		return Kernel{}, err
	}
	a, b, c := random(rng, p.M*p.K), random(rng, p.K*p.N), make([]float32, p.M*p.N)
	work := make([]float32, p.WorkspaceLen())
	return Kernel{name, 2 * float64(p.M) * float64(p.N) * float64(p.K), func() { p.Run(work, c, a, b, nil, 0, p.M, 0, p.N) }}, nil
}

// convPool is a convolution with 2x2 max-pooling, forward and backward. The way
// back goes through the maxima alone, a quarter of the windows.
func convPool(rng *rand.Rand, name string, shape conv.Shape, in, out conv.Layout) ([]Kernel, error) {
	p, err := conv.NewPooled(shape, conv.Window{Size: [2]int{2, 2}}, in, out)
	if err != nil {
		return nil, err
	}
	w := random(rng, shape.Maps*shape.Channels*shape.Kernel[0]*shape.Kernel[1])
	bias := random(rng, shape.Maps)
	x, dz := random(rng, kernelBatch*p.ImageLen()), random(rng, kernelBatch*p.MapLen())
	y, arg, dx := make([]float32, len(dz)), make([]uint8, kernelBatch*p.ArgLen()), make([]float32, len(x))
	packed, packedInput := make([]float32, p.PackedLen()), make([]float32, p.PackedInputLen())
	acc, s := make([]float32, p.GradLen()), make([]float32, p.WorkspaceLen())
	p.Pack(packed, w)
	p.PackInput(packedInput, w)
	p.Forward(y, arg, x, packed, bias, s, 0, kernelBatch)
	back := 2 * float64(len(dz)) * float64(len(w)/shape.Maps)
	return []Kernel{
		{name + " and pooling", 4 * back, func() { p.Forward(y, arg, x, packed, bias, s, 0, kernelBatch) }},
		{name + " and pooling, dW", back, func() { p.BackwardWeights(acc, x, dz, arg, s, 0, kernelBatch) }},
		{name + " and pooling, dX", back, func() { p.BackwardInput(dx, dz, packedInput, arg, s, 0, kernelBatch) }},
	}, nil
}

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = rng.Float32() - 0.5
	}
	return x
}
