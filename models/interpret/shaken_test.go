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

// TestShakenTiny: numbers that are smaller than normal ones move by up to two of the
// smallest, and an exponential that is too small for its type may be there or not; an
// input moves by its share alone, and so does a number of usual size.
func TestShakenTiny(t *testing.T) {
	const tiny = math.SmallestNonzeroFloat32
	g := G.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(5), tensor.WithBacking([]float32{-200, -102.5, -1, 0, 100 * tiny})))
	moves := map[*G.Node][5]float64{
		x:                {2e-4, 2e-4, 1e-6, 0, 0},
		G.Must(G.Neg(x)): {4e-4, 4e-4, 2e-6, 0, 2 * tiny},
		G.Must(G.Exp(x)): {2 * tiny, 2 * tiny, 1e-6, 3e-6, 3e-6},
	}
	most := map[*G.Node]*[5]float64{}
	calm, err := interpret.Values(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range moves {
		most[n] = &[5]float64{}
	}
	for seed := range uint64(200) {
		values, err := interpret.Shaken(g, rand.New(rand.NewPCG(seed, 2)), 1e-6)
		if err != nil {
			t.Fatal(err)
		}
		for n := range moves {
			for i, v := range values[n].Data().([]float32) {
				most[n][i] = max(most[n][i], math.Abs(float64(v)-float64(calm[n].Data().([]float32)[i])))
			}
		}
	}
	for n, want := range moves {
		for i, w := range want {
			if got := most[n][i]; got < w/3 || got > 1.1*w {
				t.Errorf("%v: number %d moved by %g, want up to %g", n, i, got, w)
			}
		}
	}
}

// TestShakenGiven: what is given is shaken as inputs are, and stands for them; float64
// below float32's numbers moves by its share; an input without a value is an error.
func TestShakenGiven(t *testing.T) {
	g := G.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{1})))
	y := G.Must(G.Neg(x))
	given := map[*G.Node]G.Value{x: tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{4e-100}))}
	always := func() float64 { return 1 }
	for _, p := range []interpret.Plan{interpret.NewPlan(given, y), interpret.NewPlan(nil, y)} {
		values, err := p.Shaken(given, always, 1)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := values[x].Data().([]float64)[0], values[y].Data().([]float64)[0]; a != 8e-100 || b != -16e-100 {
			t.Errorf("%v and %v, where all numbers are doubled", a, b)
		}
	}
	nothing := G.Must(G.Neg(G.NewVector(g, tensor.Float64, G.WithShape(1), G.WithName("nothing"))))
	if values, err := interpret.NewPlan(nil, nothing).Shaken(nil, always, 1); err == nil || values != nil {
		t.Errorf("without a value: %v", values)
	}
}
