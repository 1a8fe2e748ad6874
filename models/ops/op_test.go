package ops_test

import (
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// operator is what every type of this package is.
type operator interface {
	G.SDOp
	G.UsePreallocDoer
}

var (
	once  = [2]int{1, 1}
	twice = [2]int{2, 2}
	pool  = ops.Pool{Size: twice, Stride: twice}
)

// every is one operator of each type, and bias for both ranks.
var every = []operator{
	ops.Conv2DOp{Stride: once, Pad: once},
	ops.Conv2DInputGradOp{Stride: once, Pad: once, Image: [2]int{5, 4}},
	ops.Conv2DWeightGradOp{Stride: once, Pad: once, Kernel: [2]int{3, 2}},
	ops.AddBiasOp{Dims: 2},
	ops.AddBiasOp{Dims: 4},
	ops.BiasGradOp{Dims: 2},
	ops.BiasGradOp{Dims: 4},
	ops.MaxPoolOp{Pool: pool},
	ops.MaxPoolGradOp{Pool: pool},
	ops.MeanPoolOp{Pool: pool},
	ops.MeanPoolGradOp{Pool: pool, Image: [2]int{5, 4}},
	ops.SoftmaxCrossEntropyOp{},
	ops.SoftmaxCrossEntropyGradOp{},
	ops.SpreadBiasOp{Batch: 4},
	ops.SpreadBiasOp{Batch: 2, Image: [2]int{5, 4}},
	ops.MaxPoolPickOp{Pool: pool},
	ops.SoftmaxOp{},
	ops.RowSumsOp{},
	ops.Conv2DEachGradOp{Stride: once, Pad: once, Kernel: [2]int{3, 2}},
}

// operands gives values that fit an operator of every, in float64.
func operands(op operator) []array {
	r := rand.New(rand.NewPCG(3, 5))
	var images, filters, convolved, pooled = []int{2, 3, 5, 4}, []int{2, 3, 3, 2}, []int{2, 2, 5, 5}, []int{2, 3, 2, 2}
	shapes := map[string][][]int{
		"Conv2DOp":                  {images, filters},
		"Conv2DInputGradOp":         {filters, convolved},
		"Conv2DWeightGradOp":        {images, convolved},
		"Conv2DEachGradOp":          {images, convolved},
		"MaxPoolOp":                 {images},
		"MaxPoolGradOp":             {images, pooled},
		"MeanPoolOp":                {images},
		"MeanPoolGradOp":            {pooled},
		"SoftmaxCrossEntropyOp":     {{4, 3}, {4, 3}},
		"SoftmaxCrossEntropyGradOp": {{4, 3}, {4, 3}, {}},
		"SpreadBiasOp":              {{3}},
		"MaxPoolPickOp":             {images, images},
		"SoftmaxOp":                 {{4, 3}},
		"RowSumsOp":                 {{4, 3}},
	}[reflect.TypeOf(op).Name()]
	switch o := op.(type) {
	case ops.AddBiasOp:
		shapes = [][]int{{4, 3}, {3}}
		if o.Dims == 4 {
			shapes[0] = images
		}
	case ops.BiasGradOp:
		shapes = [][]int{{4, 3}}
		if o.Dims == 4 {
			shapes[0] = images
		}
	}
	var out []array
	for _, s := range shapes {
		out = append(out, normal(r, s...))
	}
	return out
}

// values gives those operands in one float type.
func values(op operator, dtype tensor.Dtype) []G.Value {
	var out []G.Value
	for _, a := range operands(op) {
		out = append(out, a.value(dtype))
	}
	return out
}

// Gorgonia merges nodes by hash code: every number in an operator must count.
func TestEveryFieldCountsForTheHash(t *testing.T) {
	seen := map[uint32]operator{}
	add := func(op operator) {
		if other, ok := seen[op.Hashcode()]; ok {
			t.Errorf("%#v and %#v have one hash code", op, other)
		}
		seen[op.Hashcode()] = op
	}
	for _, op := range every {
		add(op)
		h := fnv.New32a()
		op.WriteHash(h)
		if op.String() == "" || h.Sum32() == fnv.New32a().Sum32() || h.Sum32() != op.Hashcode() {
			t.Errorf("%#v prints %q, and has the hash code %d, not %d", op, op, op.Hashcode(), h.Sum32())
		}
		for i := range numbersIn(reflect.ValueOf(op)) {
			changed := reflect.New(reflect.TypeOf(op)).Elem()
			changed.Set(reflect.ValueOf(op))
			n := numbersIn(changed)[i]
			n.SetInt(n.Int() + 7)
			add(changed.Interface().(operator))
		}
		same := reflect.New(reflect.TypeOf(op)).Elem()
		same.Set(reflect.ValueOf(op))
		if copied := same.Interface().(operator); copied != op || copied.Hashcode() != op.Hashcode() {
			t.Errorf("%#v is not itself", op)
		}
	}
	if want := 73; len(seen) != want {
		t.Errorf("%d hash codes, want %d", len(seen), want)
	}
}

// numbersIn lists the integers of a struct, its arrays and embedded structs.
func numbersIn(v reflect.Value) []reflect.Value {
	var out []reflect.Value
	switch v.Kind() {
	case reflect.Int:
		return []reflect.Value{v}
	case reflect.Array:
		for i := range v.Len() {
			out = append(out, numbersIn(v.Index(i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, numbersIn(v.Field(i))...)
		}
	}
	return out
}

// TestWhatTapeMachineMayDo: it hands over a buffer for each result that is a
// tensor, and no operand of its own.
func TestWhatTapeMachineMayDo(t *testing.T) {
	for _, op := range every {
		_, scalar := op.(ops.SoftmaxCrossEntropyOp)
		if op.ReturnsPtr() == scalar || op.CallsExtern() == scalar || op.OverwritesInput() != -1 {
			t.Errorf("%v: pointer %t, extern %t, overwrites %d", op, op.ReturnsPtr(), op.CallsExtern(), op.OverwritesInput())
		}
	}
}

// TestTypes: Gorgonia infers a node's rank and float type from the operator's type.
func TestTypes(t *testing.T) {
	for _, op := range every {
		a := hm.TypeVariable('a')
		var types []hm.Type
		var sizes []G.DimSizer
		add := func(shape tensor.Shape) {
			sizes = append(sizes, shape)
			if shape.IsScalar() {
				types = append(types, a)
			} else {
				types = append(types, G.TensorType{Dims: len(shape), Of: a})
			}
		}
		for _, x := range operands(op) {
			add(x.shape)
		}
		out, err := op.InferShape(sizes...)
		if err != nil {
			t.Fatal(err)
		}
		add(out)
		if want := hm.NewFnType(types...); !op.Type().Eq(want) || op.Arity() != len(types)-1 {
			t.Errorf("%v: type %v of %d operands, want %v", op, op.Type(), op.Arity(), want)
		}
	}
}

func TestNodesAreMergedOnlyIfEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	g := G.NewGraph()
	x, w := normal(r, 1, 1, 6, 6).node(g, tensor.Float64, "x"), normal(r, 1, 1, 2, 2).node(g, tensor.Float64, "w")
	conv := func(stride, pad [2]int) *G.Node { return G.Must(ops.Conv2D(x, w, stride, pad)) }
	// (6+2-2)/2+1 = 4 along an axis of stride 2 and padding 1, and (6-2)/1+1 = 5 without: some shapes are alike.
	different := G.Nodes{conv(once, [2]int{}), conv(once, once), conv(twice, once), conv(twice, [2]int{}), conv([2]int{1, 2}, once), conv([2]int{2, 1}, once)}
	for _, stride := range [][2]int{once, twice, {3, 3}, {4, 4}} { // the last two give one shape
		different = append(different, G.Must(ops.MaxPool(x, twice, stride)), G.Must(ops.MeanPool(x, twice, stride)))
	}
	seen := map[*G.Node]bool{}
	for _, n := range different {
		seen[n] = true
	}
	if len(seen) != len(different) {
		t.Errorf("%d different nodes, want %d", len(seen), len(different))
	}
	if conv(once, [2]int{}) != conv([2]int{}, [2]int{}) { // a stride of 0 means 1
		t.Error("one convolution is two nodes")
	}
	if n := G.Must(ops.MaxPool(x, twice, twice)); !seen[n] {
		t.Error("one pool is two nodes")
	}
}
