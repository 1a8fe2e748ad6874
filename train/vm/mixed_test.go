package vm_test

import (
	"fmt"
	"hash"
	"strings"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// own is an operator of a user's, of one operand.
type own struct {
	name     string
	from, to tensor.Dtype // of vectors
	do       func(in G.Value) (G.Value, error)
}

func (o own) Arity() int { return 1 }
func (o own) Type() hm.Type {
	return hm.NewFnType(G.TensorType{Dims: 1, Of: o.from}, G.TensorType{Dims: 1, Of: o.to})
}
func (o own) InferShape(d ...G.DimSizer) (tensor.Shape, error) {
	return d[0].(tensor.Shape).Clone(), nil
}
func (o own) Do(in ...G.Value) (G.Value, error) { return o.do(in[0]) }
func (o own) ReturnsPtr() bool                  { return false }
func (o own) CallsExtern() bool                 { return false }
func (o own) OverwritesInput() int              { return -1 }
func (o own) WriteHash(h hash.Hash)             { fmt.Fprint(h, o.name) }
func (o own) Hashcode() uint32                  { return uint32(len(o.name)) }
func (o own) String() string                    { return o.name }

// TestTwoFloatTypes: the first float type of a graph is the machine's; what has
// another beside it is Gorgonia's to compute.
func TestTwoFloatTypes(t *testing.T) {
	for _, of := range [][2]tensor.Dtype{{tensor.Float32, tensor.Float64}, {tensor.Float64, tensor.Float32}} {
		g, must := G.NewGraph(), G.Must
		value := func(shape []int, values ...float64) G.Value {
			v, err := valueOf(of[1], values, shape)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		places := G.NewVector(g, tensor.Int, G.WithShape(2), G.WithName("places"), G.WithValue(tensor.New(tensor.WithShape(2), tensor.WithBacking([]int{2, 0}))))
		ours := must(G.Square(bind(t, g, of[0], "x", []int{2}, 3, 4)))
		scalar := must(G.Mul(bind(t, g, of[1], "scalar", nil, 3), G.NewConstant(value(nil, 2))))
		vector := must(G.HadamardProd(bind(t, g, of[1], "vector", []int{2}, 5, 7), G.NewConstant(value([]int{2}, 10, 100))))
		rows := must(G.ByIndices(bind(t, g, of[1], "matrix", []int{3, 1}, 1, 2, 3), places, 0))
		mixed := must(G.ApplyOp(own{"count", tensor.Int, of[0], func(in G.Value) (G.Value, error) {
			n := in.Data().([]int)
			v, err := valueOf(of[0], []float64{float64(n[0]), float64(n[1])}, []int{2})
			return v, err
		}}, places))
		m := run(t, g, ours, scalar, vector, rows, mixed)
		for _, c := range []struct {
			node *G.Node
			want []float64
		}{{ours, []float64{9, 16}}, {scalar, []float64{6}}, {vector, []float64{50, 700}}, {rows, []float64{3, 1}}, {mixed, []float64{2, 0}}} {
			equal(t, fmt.Sprint(of, c.node), numbers(m.Value(c.node)), c.want)
			for _, f := range m.Explain() {
				native := f.Kind == vm.Native
				if f.Node == c.node && (native != (c.node == ours) || !native && f.How != "is not of the graph's float type alone") {
					t.Errorf("%v: %v is %v: %s", of, f.Node, f.Kind, f.How)
				}
			}
		}
		wrong := must(G.ApplyOp(own{"of another shape", of[1], of[1], func(G.Value) (G.Value, error) { return value([]int{3}, 1, 2, 3), nil }}, vector))
		if err := m.Keep(wrong); err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err == nil || !strings.Contains(err.Error(), "shape") {
			t.Errorf("%v: a result of another shape: %v", of, err)
		}
	}
}

// keeper squares numbers and keeps them for its gradient, keeperGrad, to which no
// edge of the graph leads.
type keeper struct {
	own
	kept []float64
}

func (k *keeper) Do(in ...G.Value) (G.Value, error) {
	k.kept = numbers(in[0])
	return valueOf(tensor.Float64, []float64{k.kept[0] * k.kept[0], k.kept[1] * k.kept[1]}, []int{2})
}

type keeperGrad struct {
	own
	of *keeper
}

func (k keeperGrad) Do(in ...G.Value) (G.Value, error) {
	if k.of.kept == nil {
		return nil, fmt.Errorf("nothing was kept")
	}
	dy := numbers(in[0])
	return valueOf(tensor.Float64, []float64{2 * k.of.kept[0] * dy[0], 2 * k.of.kept[1] * dy[1]}, []int{2})
}

// TestWhatAnOperatorKeeps is there when the gradient wants it, though nobody
// asked for the operator's own value.
func TestWhatAnOperatorKeeps(t *testing.T) {
	g := G.NewGraph()
	x, dy := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2), bind(t, g, tensor.Float64, "dy", []int{2}, 10, 100)
	named := func(name string) own { return own{name, tensor.Float64, tensor.Float64, nil} }
	keeps := &keeper{own: named("keeper")}
	G.Must(G.ApplyOp(keeps, x))
	d := G.Must(G.ApplyOp(keeperGrad{named("keeper's gradient"), keeps}, dy))
	var dump strings.Builder
	m, err := vm.New(g, vm.Config{Results: G.Nodes{d}, Verify: true, Dump: &dump})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for _, v := range [][]float64{{1, 2}, {3, 4}} {
		if err := G.Let(x, tensor.New(tensor.WithShape(2), tensor.WithBacking(v))); err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		equal(t, "gradient", numbers(m.Value(d)), []float64{20 * v[0], 200 * v[1]})
	}
	if !strings.Contains(dump.String(), " after %") {
		t.Errorf("the program does not say what it waits for:\n%s", dump.String())
	}
	if e := m.Explain(); e.Count(vm.Gorgonia) != 2 || !strings.Contains(e.String(), "has no instruction of our own\n") {
		t.Errorf("%v", e)
	}
}
