package gradcheck

import (
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// Op checks one operator alone on operands of these shapes, nil for a scalar: on
// random numbers, and on few different ones with zeros among them, where ties and
// corners are. Operands that DiffWRT leaves out stay as they are.
func Op(t testing.TB, op G.Op, shapes ...[]int) {
	t.Helper()
	known, ok := op.(G.SDOp)
	if !ok {
		t.Fatalf("gradcheck: %v has no SymDiff", op)
	}
	for _, draw := range []func(r *rand.Rand) float64{
		func(r *rand.Rand) float64 { return 0.2 + 1.5*r.Float64() },
		func(r *rand.Rand) float64 { return 1.5 * r.NormFloat64() },
		func(r *rand.Rand) float64 { return float64(r.IntN(3) - 1) },
	} {
		r := rand.New(rand.NewPCG(1, uint64(len(shapes))))
		moving, all := operands(draw, r, shapes, known.DiffWRT(len(shapes)))
		found, err := Check(func(p G.Nodes) (*G.Node, error) {
			in := make(G.Nodes, len(all))
			for i, k := 0, 0; i < len(all); i++ {
				if in[i] = nil; k < len(moving) && moving[k].Name == all[i].Name {
					in[i], k = p[k], k+1
					continue
				}
				n, err := all[i].node(p[0].Graph(), tensor.Float64)
				if err != nil {
					return nil, err
				}
				in[i] = n
			}
			y, err := G.ApplyOp(op, in...)
			if err != nil {
				return nil, err
			}
			return weighed(y)
		}, moving, Options{Operators: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Wrong(found) {
			if f.Kind != finding.NonFinite { // outside of what the operator is defined for
				t.Error(f)
			}
		}
	}
}

// operands draws them; moving are those that have a gradient.
func operands(draw func(*rand.Rand) float64, r *rand.Rand, shapes [][]int, wrt []bool) (moving, all []Tensor) {
	for i, shape := range shapes {
		x := Tensor{Name: "operand " + string(rune('1'+i)), Shape: shape, Values: make([]float64, tensor.Shape(shape).TotalSize())}
		for j := range x.Values {
			x.Values[j] = draw(r)
		}
		if all = append(all, x); i < len(wrt) && wrt[i] {
			moving = append(moving, x)
		}
	}
	return moving, all
}

// weighed is a scalar in which every number of y counts differently.
func weighed(y *G.Node) (*G.Node, error) {
	if len(y.Shape()) == 0 {
		return G.Tanh(y)
	}
	w := make([]float64, y.Shape().TotalSize())
	for i := range w {
		w[i] = 0.5 + float64(i%11)/10
	}
	n := G.NewTensor(y.Graph(), tensor.Float64, len(y.Shape()), G.WithShape(y.Shape()...), G.WithName("weights of the outputs"), G.WithValue(interpret.Float(tensor.Float64, y.Shape(), w)))
	product, err := G.HadamardProd(y, n)
	if err != nil {
		return nil, err
	}
	return G.Sum(product)
}
