package stock_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// TestModes reads what batch normalisation and dropout were built with off them
// and off their gradients, and follows their mode and source.
func TestModes(t *testing.T) {
	g := G.NewGraph()
	in := func(name string, shape ...int) *G.Node {
		return G.NewMatrix(g, tensor.Float64, G.WithShape(shape...), G.WithName(name), G.WithInit(G.Ones()))
	}
	x := in("x", 3, 2)
	y, _, _, op, err := G.BatchNorm(x, in("scale", 1, 2), in("bias", 1, 2), 0.75, 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	dropped := G.Must(G.Dropout(y, 0.125))
	if _, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(dropped)))), x); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	normal := func(b stock.BatchNorm) bool {
		return b.Op == op && b.Momentum == 0.75 && b.Epsilon == 1e-3 && *b.Training
	}
	dropout := func(d stock.Dropout) bool { return d.Probability == 0.125 && *d.Training && d.Drops() }
	for _, n := range g.AllNodes() {
		if n.Op() == nil {
			continue
		}
		switch op := stock.Decode(n.Op()).(type) {
		case stock.BatchNorm:
			found["normal"]++
			if !normal(op) {
				t.Errorf("%+v", op)
			}
		case stock.BatchNormGrad:
			found["normal's gradient"]++
			if !normal(op.BatchNorm) {
				t.Errorf("gradient: %+v", op)
			}
		case stock.DropoutGrad:
			found["dropout's gradient"]++
			if !dropout(op.Dropout) {
				t.Errorf("gradient: %+v", op)
			}
		}
	}
	if len(found) != 3 {
		t.Errorf("found %v", found)
	}
	d, ok := stock.Decode(dropped.Op()).(stock.Dropout)
	if !ok || !dropout(d) {
		t.Fatalf("%+v", d)
	}
	*d.Draw = func() float64 { return 0.9 } // not less than 1 - 1/8
	v, err := dropped.Op().Do(tensor.New(tensor.WithBacking([]float64{1, 2})))
	if err != nil || v.Data().([]float64)[1] != 0 {
		t.Errorf("dropped by another source: %v, %v", v, err)
	}
	if err := dropped.Op().(G.TrainModeOp).SetTraining(false); err != nil || d.Drops() {
		t.Errorf("drops in evaluation, %v", err)
	}
}
