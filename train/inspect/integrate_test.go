package inspect_test

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/models/reference"
	"symgrad/train"
	"symgrad/train/inspect"
)

func integrator(t *testing.T, net *models.Network) *inspect.Integrator {
	t.Helper()
	i, err := inspect.NewIntegrator(net, train.OwnVM(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// backward takes one output's slope back by hand to what a layer gives, -1 for
// the input.
func backward(t *testing.T, byHand *reference.Network, x []float64, class, layer int) (out, slope []float64) {
	t.Helper()
	out, err := byHand.Forward(x, 1)
	if err != nil {
		t.Fatal(err)
	}
	slope = make([]float64, len(out))
	slope[class] = 1
	for k := len(byHand.Layers) - 1; k > layer; k-- {
		if slope, err = byHand.Layers[k].Backward(slope); err != nil {
			t.Fatal(err)
		}
	}
	return out, slope
}

// ring is a 0, drawn by formula.
func ring() []float64 {
	x := make([]float64, 784)
	for k := range x {
		away := math.Hypot(float64(k/28)-13.5, 1.4*(float64(k%28)-13.5)) - 8
		x[k] = max(0, 1-math.Abs(away)/2)
	}
	return x
}

// Completeness: the shares add up to the score, which is the difference of two
// forward passes by hand.
func TestIntegratedGradientsAreComplete(t *testing.T) {
	for _, spec := range presets() {
		t.Run(spec.Name, func(t *testing.T) {
			if spec.Name == models.LeNet().Name && os.Getenv("LONG") == "" {
				t.Skip("lenet takes as long as the others together; LONG=1 does it")
			}
			net := network(t, spec, tensor.Float32)
			for _, p := range net.Params {
				if p.Bias { // without, the slope is the same all along the way from zeros
					if err := p.Set(slices.Repeat([]float64{0.1, -0.1}, p.Len()/2)); err != nil {
						t.Fatal(err)
					}
				}
			}
			byHand, err := gradcheck.Reference(net)
			if err != nil {
				t.Fatal(err)
			}
			x, baseline := ring(), make([]float64, 784)
			if spec.Name == "mlp" { // from grey
				copy(baseline, slices.Repeat([]float64{0.5}, 784))
			}
			s, err := integrator(t, net).At(context.Background(), x, baseline, 3)
			if err != nil {
				t.Fatal(err)
			}
			end, _ := backward(t, byHand, x, 3, len(byHand.Layers))
			start, _ := backward(t, byHand, baseline, 3, len(byHand.Layers))
			sum := 0.0
			for _, v := range s.Values {
				sum += v
			}
			if want := end[3] - start[3]; !(math.Abs(s.Score-want) <= 1e-5*(1+math.Abs(want))) || !(math.Abs(sum-want) <= 1e-4*math.Abs(want)) || !(math.Abs(s.Gap-(s.Score-sum)) <= 1e-12) {
				t.Errorf("shares add up to %g, score %g, gap %g; by hand %g", sum, s.Score, s.Gap, want)
			}
		})
	}
}

// Pixel by pixel, the shares are the mean slope along the line by hand.
func TestIntegratedGradientsAgreeWithARiemannSum(t *testing.T) {
	for _, spec := range []models.Spec{
		models.Sequential([]int{2, 7, 6}, models.Conv2D{Maps: 3, Kernel: 3}, models.Tanh(), models.MeanPool{Size: 2}, models.Flatten{}, models.Dense{Out: 4}),
		models.MLP(9, 5, 3),
	} {
		net := network(t, spec, tensor.Float64)
		byHand, err := gradcheck.Reference(net)
		if err != nil {
			t.Fatal(err)
		}
		size := 1
		for _, d := range spec.Input {
			size *= d
		}
		to, from := noise(size), noise(2 * size)[size:]
		s, err := integrator(t, net).At(context.Background(), to, from, inspect.Answer)
		if err != nil {
			t.Fatal(err)
		}
		const steps = 5000
		want := make([]float64, size)
		for step := range steps {
			x := make([]float64, size)
			for k := range x {
				x[k] = from[k] + (to[k]-from[k])*(float64(step)+0.5)/steps
			}
			_, slope := backward(t, byHand, x, s.Chosen, -1)
			for k := range want {
				want[k] += slope[k] * (to[k] - from[k]) / steps
			}
		}
		for k := range want {
			if !(math.Abs(s.Values[k]-want[k]) <= 2e-4*math.Abs(s.Score)) {
				t.Errorf("%s, pixel %d: %g, by hand %g", spec.Name, k, s.Values[k], want[k])
			}
		}
	}
}

// tanh 3a - tanh 3b at a = b: whatever is missed of the one pixel makes up for what
// is missed of the other, and the score is zero.
func TestErrorsThatMakeUpForEachOther(t *testing.T) {
	net := network(t, models.Sequential([]int{2}, models.Dense{Out: 2}, models.Tanh(), models.Dense{Out: 2}), tensor.Float64)
	for k, v := range [][]float64{{3, 0, 0, 3}, {0, 0}, {1, 0, -1, 0}, {0, 0}} {
		if err := net.Params[k].Set(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range []float64{1, 0.999} {
		s, err := integrator(t, net).At(context.Background(), []float64{1, b}, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range []float64{math.Tanh(3), -math.Tanh(3 * b)} {
			if !(math.Abs(s.Values[k]-want) <= 1e-3) {
				t.Errorf("b = %g, pixel %d: %g, want %g; %v", b, k, s.Values[k], want, s)
			}
		}
	}
}

func TestWrongIntegrations(t *testing.T) {
	i := integrator(t, network(t, models.Small(), tensor.Float32))
	ctx, cancel := context.WithCancel(context.Background())
	for _, c := range []struct {
		numbers, baseline, class int
		want                     string
	}{
		{783, 783, 0, "inspect: 783 numbers given, want 784"},
		{784, 783, 0, "inspect: a baseline of 783 numbers for an input of 784"},
		{784, 784, 10, "inspect: output 10 of 10: count from 0"},
	} {
		if _, err := i.At(ctx, make([]float64, c.numbers), make([]float64, c.baseline), c.class); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	cancel()
	if _, err := i.At(ctx, noise(784), nil, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
