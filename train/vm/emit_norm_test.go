package vm_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
)

// normalised is x to mean 0 and variance 1 by channel, and the gradient of its
// sum, weighted at random.
func normalised(t *testing.T, g *G.ExprGraph, dtype tensor.Dtype, epsilon float64, x array) (y, dx *G.Node) {
	t.Helper()
	row := make([]int, len(x.shape))
	for i := range row {
		row[i] = 1
	}
	row[1] = x.shape[1]
	zeros, ones := make([]float64, row[1]), make([]float64, row[1])
	for i := range ones {
		ones[i] = 1
	}
	in := bind(t, g, dtype, "x", x.shape, x.values...)
	y, _, _, _, err := G.BatchNorm(in, bind(t, g, dtype, "scale", row, ones...), bind(t, g, dtype, "shift", row, zeros...), 0.5, epsilon)
	if err != nil {
		t.Fatal(err)
	}
	dy := bind(t, g, dtype, "dy", x.shape, normal(2, x.shape...).values...)
	return y, gradient(t, G.Must(G.Sum(G.Must(G.HadamardProd(y, dy)))), in)[0]
}

// TestNormalisationOfManyChannels is that of each by itself, in however many
// pieces they are.
func TestNormalisationOfManyChannels(t *testing.T) {
	for dtype, tolerance := range both {
		for _, shape := range [][]int{{300, 40}, {5, 40, 8, 8}} {
			g := G.NewGraph()
			y, dx := normalised(t, g, dtype, 1e-3, normal(1, shape...))
			want, err := interpret.Values(g, nil)
			if err != nil {
				t.Fatal(err)
			}
			m := run(t, g, y, dx)
			for what, n := range map[string]*G.Node{"normalised": y, "gradient": dx} {
				if d := apart(numbers(m.Value(n)), numbers(want[n]), 0); !(d <= 10*tolerance) {
					t.Errorf("%v of %v, %s: %g apart", dtype, shape, what, d)
				}
			}
		}
	}
}

// TestNormalisationOfNearlyEqualNumbers: two neighbours in float32, between which
// there is no room for a mean, are -1 and 1.
func TestNormalisationOfNearlyEqualNumbers(t *testing.T) {
	for _, shape := range [][]int{{4, 1}, {2, 1, 1, 2}} {
		g := G.NewGraph()
		y, _ := normalised(t, g, tensor.Float32, 1e-30, array{shape, []float64{1, 1 + 0x1p-23, 1, 1 + 0x1p-23}})
		equal(t, fmt.Sprint(shape), numbers(run(t, g, y).Value(y)), []float64{-1, 1, -1, 1})
	}
}
