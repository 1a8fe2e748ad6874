package ops_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"symgrad/models/interpret"
	"symgrad/models/repair"
)

// tower is a scalar f0 = sum r y^3 of an operator's result y, and its derivatives
// in one direction after another: f1 = <df0/dp, v1>, f2 = <df1/dp, v2>, ... The
// cube lets operators show that are linear.
type tower struct {
	params     G.Nodes
	directions [][]array
	floors     G.Nodes // f0, f1, ...
}

// build differentiates y, which hangs on params, along directions.
func build(y *G.Node, weights array, params G.Nodes, directions [][]array) (tower, error) {
	t := tower{params: params, directions: directions}
	f, err := sample{out: weights}.weighted(G.Must(G.HadamardProd(y, G.Must(G.Square(y)))))
	if err != nil {
		return t, err
	}
	t.floors = G.Nodes{f}
	for k, vs := range directions {
		grads, err := repair.Grad(f, params...)
		if err != nil {
			return t, err
		}
		var terms G.Nodes
		for i, g := range grads {
			if !g.Shape().Eq(params[i].Shape()) {
				return t, fmt.Errorf("gradient %d of f%d has shape %v, want %v", i, k, g.Shape(), params[i].Shape())
			}
			terms = append(terms, inner(g, vs[i], fmt.Sprintf("v%d.%d", k, i)))
		}
		f = G.Must(G.ReduceAdd(terms))
		t.floors = append(t.floors, f)
	}
	return t, nil
}

// inner is <g, v>.
func inner(g *G.Node, v array, name string) *G.Node {
	if g.IsScalar() {
		if g.Dtype() == tensor.Float32 {
			return G.Must(G.Mul(g, G.NewConstant(float32(v.data[0]))))
		}
		return G.Must(G.Mul(g, G.NewConstant(v.data[0])))
	}
	products := G.Must(G.HadamardProd(g, v.node(g.Graph(), g.Dtype(), name)))
	return G.Must(G.Sum(G.Must(G.Reshape(products, tensor.Shape{len(v.data)}))))
}

// at evaluates floor k at a distance of h along directions.
func (t tower) at(k int, h float64, directions []array) (float64, error) {
	given := map[*G.Node]G.Value{}
	for i, p := range t.params {
		moved := array{p.Shape(), read(p.Value())}.moved(h, directions[i])
		given[p] = moved.value(p.Dtype())
	}
	values, err := interpret.NewPlan(given, t.floors[k]).Values(given)
	if err != nil {
		return 0, err
	}
	return read(values[t.floors[k]])[0], nil
}

// check compares floor k+1 with differences of floor k.
func (t tower) check(k int) (err error) {
	const tolerance = 1e-9
	along := t.directions[k]
	at := func(k int, h float64) float64 {
		f, e := t.at(k, h, along)
		err = errors.Join(err, e)
		return f
	}
	slope := func(h float64) float64 { return (at(k, h) - at(k, -h)) / (2 * h) }
	const h = 4e-3 // Richardson's extrapolation twice: an error of h^6
	wide, half, narrow := slope(h), slope(h/2), slope(h/4)
	first, second := (4*half-wide)/3, (4*narrow-half)/3
	got, want := at(k+1, 0), (16*second-first)/15
	if d := math.Abs(got - want); !(d <= tolerance*max(1, math.Abs(want), math.Abs(at(k, 0)))) {
		return fmt.Errorf("derivative %d: %v, differences give %v", k+1, got, want)
	}
	return err
}

// directionsFor draws the tower's directions.
func directionsFor(r *rand.Rand, params []array, floors int) (out [][]array) {
	for range floors {
		var vs []array
		for _, p := range params {
			vs = append(vs, normal(r, p.shape...))
		}
		out = append(out, vs)
	}
	return out
}

// Three derivatives of each operator, gradient operators included, against
// differences of the floor below, from the operator's own value up.
func TestEveryOperatorThreeTimes(t *testing.T) {
	for _, op := range every {
		r := rand.New(rand.NewPCG(11, 13))
		g := G.NewGraph()
		var in, params G.Nodes
		var moved []array
		all := operands(op)
		for i, differentiable := range op.DiffWRT(len(all)) {
			a := all[i]
			if i == 0 && reflect.TypeOf(op).Name() == "MaxPoolOp" {
				a = spread(r, a.shape...) // no maximum changes on the way
			}
			n := a.input(g, fmt.Sprint("p", i))
			in = append(in, n)
			if differentiable {
				params, moved = append(params, n), append(moved, a)
			}
		}
		y := G.Must(G.ApplyOp(op, in...))
		tower, err := build(y, normal(r, y.Shape()...), params, directionsFor(r, moved, 3))
		if err != nil {
			t.Errorf("%v: %v", op, err)
			continue
		}
		for k := range tower.directions {
			if err := tower.check(k); err != nil {
				t.Errorf("%v: %v", op, err)
			}
		}
	}
}

// input is a node that holds the array, a scalar too.
func (a array) input(g *G.ExprGraph, name string) *G.Node {
	if len(a.shape) == 0 {
		return G.NewScalar(g, tensor.Float64, G.WithName(name), G.WithValue(a.data[0]))
	}
	return a.node(g, tensor.Float64, name)
}

// One of them at random shapes.
func TestThreeDerivativesAtRandomShapes(t *testing.T) {
	check(t, func(t *rapid.T, s sample, r *rand.Rand) {
		g := G.NewGraph()
		var params G.Nodes
		for i, p := range s.params {
			params = append(params, p.node(g, tensor.Float64, fmt.Sprint("p", i)))
		}
		y, err := s.node(params)
		if err != nil {
			t.Fatal(err)
		}
		tower, err := build(y, s.out, params, directionsFor(r, s.params, 3))
		if err != nil {
			t.Fatal(err)
		}
		if err := tower.check(r.IntN(3)); err != nil {
			t.Error(err)
		}
	})
}

// A Hessian is symmetric: the order of two directions does not matter. No step
// size is in it, so that it holds to the last digits, also on Gorgonia's machine.
func TestHessiansAreSymmetric(t *testing.T) {
	check(t, func(t *rapid.T, s sample, r *rand.Rand) {
		along := directionsFor(r, s.params, 2)
		second := func(directions ...[]array) float64 {
			g := G.NewGraph()
			var params G.Nodes
			for i, p := range s.params {
				params = append(params, p.node(g, tensor.Float64, fmt.Sprint("p", i)))
			}
			y, err := s.node(params)
			if err != nil {
				t.Fatal(err)
			}
			tower, err := build(y, s.out, params, directions)
			if err != nil {
				t.Fatal(err)
			}
			var value G.Value
			G.Read(tower.floors[2], &value)
			m := G.NewTapeMachine(g)
			defer m.Close()
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			return read(value)[0]
		}
		a, b := second(along[0], along[1]), second(along[1], along[0])
		scale := 1.0
		for _, p := range along[0] {
			scale += dot(p, p)
		}
		if d := math.Abs(a - b); !(d <= 1e-12*max(scale, math.Abs(a))) {
			t.Errorf("%v one way, %v the other", a, b)
		}
	})
}
