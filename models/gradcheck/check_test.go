package gradcheck

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

func must(n *G.Node, err error) *G.Node {
	if err != nil {
		panic(err)
	}
	return n
}

var point = []Tensor{{Name: "w", Shape: []int{2, 3}, Values: []float64{0.3, -1.2, 0.7, 2.1, -0.4, 0.9}}}

func TestOfSomebodysGraph(t *testing.T) {
	build := func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.Tanh(must(G.Square(p[0]))))) }
	Test(t, build, point, Options{})
	Test(t, build, point, Options{Directions: 3})
	Test(t, build, point, Options{Dtype: tensor.Float32})
}

func TestTwoParametersAndAScalar(t *testing.T) {
	Test(t, func(p G.Nodes) (*G.Node, error) {
		return G.Sum(must(G.HadamardProd(p[1], must(G.Sigmoid(p[0])))))
	}, append([]Tensor{{Name: "s", Shape: []int{2, 3}, Values: []float64{1, 2, 3, 4, 5, 6}}}, point...), Options{})
}

func TestAWrongSymDiffIsCaught(t *testing.T) {
	at := append([]Tensor{{Name: "b", Shape: []int{3}, Values: []float64{1, 2, 3}}}, point...)
	mismatches, err := Check(func(p G.Nodes) (*G.Node, error) {
		return G.Sum(must(G.Square(must(G.ApplyOp(wrongOp{ops.AddBiasOp{Dims: 2}}, p[1], p[0])))))
	}, at, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(mismatches) != 3 || mismatches[0].Param != "b" || !strings.Contains(mismatches[0].Error(), "b[0]") {
		t.Errorf("found %v, want the three elements of b", mismatches)
	}
}

// At kinks and ties any subgradient is right, and a gradient outside them is wrong.
func TestKinks(t *testing.T) {
	zero := []Tensor{{Name: "x", Shape: []int{1, 1, 2, 2}, Values: []float64{0, 0, 0, 0}}}
	Test(t, func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.Rectify(p[0]))) }, zero, Options{})
	Test(t, func(p G.Nodes) (*G.Node, error) { return G.Sum(must(ops.MaxPool(p[0], [2]int{2, 2}, [2]int{2, 2}))) }, zero, Options{})
	tooSteep := func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.ApplyOp(steepRectify{}, p[0]))) }
	if m, err := Check(tooSteep, zero, Options{}); err != nil || len(m) != 4 {
		t.Errorf("a slope of 3 at the ReLU's kink: %v, %v", m, err)
	}
}

func TestBuildErrorsAreReported(t *testing.T) {
	_, err := Check(func(p G.Nodes) (*G.Node, error) { return G.Mul(p[0], p[0]) }, point, Options{})
	if err == nil || !strings.Contains(err.Error(), "building the loss") {
		t.Errorf("a product that does not fit gave %v", err)
	}
	_, err = Check(func(p G.Nodes) (*G.Node, error) { return G.Square(p[0]) }, point, Options{})
	if err == nil {
		t.Error("a loss that is no scalar passed")
	}
}
