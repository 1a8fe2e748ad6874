package gradcheck

import (
	"fmt"
	"hash"
	"hash/fnv"
	"strings"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/finding"
	"symgrad/models/ops"
)

// cubic is x^3 of a vector. Its gradient is right; the gradients of that are too
// large, by x evenly, by dy more so for each later number.
type cubic struct{ byX, byDy float64 }

type cubicGrad struct{ cubic }

func (cubic) Arity() int                  { return 1 }
func (cubicGrad) Arity() int              { return 2 }
func (cubic) ReturnsPtr() bool            { return true }
func (cubic) CallsExtern() bool           { return false }
func (cubic) OverwritesInput() int        { return -1 }
func (c cubic) String() string            { return fmt.Sprintf("cubic{%v, %v}", c.byX, c.byDy) }
func (c cubicGrad) String() string        { return "gradient of " + c.cubic.String() }
func (c cubic) WriteHash(h hash.Hash)     { fmt.Fprint(h, c.String()) }
func (c cubicGrad) WriteHash(h hash.Hash) { fmt.Fprint(h, c.String()) }
func (c cubic) Hashcode() uint32          { h := fnv.New32a(); c.WriteHash(h); return h.Sum32() }
func (c cubicGrad) Hashcode() uint32      { h := fnv.New32a(); c.WriteHash(h); return h.Sum32() }
func (cubic) DiffWRT(int) []bool          { return []bool{true} }

// DiffWRT leaves a factor of 0 to a refusal.
func (c cubicGrad) DiffWRT(int) []bool { return []bool{true, true} }

func (cubic) Type() hm.Type {
	a := G.TensorType{Dims: 1, Of: hm.TypeVariable('a')}
	return hm.NewFnType(a, a)
}

func (cubicGrad) Type() hm.Type {
	a := G.TensorType{Dims: 1, Of: hm.TypeVariable('a')}
	return hm.NewFnType(a, a, a)
}

func (cubic) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}

func (cubic) Do(in ...G.Value) (G.Value, error) {
	y := in[0].(*tensor.Dense).Clone().(*tensor.Dense)
	for i, x := range y.Float64s() {
		y.Float64s()[i] = x * x * x
	}
	return y, nil
}

func (cubicGrad) Do(in ...G.Value) (G.Value, error) {
	dx := in[1].(*tensor.Dense).Clone().(*tensor.Dense)
	for i, x := range in[0].(*tensor.Dense).Float64s() {
		dx.Float64s()[i] *= 3 * x * x
	}
	return dx, nil
}

func (c cubic) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	dx, err := G.ApplyOp(cubicGrad{c}, in[0], dy)
	return G.Nodes{dx}, err
}

func (c cubicGrad) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	if c.byX == 0 {
		return nil, fmt.Errorf("once is enough")
	}
	x, dy := in[0], in[1]
	byX := must(G.HadamardProd(G.NewConstant(6*c.byX), must(G.HadamardProd(x, must(G.HadamardProd(dy, u))))))
	later, factor := make([]float64, x.Shape().TotalSize()), 1.0
	for i := range later {
		later[i], factor = 3*factor, factor*c.byDy
	}
	w := G.NewConstant(tensor.New(tensor.WithBacking(later)), G.WithName(fmt.Sprint("factors ", later)))
	byDy := must(G.HadamardProd(w, must(G.HadamardProd(must(G.Square(x)), u))))
	return G.Nodes{byX, byDy}, nil
}

// mixed is a loss in which every number of y meets every other.
func mixed(c cubic) Build {
	return func(p G.Nodes) (*G.Node, error) {
		y, err := G.ApplyOp(c, p[0])
		if err != nil {
			return nil, err
		}
		m := G.NewConstant(tensor.New(tensor.WithShape(3, 3), tensor.WithBacking([]float64{1, 2, -1, 0.5, 1, 3, -2, 1, 0.3})), G.WithName("m"))
		return G.Mul(y, must(G.Mul(m, y)))
	}
}

// Second derivatives are checked: right ones pass, on stock operators and ours; a
// wrong one is named, whether the Hessian stays symmetric or not.
func TestSecond(t *testing.T) {
	x := []Tensor{{Name: "x", Shape: []int{3}, Values: []float64{0.7, -0.4, 1.1}}}
	found, err := Check(mixed(cubic{1, 1}), x, Options{Second: true})
	if err != nil || len(found) > 0 {
		t.Errorf("right: %v, %v", found, err)
	}
	for _, c := range []struct {
		op   cubic
		kind finding.Kind
	}{{cubic{1.01, 1}, finding.Second}, {cubic{1, 1.01}, finding.DotProduct}} {
		found, err := Check(mixed(c.op), x, Options{Second: true})
		if wrong := Wrong(found); err != nil || len(wrong) != 1 || wrong[0].Kind != c.kind || wrong[0].Operator == nil || wrong[0].Operator.Name != (cubicGrad{c.op}).String() {
			t.Errorf("%v: %v, %v", c.op, found, err)
		}
		if found, err := Check(mixed(c.op), x, Options{}); err != nil || len(found) > 0 {
			t.Errorf("%v has a right first derivative: %v, %v", c.op, found, err)
		}
	}
	found, err = Check(mixed(cubic{}), x, Options{Second: true})
	if err != nil || len(found) != 1 || found[0].Kind != finding.Second || !strings.Contains(found[0].Reason, "once is enough") {
		t.Errorf("refused: %v, %v", found, err)
	}
}

func TestSecondOfNetworks(t *testing.T) {
	at := append([]Tensor{{Name: "a", Shape: []int{3, 2}, Values: []float64{0.4, 0.3, -0.2, 1.2, 0.7, -0.9}}, {Name: "b", Shape: []int{2}, Values: []float64{0.1, -0.3}}}, point...)
	layers := func(p G.Nodes) *G.Node { return must(ops.AddBias(must(G.Mul(must(G.Tanh(p[2])), p[0])), p[1])) }
	for name, build := range map[string]Build{
		"stock": func(p G.Nodes) (*G.Node, error) { return G.Mean(must(G.Square(must(G.SoftMax(layers(p), 1))))) },
		"ours":  func(p G.Nodes) (*G.Node, error) { return G.Mean(must(G.Cube(must(ops.Softmax(layers(p)))))) },
	} {
		for _, o := range []Options{{Second: true}, {Second: true, Dtype: tensor.Float32}} {
			found, err := Check(build, at, o)
			if err != nil || len(Wrong(found)) > 0 {
				t.Errorf("%s, %v: %v, %v", name, o.Dtype, found, err)
			}
		}
	}
}
