package interpret_test

import (
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/ops"
)

// TestShakenCrossEntropy: a row of cross-entropy's gradient adds up to 0 only as well
// as the sum of its targets is known, which is a share of the sum of their sizes.
func TestShakenCrossEntropy(t *testing.T) {
	const size = 1e-6
	g := G.NewGraph()
	z := input(g, "z", tensor.New(tensor.WithShape(3, 4), tensor.WithBacking([]float64{1, 2, 3, 4, 4, 3, 2, 1, 0, 0, 0, 0})))
	y := input(g, "y", tensor.New(tensor.WithShape(3, 4), tensor.WithBacking([]float64{1, 1, 1, 1, 3, -1, 3, -1, 1, -1, 1, -1})))
	d, err := G.Grad(G.Must(ops.SoftmaxCrossEntropy(z, y)), z)
	if err != nil {
		t.Fatal(err)
	}
	most := [3]float64{}
	for seed := range uint64(200) {
		values, err := interpret.Shaken(g, rand.New(rand.NewPCG(seed, 2)), size)
		if err != nil {
			t.Fatal(err)
		}
		dz := values[d[0]].Data().([]float64)
		for row := range most {
			most[row] = max(most[row], math.Abs(dz[4*row]+dz[4*row+1]+dz[4*row+2]+dz[4*row+3]))
		}
	}
	// Of 3 rows, the targets' sizes add up to 4, 8 and 4; the numbers' own shaking comes
	// on top.
	for row, want := range [3]float64{4. / 3, 8. / 3, 4. / 3} {
		if got := most[row] / size; got < 0.9*want || got > 2*want {
			t.Errorf("row %d adds up to %v times the shake, want %v", row, got, want)
		}
	}
}
