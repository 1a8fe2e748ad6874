package reference

import (
	"math"
	"slices"
	"testing"
)

// run puts one batch of one through a layer and back.
func run(t *testing.T, l Layer, inp, dout []float64) (out, dinp []float64) {
	t.Helper()
	out, err := l.Forward(inp, 1)
	if err != nil {
		t.Fatal(err)
	}
	if dinp, err = l.Backward(dout); err != nil {
		t.Fatal(err)
	}
	return out, dinp
}

func same(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestDenseByHand(t *testing.T) {
	d := NewDense(2, 3, true)
	copy(d.Weight.Value, []float64{1, 2, 3, 4, 5, 6})
	copy(d.Bias.Value, []float64{10, 20, 30})
	out, dinp := run(t, d, []float64{1, -1}, []float64{1, 0, 2})
	same(t, "output", out, 7, 17, 27) // 1-4+10, 2-5+20, 3-6+30
	same(t, "input's gradient", dinp, 7, 16)
	same(t, "weight's gradient", d.Weight.Grad, 1, 0, 2, -1, 0, -2)
	same(t, "bias's gradient", d.Bias.Grad, 1, 0, 2)
}

func TestConvolutionByHand(t *testing.T) {
	image := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	window := Window{H: 3, W: 3, KH: 2, KW: 2, Stride: 1}
	c := NewConv2D(1, 1, window, true)
	copy(c.Weight.Value, []float64{1, 0, 0, -1})
	c.Bias.Value[0] = 10
	out, dinp := run(t, c, image, []float64{1, 2, 3, 4})
	same(t, "output", out, 6, 6, 6, 6) // 1-5, 2-6, 4-8, 5-9, plus 10
	same(t, "input's gradient", dinp, 1, 2, 0, 3, 3, -2, 0, -3, -4)
	same(t, "weight's gradient", c.Weight.Grad, 37, 47, 67, 77) // 1*1+2*2+3*4+4*5, ...
	same(t, "bias's gradient", c.Bias.Grad, 10)

	c.Window = Window{H: 3, W: 3, KH: 2, KW: 2, Stride: 2, Pad: 1}
	out, dinp = run(t, c, image, []float64{1, 2, 3, 4})
	same(t, "padded output", out, 9, 7, 3, 6) // -1, -3, -7, 5-9, plus 10
	same(t, "padded input's gradient", dinp, -1, 0, -2, 0, 4, 0, -3, 0, -4)
	same(t, "padded weight's gradient", c.Weight.Grad, 20, 36, 36, 64) // 4*5, 3*4+4*6, 2*2+4*8, 1*1+2*3+3*7+4*9

	// Padding of one row and no column, one step down and two across: windows at
	// rows -1 to 2, column 0.
	c.Window = Window{H: 3, W: 3, KH: 2, KW: 2, Strides: [2]int{1, 2}, Pads: [2]int{1, 0}}
	out, dinp = run(t, c, image, []float64{1, 2, 3, 4})
	same(t, "uneven output", out, 8, 6, 6, 17) // 0-2, 1-5, 4-8, 7-0, plus 10
	same(t, "uneven input's gradient", dinp, 2, -1, 0, 3, -2, 0, 4, -3, 0)

	c.Window = Window{H: 3, W: 3, KH: 2, KW: 2, Stride: 2} // floor((3-2)/2)+1 = 1: the last row and column are in no window
	out, _ = run(t, c, image, []float64{1})
	same(t, "rounded down", out, 6)
}

func TestConvolutionSumsChannels(t *testing.T) {
	c := NewConv2D(2, 2, Window{H: 1, W: 2, KH: 1, KW: 1, Stride: 1}, false)
	copy(c.Weight.Value, []float64{1, 10, 100, 1000})
	out, dinp := run(t, c, []float64{1, 2, 3, 4}, []float64{1, 0, 0, 1})
	same(t, "output", out, 31, 42, 3100, 4200)
	same(t, "input's gradient", dinp, 1, 100, 10, 1000)
	same(t, "weight's gradient", c.Weight.Grad, 1, 3, 2, 4)
}

func TestPoolingByHand(t *testing.T) {
	odd := Window{H: 3, W: 5, KH: 2, KW: 2, Stride: 2} // the last row and column are in no window
	image := []float64{1, 9, 3, 4, 99, 5, 8, 7, 2, 99, 99, 99, 99, 99, 99}
	out, dinp := run(t, &Pool{Channels: 1, Window: odd}, image, []float64{2, 3})
	same(t, "max", out, 9, 7)
	same(t, "max's gradient", dinp, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0)
	out, dinp = run(t, &Pool{Channels: 1, Window: odd, Mean: true}, image, []float64{4, 8})
	same(t, "mean", out, 23.0/4, 4)
	same(t, "mean's gradient", dinp, 1, 1, 2, 2, 0, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0)

	overlapping := Window{H: 1, W: 3, KH: 1, KW: 2, Stride: 1} // one maximum for two windows
	_, dinp = run(t, &Pool{Channels: 1, Window: overlapping}, []float64{1, 5, 2}, []float64{10, 100})
	same(t, "shared maximum's gradient", dinp, 0, 110, 0)
}

func TestPoolingTiesAndNaN(t *testing.T) {
	p := &Pool{Channels: 1, Window: Window{H: 2, W: 2, KH: 2, KW: 2, Stride: 1}}
	for want, image := range [][]float64{{5, 5, 5, 5}, {1, 5, 5, 5}, {1, 2, 5, 5}, {1, 2, 3, 5}} {
		_, dinp := run(t, p, image, []float64{1})
		if dinp[want] != 1 {
			t.Errorf("%v: gradient %v, want it all in the first maximum", image, dinp)
		}
	}
	nan := math.NaN()
	for want, image := range [][]float64{{nan, 9, 9, 9}, {1, nan, 9, nan}, {9, 1, nan, 1}, {1, 2, 3, nan}} {
		out, dinp := run(t, p, image, []float64{1})
		if !math.IsNaN(out[0]) || dinp[want] != 1 {
			t.Errorf("%v: output %v, gradient %v", image, out, dinp)
		}
	}
}

func TestDerivativesAtKinks(t *testing.T) {
	inp, dout := []float64{-2, math.Copysign(0, -1), 0, 3}, []float64{1, 1, 1, 1}
	out, dinp := run(t, &Pointwise{Kind: "relu"}, inp, dout)
	same(t, "relu", out, 0, 0, 0, 3)
	same(t, "relu's derivative", dinp, 0, 1, 1, 1)
	out, dinp = run(t, &Pointwise{Kind: "leaky-relu", Slope: 0.25}, inp, dout)
	same(t, "leaky relu", out, -0.5, 0, 0, 3)
	same(t, "leaky relu's derivative", dinp, 0.25, 1, 1, 1)
}

func TestDropoutByHand(t *testing.T) {
	out, dinp := run(t, &Pointwise{Kind: "dropout", Mask: []float64{0, 2, 2}}, []float64{1, 2, 3}, []float64{5, 6, 7})
	same(t, "output", out, 0, 4, 6)
	same(t, "gradient", dinp, 0, 12, 14)
}

func TestSoftmaxByHand(t *testing.T) {
	ln2 := math.Log(2)
	out, dinp := run(t, &Pointwise{Kind: "softmax", Row: 2}, []float64{ln2 + 1000, 1000}, []float64{3, 0})
	for i, want := range []float64{2. / 3, 1. / 3} {
		if !(math.Abs(out[i]-want) <= 1e-12) || !(math.Abs(dinp[i]-[]float64{2. / 3, -2. / 3}[i]) <= 1e-12) { // p0 (3 - 2), p1 (0 - 2)
			t.Errorf("softmax %v, gradient %v", out, dinp)
		}
	}
}

func TestCrossEntropyStaysFinite(t *testing.T) {
	logits, target := []float64{1000, -1000, 0, -1000, 1000, 0}, []float64{0, 1, 0, 0, 1, 0}
	if loss := SoftmaxCrossEntropyForward(logits, target, 2, 3); loss != 1000 { // the mean of 2000 and 0
		t.Errorf("loss %v, want 1000", loss)
	}
	d := make([]float64, 6)
	SoftmaxCrossEntropyBackward(d, logits, target, 2, 3)
	same(t, "gradient", d, 0.5, -0.5, 0, 0, 0, 0)
}

func TestHalfSquaredErrorIsASum(t *testing.T) {
	if loss := HalfSquaredErrorForward([]float64{1, 2, 3, 4}, []float64{0, 0, 1, 1}); loss != 9 { // (1+4+4+9)/2
		t.Errorf("loss %v, want 9", loss)
	}
}

// What the result slices held before does not matter.
func TestBackwardOverwrites(t *testing.T) {
	three := func() []float64 { return []float64{7, math.NaN(), math.Inf(1)} }
	inp, dout, w := []float64{1, 2, 3}, []float64{1, 1, 1}, Window{H: 1, W: 3, KH: 1, KW: 1, Stride: 1}
	dinp, dweight, dbias := three(), three()[:1], three()[:1]
	DenseBackward(dinp, dweight, dbias, dout, inp, []float64{2}, 3, 1, 1)
	same(t, "dense", slices.Concat(dinp, dweight, dbias), 2, 2, 2, 6, 3)
	dinp, dweight, dbias = three(), three()[:1], three()[:1]
	Conv2DBackward(dinp, dweight, dbias, dout, inp, []float64{2}, 1, 1, 1, w)
	same(t, "conv", slices.Concat(dinp, dweight, dbias), 2, 2, 2, 6, 3)
	dinp = three()
	MaxPoolBackward(dinp, dout, inp, 1, 1, w)
	same(t, "max", dinp, 1, 1, 1)
	dinp = three()
	MeanPoolBackward(dinp, dout, 1, 1, w)
	same(t, "mean", dinp, 1, 1, 1)
}

func TestPenaltyLeavesBiasesOut(t *testing.T) {
	n := &Network{Layers: []Layer{NewDense(1, 2, true)}, L2: 0.5}
	copy(n.Params()[0].Value, []float64{2, -4})
	copy(n.Params()[1].Value, []float64{7, 8})
	loss, _, err := n.LossAndGradients([]float64{0}, []float64{7, 8}, 1) // the error itself is 0
	if err != nil || loss != 5 {                                         // 0.25 (4 + 16)
		t.Errorf("loss %v, want 5; %v", loss, err)
	}
	same(t, "weight's gradient", n.Params()[0].Grad, 1, -2)
	same(t, "bias's gradient", n.Params()[1].Grad, 0, 0)
}
