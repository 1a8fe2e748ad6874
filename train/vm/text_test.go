package vm

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
	kconv "symgrad/train/vm/kernel/conv"
)

// TestWhatADumpCallsOperations, and Explain.
func TestWhatADumpCallsOperations(t *testing.T) {
	window := stock.Im2Col{Window: [2]int{2, 3}}
	shape := kconv.Shape{Channels: 3, Height: 9, Width: 8, Maps: 4, Kernel: [2]int{5, 6}}
	pool := kconv.Window{Size: [2]int{2, 1}}
	drops := stock.Dropout{Probability: 0.25}
	for _, c := range []struct {
		op   operation
		want string
	}{
		{fixed{}, "tensor"}, {patches{window}, "patches(2x3)"}, {unpatch{window}, "unpatch(2x3)"},
		{dropout{drops}, "dropout(0.25)"}, {dropoutGrad{drops}, "dropoutGrad(0.25)"},
		{opaque{op: G.Must(G.Tanh(G.NewVector(G.NewGraph(), tensor.Float64, G.WithShape(2), G.WithName("x")))).Op()}, "Gorgonia's tanh"},
		{weightGrad{&block{shape: shape, biases: true, pools: true, window: pool}}, "weightGrad(3x9x8 to 4@5x6, bias, max-pool 2x1)"},
		{eachGrad{&block{shape: shape}}, "eachGrad(3x9x8 to 4@5x6)"},
	} {
		if got := c.op.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestEachGradientsShapes: three operands, or two without a pool, of the block's
// shapes, make a row for each image.
func TestEachGradientsShapes(t *testing.T) {
	b := &block{batch: 2, shape: kconv.Shape{Channels: 3, Height: 9, Width: 8, Maps: 4, Kernel: [2]int{5, 6}}}
	x, dz := []int{2, 3, 9, 8}, []int{2, 4, 5, 3}
	of := func(shape []int, operands ...[]int) error {
		var args []*value
		for _, s := range operands {
			args = append(args, newValue(input{}, s, nil))
		}
		return eachGrad{b}.check(newValue(eachGrad{b}, shape, nil, args...))
	}
	row := []int{2, 4 * (3*5*6 + 1)}
	if err := of(row, x, dz); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{
		"a row of the filter alone": of([]int{2, 4 * 3 * 5 * 6}, x, dz), "no image": of(row, dz), "the image after the gradient": of(row, dz, x),
		"maxima where there is no pool": of(row, x, dz, dz), "another gradient": of(row, x, []int{2, 4, 5, 4}),
	} {
		if err == nil {
			t.Errorf("%s is let pass", what)
		}
	}
}

// unheard is an operation that no instruction computes.
type unheard struct{}

func (unheard) String() string     { return "unheard of" }
func (unheard) check(*value) error { return nil }

func TestAnOperationWithoutInstruction(t *testing.T) {
	x := newValue(input{}, []int{2}, G.NewVector(G.NewGraph(), tensor.Float64, G.WithName("x"), G.WithShape(2)))
	y := newValue(unheard{}, []int{2}, x.node, x)
	p := &program{values: []*value{x, y}, results: []result{{x.node, y}}}
	w := newWorkers(1)
	defer w.close()
	if _, err := compile[float64](p, Config{}, nil, w); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprint(x.node, ": no instruction for unheard of")) {
		t.Errorf("%v", err)
	}
}

// TestAPanicNamesItsInstruction, not one before it.
func TestAPanicNamesItsInstruction(t *testing.T) {
	w := newWorkers(1)
	defer w.close()
	g := G.NewGraph()
	c := &compiled[float64]{workers: w}
	for i, name := range []string{"first", "second", "third"} {
		v := newValue(input{}, nil, G.NewScalar(g, tensor.Float64, G.WithName(name)))
		c.add(v, 1, func(_, _ int) {
			if i == 1 {
				panic("at last")
			}
		})
	}
	if err := c.execute(); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprint(c.code[1].value.node, ", which")) {
		t.Errorf("%v", err)
	}
}

// TestABlockHasOneKernel, whichever of its operations asks first.
func TestABlockHasOneKernel(t *testing.T) {
	shape := kconv.Shape{Channels: 1, Height: 6, Width: 6, Maps: 2, Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}}
	for _, pools := range []bool{false, true} {
		b := &block{batch: 1, shape: shape, pools: pools, window: kconv.Window{Size: [2]int{2, 2}, Stride: [2]int{2, 2}}}
		if err := b.prepare(); err != nil {
			t.Fatal(err)
		}
		plain, pooled := b.plain, b.pooled
		if err := b.prepare(); err != nil || b.plain != plain || b.pooled != pooled {
			t.Errorf("pools %t: another kernel, %v", pools, err)
		}
	}
}

// TestOneValueBeside, however many ask for it.
func TestOneValueBeside(t *testing.T) {
	v := newValue(dropout{}, []int{4}, nil, newValue(input{}, []int{4}, nil))
	if a, b := v.beside([]int{4}), v.beside([]int{4}); a != b || len(v.side) != 1 {
		t.Errorf("%v and %v", a, b)
	}
}

func TestHowManyWorkers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for config, want := range map[int]int{-1: 3, 0: 3, 1: 1, 2: 2, 5: 5} {
		m, err := New(G.NewGraph(), Config{Workers: config})
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
		if n := m.workers.count; n != want || runtime.GOMAXPROCS(0) != 3 {
			t.Errorf("%d workers: %d on %d processors, want %d", config, n, runtime.GOMAXPROCS(0), want)
		}
	}
}

// TestNoOverlap gives each of ten vectors memory of its own.
func TestNoOverlap(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(4, 4), G.WithName("x"))
	y := x
	for range 10 {
		y = G.Must(G.Mul(x, y))
	}
	size := func(apart bool) (n, numbers int) {
		var dump strings.Builder
		m, err := New(g, Config{Results: G.Nodes{y}, NoOverlap: apart, Dump: io.Writer(&dump)})
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
		_, plan, _ := strings.Cut(dump.String(), "-- plan: ")
		if _, err := fmt.Sscanf(plan, "%d instructions, %d numbers", &n, &numbers); err != nil {
			t.Fatal(err)
		}
		return n, numbers
	}
	_, shared := size(false)
	if n, numbers := size(true); n != 10 || numbers != 160 || shared >= 160 {
		t.Errorf("%d instructions: %d numbers apart, %d shared", n, numbers, shared)
	}
}
