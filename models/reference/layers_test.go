package reference

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestConvolutionByHand(t *testing.T) {
	image := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	c := NewConv2D(1, 1, Window{H: 3, W: 3, KH: 2, KW: 2, Stride: 1}, true)
	copy(c.Weight.Value, []float64{1, 0, 0, -1})
	c.Bias.Value[0] = 10
	out, err := c.Forward(image, 1)
	if err != nil || !slices.Equal(out, []float64{6, 6, 6, 6}) { // 1-5, 2-6, 4-8, 5-9, plus 10
		t.Errorf("%v, %v", out, err)
	}
	c.Window = Window{H: 3, W: 3, KH: 2, KW: 2, Stride: 2, Pad: 1}
	out, err = c.Forward(image, 1)
	if err != nil || !slices.Equal(out, []float64{9, 7, 3, 6}) { // -1, -3, -7, 5-9, plus 10
		t.Errorf("padded: %v, %v", out, err)
	}
}

func TestPoolingByHand(t *testing.T) {
	image := []float64{1, 9, 3, 4, 5, 9, 9, 8, 2} // the last row and column fill no window
	p := &Pool{Channels: 1, Window: Window{H: 3, W: 3, KH: 2, KW: 2, Stride: 2}}
	out, err := p.Forward(image, 1)
	if err != nil || !slices.Equal(out, []float64{9}) {
		t.Errorf("%v, %v", out, err)
	}
	if dinp := p.Backward([]float64{2}); !slices.Equal(dinp, []float64{0, 2, 0, 0, 0, 0, 0, 0, 0}) {
		t.Errorf("gradient %v", dinp)
	}
	tied, nan := &Pool{Channels: 1, Window: Window{H: 1, W: 3, KH: 1, KW: 3, Stride: 1}}, math.NaN()
	if _, err := tied.Forward([]float64{5, 5, 5}, 1); err != nil || !slices.Equal(tied.Backward([]float64{1}), []float64{1, 0, 0}) {
		t.Error("of equal maxima the first must get the gradient")
	}
	if out, _ := tied.Forward([]float64{5, nan, 7}, 1); !math.IsNaN(out[0]) || tied.Backward([]float64{1})[1] != 1 {
		t.Errorf("a NaN in the window gave %v", out)
	}
}

func TestDerivativesAtKinks(t *testing.T) {
	d := make([]float64, 1)
	if LeakyReLUBackward(d, []float64{1}, []float64{0}, 0.1); d[0] != 1 {
		t.Errorf("at 0 the derivative is %v, want 1", d[0])
	}
}

func TestCrossEntropyStaysFinite(t *testing.T) {
	logits, target := []float64{1000, -1000, 0}, []float64{0, 1, 0}
	if loss := SoftmaxCrossEntropyForward(logits, target, 1, 3); loss != 2000 {
		t.Errorf("loss %v, want 2000", loss)
	}
	d := make([]float64, 3)
	if SoftmaxCrossEntropyBackward(d, logits, target, 1, 3); !slices.Equal(d, []float64{1, -1, 0}) {
		t.Errorf("gradient %v", d)
	}
}

func TestErrorsNameLayerAndSizes(t *testing.T) {
	n := MLP("tanh", 3, 2, 2)
	if _, err := n.Forward(make([]float64, 4), 1); err == nil || err.Error() != "layer 1: reference: dense 3->2: 4 numbers come in, want 3" {
		t.Errorf("got %v", err)
	}
}

// Every layer's gradient, of parameters and input, against central differences.
func TestGradientsAgainstDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		C, H, W := rapid.IntRange(1, 2).Draw(t, "C"), rapid.IntRange(3, 6).Draw(t, "H"), rapid.IntRange(3, 6).Draw(t, "W")
		w := Window{H: H, W: W, KH: rapid.IntRange(1, 3).Draw(t, "KH"), KW: rapid.IntRange(1, 3).Draw(t, "KW"), Stride: rapid.IntRange(1, 2).Draw(t, "stride")}
		conv := w
		conv.Pad = rapid.IntRange(0, 1).Draw(t, "pad")
		kind := rapid.SampledFrom([]string{"sigmoid", "tanh", "leaky-relu", "softmax", "flatten", "dropout", "conv", "max", "mean"}).Draw(t, "layer")
		B, size := rapid.IntRange(1, 3).Draw(t, "B"), C*H*W
		var first Layer = &Pointwise{Kind: kind, Slope: 0.1, Row: size}
		width := size
		OH, OW := w.Out()
		switch kind {
		case "conv":
			first = NewConv2D(C, 2, conv, true)
			oh, ow := conv.Out()
			width = 2 * oh * ow
		case "max", "mean":
			first, width = &Pool{Channels: C, Window: w, Mean: kind == "mean"}, C*OH*OW
		case "dropout":
			mask := make([]float64, B*size)
			for i := range mask {
				mask[i] = float64(i%3) / 2
			}
			first = &Pointwise{Kind: kind, Mask: mask}
		}
		n := &Network{Layers: []Layer{first, NewDense(width, 3, true)}, L2: 0.1,
			Loss: rapid.SampledFrom([]Loss{HalfSquaredError, SoftmaxCrossEntropy}).Draw(t, "loss")}
		draw := newNumpy(rapid.Uint32().Draw(t, "seed"))
		for _, p := range n.Params() {
			draw.fill(p.Value)
		}
		x, y := make([]float64, B*size), make([]float64, B*3)
		draw.fill(x)
		draw.fill(y)
		for i := range x { // away from the kink at 0, and from ties
			x[i] += math.Copysign(0.01, x[i]) + float64(i)*1e-3
		}
		_, dx, err := n.LossAndGradients(x, y, B)
		if err != nil {
			t.Fatal(err)
		}
		grads := [][]float64{dx}
		values := [][]float64{x}
		for _, p := range n.Params() {
			grads, values = append(grads, slices.Clone(p.Grad)), append(values, p.Value)
		}
		for k, v := range values {
			for i := range v {
				old, h := v[i], 1e-5
				v[i] = old + h
				up, _ := n.LossOf(x, y, B)
				v[i] = old - h
				down, _ := n.LossOf(x, y, B)
				v[i] = old
				if numeric := (up - down) / (2 * h); math.Abs(numeric-grads[k][i]) > 1e-6*(1+math.Abs(numeric)) {
					t.Fatalf("%s: gradient %d of tensor %d is %v, difference %v", kind, i, k, grads[k][i], numeric)
				}
			}
		}
	})
}
