package reference

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestErrorsNameLayerAndShapes(t *testing.T) {
	square := Window{H: 4, W: 4, KH: 2, KW: 2, Stride: 1}
	with := func(change func(w *Window)) Window {
		w := square
		change(&w)
		return w
	}
	cut := NewDense(3, 2, true)
	cut.Bias.Value = cut.Bias.Value[:1]
	one := func(l Layer) *Network { return &Network{Layers: []Layer{l}} }
	for _, c := range []struct {
		net   *Network
		size  int
		batch int
		want  string
	}{
		{MLP("tanh", 3, 2, 2), 4, 1, "reference: layer 1 (dense 3->2): input has 4 numbers, want shape [1 3]"},
		{MLP("tanh", 3, 2, 2), 0, 0, "reference: layer 1 (dense 3->2): input has 0 numbers, want shape [0 3]"},
		{&Network{Layers: []Layer{NewDense(3, 2, true), NewDense(3, 2, true)}}, 3, 1,
			"reference: layer 2 (dense 3->2): input has 2 numbers, want shape [1 3]"},
		{MLP("relux", 3, 2, 2), 3, 1, "layer 2 (relux): no such layer: want sigmoid,"},
		{&Network{}, 3, 1, "no layers"},
		{one(nil), 3, 1, "layer 1 is nil"},
		{one(cut), 3, 1, "layer 1 (dense 3->2): bias has 1 numbers, want shape [2]"},
		{one(NewDense(0, 2, true)), 0, 1, "layer 1 (dense 0->2): no weight: use NewDense"},
		{one(&Conv2D{Channels: 1, Maps: 1, Window: square}), 16, 1, "no weight: use NewConv2D"},
		{one(NewConv2D(1, 2, square, true)), 15, 1, "layer 1 (conv 1->2, 2x2 on 4x4, stride [1 1], padding [0 0]): input has 15 numbers, want shape [1 1 4 4]"},
		{one(NewConv2D(1, 2, with(func(w *Window) { w.Stride = 0 }), true)), 16, 1, "sizes and strides must be at least 1"},
		{one(NewConv2D(1, 2, with(func(w *Window) { w.Pad = -1 }), true)), 16, 1, "padding at least 0"},
		{one(NewConv2D(1, 2, with(func(w *Window) { w.Pads[0] = 1 }), true)), 16, 1, "Pads [1 0] without Strides"},
		{one(&Pool{Channels: 1, Window: with(func(w *Window) { w.KH = 5 })}), 16, 1, "larger than the padded image"},
		{one(&Pool{Channels: 1, Window: with(func(w *Window) { w.KW = 5 })}), 16, 1, "larger than the padded image"},
		{one(&Pool{Channels: 1, Window: with(func(w *Window) { w.Pad = 1 })}), 16, 1, "(max-pool of 1 channels, 2x2 on 4x4, stride [1 1], padding [1 1]): pooling takes no padding"},
		{one(&Pool{Channels: 2, Window: square, Mean: true}), 16, 1, "input has 16 numbers, want shape [1 2 4 4]"},
		{one(&Pointwise{Kind: "softmax", Row: 3}), 4, 1, "layer 1 (softmax): input has 4 numbers, want shape [1 3]"},
		{one(&Pointwise{Kind: "dropout", Mask: make([]float64, 3)}), 4, 2, "layer 1 (dropout): mask has 3 numbers, want shape [2 2]"},
		{one(&Pointwise{Kind: "tanh"}), 5, 2, "layer 1 (tanh): input has 5 numbers"},
		{&Network{Layers: []Layer{NewDense(3, 2, true)}, Loss: 7}, 3, 1, "loss: there is none with the number 7"},
	} {
		_, _, err := c.net.LossAndGradients(make([]float64, c.size), make([]float64, 2), c.batch)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, _, err := MLP("tanh", 3, 2).LossAndGradients(make([]float64, 3), make([]float64, 3), 1); err == nil ||
		err.Error() != "reference: loss: target has 3 numbers, want shape [1 2]" {
		t.Errorf("got %v", err)
	}
}

func TestShapesThatOverflow(t *testing.T) {
	if err := fits("input", 0, 1<<(strconv.IntSize/2), 1<<(strconv.IntSize/2)); err == nil {
		t.Error("no numbers passed for 2^64")
	}
}

// Sizes from anywhere give gradients of the right lengths or an error, and never
// a panic; a gradient of the wrong length for Backward too.
func TestNoSizesPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		any := func(name string) int { return rapid.IntRange(-1, 4).Draw(t, name) }
		w := Window{H: any("H"), W: any("W"), KH: any("KH"), KW: any("KW"), Stride: any("stride"), Pad: any("pad"),
			Strides: [2]int{any("strides"), any("strides")}, Pads: [2]int{any("pads"), any("pads")}}
		kind := rapid.SampledFrom([]string{"sigmoid", "relu", "softmax", "dropout", "flatten", "what"}).Draw(t, "kind")
		l := rapid.SampledFrom([]Layer{NewDense(any("in"), any("out"), true), NewConv2D(any("C"), any("K"), w, true), &Conv2D{}, &Dense{},
			&Pool{Channels: any("C"), Window: w}, &Pointwise{Kind: kind, Row: any("row"), Mask: make([]float64, any("mask")+1)}}).Draw(t, "layer")
		n := &Network{Layers: []Layer{l}, Loss: Loss(any("loss"))}
		x, B := make([]float64, rapid.IntRange(0, 16).Draw(t, "input")), any("B")
		out, err := n.Forward(x, B)
		if err == nil {
			_, dx, err := n.LossAndGradients(x, make([]float64, len(out)), B)
			if err == nil && len(dx) != len(x) {
				t.Fatalf("%v: %d gradients for %d inputs", l, len(dx), len(x))
			}
			if _, err := l.Backward(make([]float64, len(out)+1)); err == nil {
				t.Fatalf("%v took a gradient longer than its output", l)
			}
			if err := n.HessianVector(x, make([]float64, len(out)), B); (err == nil) != (dx != nil) {
				t.Fatalf("%v: gradients %v, second derivatives: %v", l, dx, err)
			}
			if _, err := l.RForward(make([]float64, len(x)+1)); err == nil {
				t.Fatalf("%v took a movement longer than its input", l)
			}
			if _, err := l.RBackward(make([]float64, len(out)+1)); err == nil {
				t.Fatalf("%v took a gradient's movement longer than its output", l)
			}
		} else if _, err := l.RForward(x); err == nil {
			t.Fatalf("%v moved before it was run", l)
		}
		n.Step(0.1)
	})
}
