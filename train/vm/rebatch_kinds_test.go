package vm_test

import (
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// TestRebatchOfEveryKind: vectors and matrices of examples, maxima, reshaped and
// squared parameters as long as the batch, scalars with and without a value, and
// constants, from 2 examples to 3; by hand.
func TestRebatchOfEveryKind(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 3), G.WithName("x"))
	v := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("v"))
	p := bind(t, g, tensor.Float64, "p", []int{4}, 1, 2, 3, 4)
	q := bind(t, g, tensor.Float64, "q", []int{2, 2}, 1, 1, 2, 3)
	s := bind(t, g, tensor.Float64, "s", nil, 10)
	u := G.NewScalar(g, tensor.Float64, G.WithName("u"))
	largest := G.Must(G.HadamardProd(G.Must(G.Max(x, 1)), v))
	parameters := G.Must(G.HadamardProd(G.Must(G.Square(q)), G.Must(G.Reshape(p, tensor.Shape{2, 2}))))
	sum := G.Must(G.Add(G.Must(G.Sum(largest)), G.Must(G.Mul(G.Must(G.Sum(parameters)), s))))
	sum = G.Must(G.Add(G.Must(G.Add(sum, u)), G.NewConstant(0.5)))
	_, of, err := vm.Rebatch(3, G.Nodes{x, v}, G.Nodes{sum})
	if err != nil {
		t.Fatal(err)
	}
	if !of[p].Shape().Eq(p.Shape()) || of[u].Value() != nil {
		t.Errorf("p has shape %v, u is %v", of[p].Shape(), of[u].Value())
	}
	for n, be := range map[*G.Node]array{x: {[]int{3, 3}, []float64{1, 2, 7, 5, 3, 4, 6, 9, 8}}, v: {[]int{3}, []float64{1, 10, 100}}, u: {nil, []float64{0.25}}} {
		if err := G.Let(of[n], must(valueOf(tensor.Float64, be.values, be.shape))); err != nil {
			t.Fatal(err)
		}
	}
	m := run(t, of[sum].Graph())
	if got, want := numbers(m.Value(of[sum])), []float64{7 + 50 + 900 + 10*(1+2+4*3+9*4) + 0.25 + 0.5}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// notForTwo panics where it is given two numbers.
type notForTwo struct{ own }

func (o notForTwo) InferShape(d ...G.DimSizer) (tensor.Shape, error) {
	if x := d[0].(tensor.Shape); x[0] == 2 {
		panic("not for two")
	}
	return o.own.InferShape(d...)
}

func TestRebatchSaysWhatItWasGiven(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(4, 3), G.WithName("x"))
	one := G.NewScalar(g, tensor.Float64, G.WithName("one"))
	v := G.NewVector(g, tensor.Float64, G.WithShape(4), G.WithName("v"))
	moody := G.Must(G.ApplyOp(notForTwo{own{name: "moody", from: tensor.Float64, to: tensor.Float64}}, v))
	across := tensor.New(tensor.AsFortran([]float64{1, 2, 3, 4, 5, 6}), tensor.WithShape(3, 2))
	w := G.NewMatrix(g, tensor.Float64, G.WithShape(3, 2), G.WithName("w"), G.WithValue(across))
	square := G.Must(G.Square(x))
	for what, c := range map[string]struct {
		inputs, nodes G.Nodes
		says          string
	}{
		"a scalar of examples": {G.Nodes{one}, G.Nodes{square}, "input one"},
		"no inputs":            {nil, G.Nodes{square}, "0 inputs"},
		"no nodes":             {G.Nodes{x}, nil, "0 nodes"},
		"examples across":      {G.Nodes{x}, G.Nodes{G.Must(G.Transpose(x, 1, 0))}, "becomes (3, 2)"},
		"columns":              {G.Nodes{x}, G.Nodes{G.Must(G.Mul(x, w))}, "row-major"},
		"a panic":              {G.Nodes{v}, G.Nodes{moody}, "moody"},
		"its reason":           {G.Nodes{v}, G.Nodes{moody}, "not for two"},
		"operands apart":       {G.Nodes{x}, G.Nodes{G.Must(G.Add(x, square)), G.Must(G.Add(x, G.NewMatrix(g, tensor.Float64, G.WithShape(4, 3), G.WithName("offset"))))}, "Shape mismatch"},
	} {
		if _, _, err := vm.Rebatch(2, c.inputs, c.nodes); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error with %q", what, err, c.says)
		}
	}
}
