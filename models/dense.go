package models

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// Dense is y = x W + b: x (B, in), W (in, out), b (out).
type Dense struct {
	Out    int
	NoBias bool
}

func (Dense) Kind() string { return "fc" }

func (d Dense) String() string { return fmt.Sprintf("dense %d", d.Out) + noBias(d.NoBias) }

func noBias(without bool) string {
	if without {
		return " no-bias"
	}
	return ""
}

func (d Dense) Shape(in []int) ([]int, error) {
	if d.Out < 1 {
		return nil, fmt.Errorf("%d outputs, want at least 1", d.Out)
	}
	if len(in) != 1 {
		return nil, fmt.Errorf("input %v, want a vector (features): put a Flatten before it", in)
	}
	return []int{d.Out}, nil
}

func (d Dense) Weights(in []int) []Weight {
	fan := Fan{In: in[0], Out: d.Out, Shape: []int{in[0], d.Out}}
	w := []Weight{{Suffix: "weight", Shape: fan.Shape, Fan: fan}}
	if d.NoBias {
		return w
	}
	return append(w, Weight{Suffix: "bias", Shape: []int{d.Out}, Fan: fan, Bias: true})
}

func (d Dense) Apply(_ *Builder, x *G.Node, w G.Nodes) (*G.Node, error) {
	y, err := G.Mul(x, w[0])
	if err != nil || d.NoBias {
		return y, err
	}
	return ops.AddBias(y, w[1])
}

// Flatten turns images (C, H, W) into vectors (C*H*W), row-major.
type Flatten struct{}

func (Flatten) Kind() string { return "flatten" }

func (Flatten) String() string { return "flatten" }

func (Flatten) Shape(in []int) ([]int, error) { return []int{volume(in)}, nil }

func (Flatten) Weights([]int) []Weight { return nil }

func (Flatten) Apply(_ *Builder, x *G.Node, _ G.Nodes) (*G.Node, error) {
	batch := x.Shape()[0]
	return G.Reshape(x, []int{batch, x.Shape().TotalSize() / batch})
}

// Dropout zeroes each activation with probability Drop while training and
// scales the others by 1/(1-Drop), so that evaluation needs no change.
// Srivastava et al., "Dropout" (2014), in its inverted form.
type Dropout struct{ Drop float64 }

func (Dropout) Kind() string { return "dropout" }

func (d Dropout) String() string { return fmt.Sprintf("dropout %g", d.Drop) }

func (d Dropout) Shape(in []int) ([]int, error) {
	if !(d.Drop >= 0 && d.Drop < 1) {
		return nil, fmt.Errorf("drop probability %g, want 0 <= p < 1", d.Drop)
	}
	return in, nil
}

func (Dropout) Weights([]int) []Weight { return nil }

func (d Dropout) Apply(b *Builder, x *G.Node, _ G.Nodes) (*G.Node, error) {
	if !b.Training || d.Drop == 0 {
		return x, nil
	}
	mask, err := b.Mask(x, d.Drop)
	if err != nil {
		return nil, err
	}
	return G.HadamardProd(x, mask)
}
