package reference

import (
	"math"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// numbers are n different ones, at least 0.02 apart and 0.01 from 0, so that a
// step of 1e-5 meets no kink and no tie; in an order that seed decides.
func numbers(seed uint32, n int) []float64 {
	key, order := make([]float64, n), make([]int, n)
	newNumpy(seed).fill(key)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(math.Copysign(1, key[a]-key[b])) })
	x := make([]float64, n)
	for i, rank := range order {
		x[i] = 0.02 * (float64(rank-n/2) + 0.5)
	}
	return x
}

// anyLayer draws a layer of the kind for a batch of B, and its input and output
// sizes.
func anyLayer(t *rapid.T, kind string, B int) (l Layer, in, out int) {
	small := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
	C, w := small("C", 1, 2), Window{H: small("H", 3, 6), W: small("W", 3, 6), KH: small("KH", 1, 3), KW: small("KW", 1, 3)}
	w.Strides = [2]int{small("stride down", 1, 3), small("stride across", 1, 3)}
	in = C * w.H * w.W
	switch bias := rapid.Bool().Draw(t, "bias"); kind {
	case "dense":
		out = small("out", 1, 4)
		return NewDense(in, out, bias), in, out
	case "conv":
		K := small("K", 1, 3)
		w.Pads = [2]int{small("pad down", 0, 2), small("pad across", 0, 2)}
		OH, OW := w.Out()
		return NewConv2D(C, K, w, bias), in, K * OH * OW
	case "max", "mean":
		OH, OW := w.Out()
		return &Pool{Channels: C, Window: w, Mean: kind == "mean"}, in, C * OH * OW
	}
	p := &Pointwise{Kind: kind, Slope: 0.1, Row: in}
	if kind == "dropout" {
		p.Mask = make([]float64, B*in)
		for i := range p.Mask {
			p.Mask[i] = 1.25 * float64(min(small("mask", 0, 4), 1))
		}
	}
	return p, in, in
}

// Every layer and loss, with the penalty: the gradients of parameters and input
// against central differences.
func TestGradientsAgainstDifferences(t *testing.T) {
	for _, kind := range []string{"dense", "conv", "max", "mean", "sigmoid", "tanh", "relu", "leaky-relu", "softmax", "dropout", "flatten"} {
		t.Run(kind, func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { differences(t, kind) }) })
	}
}

func differences(t *rapid.T, kind string) {
	B := rapid.IntRange(1, 3).Draw(t, "B")
	l, in, out := anyLayer(t, kind, B)
	n := &Network{Layers: []Layer{l}, L2: rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "L2"),
		Loss: rapid.SampledFrom([]Loss{HalfSquaredError, SoftmaxCrossEntropy}).Draw(t, "loss")}
	seed := rapid.Uint32().Draw(t, "seed")
	draw, x, y := newNumpy(seed), numbers(seed, B*in), make([]float64, B*out)
	draw.fill(y)
	for _, p := range n.Params() {
		draw.fill(p.Value)
	}
	_, dx, err := n.LossAndGradients(x, y, B)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, n, x, y, B, "input", x, dx, 1)
	for _, p := range n.Params() {
		compare(t, n, x, y, B, "parameter", p.Value, p.Grad, 1)
	}
}

// compare differences the loss in every nth element of values. Where a kink lies
// between the two ends of the step, the step is shortened.
func compare(t rapid.TB, n *Network, x, y []float64, B int, what string, values, grad []float64, every int) {
	t.Helper()
	for i := 0; i < len(values); i += every {
		old := values[i]
		at := func(v float64) (float64, []int) {
			values[i] = v
			loss, err := n.LossOf(x, y, B)
			if err != nil {
				t.Fatal(err)
			}
			return loss, sides(n)
		}
		numeric := math.NaN()
		for h := 1e-5; h > 5e-8 && math.IsNaN(numeric); h /= 10 {
			up, above := at(old + h)
			if down, below := at(old - h); slices.Equal(above, below) {
				numeric = (up - down) / (2 * h)
			}
		}
		values[i] = old
		if !(math.Abs(numeric-grad[i]) <= 1e-7*(1+math.Abs(numeric))) { // NaN too
			t.Fatalf("%s %d of %v: gradient %v, difference %v", what, i, n.Layers, grad[i], numeric)
		}
	}
}

// sides says on which side of its kinks every layer is: the signs of what goes
// into a ReLU, the winners of a max-pool.
func sides(n *Network) (s []int) {
	for _, l := range n.Layers {
		switch l := l.(type) {
		case *Pointwise:
			for _, v := range l.inp {
				if (l.Kind == "relu" || l.Kind == "leaky-relu") && v < 0 {
					s = append(s, -1)
				} else {
					s = append(s, 1)
				}
			}
		case *Pool:
			windows(l.b, l.Channels, l.Window, func(_ int, members []int) { s = append(s, argmax(l.inp, members)) })
		}
	}
	return s
}

// The whole networks, from fixed seeds, at elements spread over every parameter
// and the input.
func TestNetworksAgainstDifferences(t *testing.T) {
	for name, n := range map[string]*Network{"neuron": Neuron(3, true), "mlp": MLP("tanh", 5, 4, 3, 2), "relu mlp": MLP("relu", 5, 4, 3, 2),
		"tutorial": Tutorial(), "lenet": LeNet()} {
		t.Run(name, func(t *testing.T) {
			if name == "lenet" && os.Getenv("LONG") == "" {
				t.Skip("lenet takes a second: LONG=1 has it")
			}
			const B = 1
			n.L2 = 0.01
			draw := newNumpy(1)
			for _, p := range n.Params() {
				draw.fill(p.Value)
				for i := range p.Value {
					p.Value[i] *= 0.1 // so that the sigmoids are not flat
				}
			}
			in := 784
			if d, ok := n.Layers[0].(*Dense); ok {
				in = d.In
			}
			x := make([]float64, B*in)
			draw.fill(x)
			out, err := n.Forward(x, B)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			y := make([]float64, len(out))
			y[0], y[len(y)-1] = 1, 1
			_, dx, err := n.LossAndGradients(x, y, B)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			compare(t, n, x, y, B, name+" input", x, dx, len(x)/3)
			for _, p := range n.Params() {
				compare(t, n, x, y, B, name+" parameter", p.Value, p.Grad, 1+len(p.Value)/3)
			}
		})
	}
}
