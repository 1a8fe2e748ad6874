package gradcheck

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/ops"
)

// origin is a right operator that mutants are made of.
type origin struct {
	name   string
	shapes [][]int
	apply  func(x G.Nodes) (*G.Node, error)
}

func origins() (all []origin) {
	for name, f := range map[string]func(*G.Node) (*G.Node, error){
		"tanh": G.Tanh, "sigmoid": G.Sigmoid, "exp": G.Exp, "square": G.Square, "sin": G.Sin, "softplus": G.Softplus, "cube": G.Cube,
		"softmax":   func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 1) },
		"sum":       func(x *G.Node) (*G.Node, error) { return G.Sum(x, 1) },
		"slice":     func(x *G.Node) (*G.Node, error) { return G.Slice(x, nil, G.S(1, 3)) },
		"transpose": func(x *G.Node) (*G.Node, error) { return G.Transpose(x, 1, 0) },
		"reshape":   func(x *G.Node) (*G.Node, error) { return G.Reshape(x, []int{9}) },
	} {
		all = append(all, origin{name, [][]int{{3, 3}}, func(x G.Nodes) (*G.Node, error) { return f(x[0]) }})
	}
	for name, f := range map[string]func(a, b *G.Node) (*G.Node, error){"add": G.Add, "sub": G.Sub, "product": G.HadamardProd, "matrices": G.Mul} {
		all = append(all, origin{name, [][]int{{3, 3}, {3, 3}}, func(x G.Nodes) (*G.Node, error) { return f(x[0], x[1]) }})
	}
	return append(all,
		origin{"bias", [][]int{{4, 3}, {3}}, func(x G.Nodes) (*G.Node, error) { return ops.AddBias(x[0], x[1]) }},
		origin{"conv", [][]int{{2, 2, 4, 3}, {2, 2, 2, 2}}, func(x G.Nodes) (*G.Node, error) {
			return ops.Conv2D(x[0], x[1], [2]int{1, 1}, [2]int{1, 0})
		}},
		origin{"max-pool", [][]int{{2, 1, 4, 4}}, func(x G.Nodes) (*G.Node, error) {
			return ops.MaxPool(x[0], [2]int{2, 2}, [2]int{2, 2})
		}},
		origin{"mean-pool", [][]int{{2, 2, 3, 3}}, func(x G.Nodes) (*G.Node, error) {
			return ops.MeanPool(x[0], [2]int{2, 2}, [2]int{1, 1})
		}},
	)
}

// wrongGraph is a graph with a mutant in it, between right operators; right is the
// same without.
func (o origin) wrongGraph(operand int, how mutation, name *string) (build, right Build, at []Tensor) {
	memory := new([]float64)
	graph := func(p G.Nodes, wrong bool) (*G.Node, error) {
		var x G.Nodes
		for _, n := range p {
			x = append(x, must(G.Sub(must(G.Tanh(n)), G.NewConstant(0.1))))
		}
		y := must(o.apply(x))
		if wrong {
			m := mutant{y.Op().(G.SDOp), operand, how, memory}
			*name = m.String()
			y = must(G.ApplyOp(m, x...))
		}
		return G.Mean(must(G.Square(must(G.Sin(must(G.Add(y, G.NewConstant(0.3))))))))
	}
	for k, shape := range o.shapes {
		n := 1
		for _, d := range shape {
			n *= d
		}
		values := make([]float64, n)
		for i := range values {
			values[i] = 1.2 * math.Sin(float64(i*i)+1.7*float64(i)+float64(3*k)+0.5)
		}
		at = append(at, Tensor{Name: fmt.Sprint("p", k), Shape: shape, Values: values})
	}
	return func(p G.Nodes) (*G.Node, error) { return graph(p, true) }, func(p G.Nodes) (*G.Node, error) { return graph(p, false) }, at
}

// Wrong operators, made of right ones, are all caught, and nearly all named: all
// of more than 500 with LONG=1, else a share.
func TestMutants(t *testing.T) {
	tried, named, same := 0, 0, 0
	for _, o := range origins() {
		_, right, at := o.wrongGraph(0, mutation{}, new(string))
		if found, err := Check(right, at, Options{Operators: true}); err != nil || len(found) > 0 {
			t.Errorf("%s, which is right: %v, %v", o.name, found, err)
		}
		for operand := range o.shapes {
			for i, how := range mutations() {
				if !long() && (i+operand+len(o.name))%42 > 0 {
					continue
				}
				var name string
				build, right, at := o.wrongGraph(operand, how, &name)
				if equivalent(t, build, right, at) && how.name != "remembered" && how.name != "noisy" && !strings.HasPrefix(how.name, "in place") {
					same++
					continue
				}
				tried++
				found, err := Check(build, at, Options{Directions: -1})
				wrong := Wrong(found)
				if err != nil || len(wrong) == 0 {
					t.Errorf("%s was not caught: %v, %v", name, found, err)
					continue
				}
				if op := wrong[0].Operator; op != nil && op.Name == name {
					named++
				} else {
					t.Logf("%s was caught and not named: %v", name, wrong[0])
				}
			}
		}
	}
	t.Logf("%d mutants, all caught, %d named; %d others give the right gradient", tried, named, same)
	if tried < 500 && long() || float64(named) < 0.95*float64(tried) {
		t.Errorf("%d of %d named; want 500 mutants and 95 %%", named, tried)
	}
}

func long() bool { return os.Getenv("LONG") != "" }

// equivalent tells whether two losses have one gradient.
func equivalent(t *testing.T, a, b Build, at []Tensor) bool {
	var grads [2][][]float64
	for i, build := range []Build{a, b} {
		s, err := Options{}.filled().subject(build, at, tensor.Float64)
		if err != nil {
			return false
		}
		var x [][]float64
		for _, p := range at {
			x = append(x, p.Values)
		}
		values, err := s.all.Values(s.at(x))
		if err != nil {
			return false
		}
		for _, g := range s.grads {
			grads[i] = append(grads[i], audit.Numbers(values[g]))
		}
	}
	for p := range at {
		if _, off := distance(grads[0][p], grads[1][p]); off > 1e-9 {
			return false
		}
	}
	return true
}
