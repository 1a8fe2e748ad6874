package vm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/ops"
	"symgrad/models/stock"
	"symgrad/models/zoo"
)

// everyOperation are values of rewritten programs, at least some of each
// operation that has a shape to check.
func everyOperation(t *testing.T) (values []*value) {
	t.Helper()
	programs := []*program{eachGradients(t, models.LeNet()), lowered(t, plainNetwork(), tensor.Float32), lowered(t, plainNetwork(), tensor.Float64),
		lowered(t, models.LeNet(), tensor.Float32)}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 14))
		data := make([]byte, 160)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		g := randgraph.New(data, randgraph.Options{Dtype: []tensor.Dtype{tensor.Float32, tensor.Float64}[seed%2]})
		if p, err := lower(g.Expr, defaultResults(g.Expr)); err == nil {
			programs = append(programs, p)
		}
	}
	for _, name := range zoo.Names() {
		m, err := zoo.New(name, tensor.Float64, zoo.Small)
		if err != nil {
			t.Fatal(err)
		}
		p, err := lower(m.Expr, defaultResults(m.Expr))
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, p)
	}
	for i, p := range programs {
		var skip []string
		if i%3 == 1 {
			skip = []string{"patches", "convolutions"}
		}
		if err := p.rewrite(skip, true, nil); err != nil {
			t.Fatal(err)
		}
		values = append(values, p.values...)
	}
	return values
}

// eachGradients is the graph of a network's gradients from each example.
func eachGradients(t *testing.T, spec models.Spec) *program {
	t.Helper()
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Factors(2)
	if err != nil {
		t.Fatal(err)
	}
	p, err := lower(g.Expr, g.Results())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func plainNetwork() models.Spec {
	conv := models.Conv2D{Maps: 3, Kernel: 3}
	return models.Sequential([]int{2, 9, 9}, conv, models.Tanh(), conv, models.MaxPool{Size: 2}, models.MeanPool{Size: 2}, models.Flatten{}, models.Dense{Out: 3})
}

// anyLength tells whether an axis of v's operand, or of v itself for -1, may have
// any length as far as an operation knows.
func anyLength(v *value, operand, axis int) bool {
	switch op := v.op.(type) {
	case unary, binary: // of scalars, any result
		return operand == -1 && !slices.ContainsFunc(v.args, func(a *value) bool { return a.size > 1 })
	case broadcast:
		return operand == -1
	case sum:
		return operand == 0 && op.over[axis]
	case weightGrad, eachGrad, inputGrad: // waits for it
		return operand == 2
	case custom:
		_, sums := op.Op.(ops.BiasGradOp)
		return sums && operand == 0 && axis != 1
	}
	return false
}

// TestChecksSeeWrongShapes: whatever an operation's operands and shape are, one
// operand more or less, or one of another shape, is seen, and so is another shape
// of what it gives.
func TestChecksSeeWrongShapes(t *testing.T) {
	tried := map[string]int{}
	for _, v := range everyOperation(t) {
		switch v.op.(type) {
		case input, fixed, opaque: // have any
			continue
		}
		name := fmt.Sprintf("%T", v.op)
		if c, ok := v.op.(custom); ok {
			name = fmt.Sprintf("%T", c.Op)
		}
		if tried[name]++; tried[name] > 20 {
			continue
		}
		see := func(what string, wrong value) {
			t.Helper()
			if err := wrong.op.check(&wrong); err == nil {
				t.Errorf("%v <- %v: %s is not seen", v, v.args, what)
			}
		}
		longer := func(v *value, axis int) *value {
			shape := slices.Clone(v.shape)
			if len(shape) == 0 {
				shape = []int{1}
			}
			shape[axis] = 3*shape[axis] + 4
			w := newValue(v.op, shape, v.node, v.args...)
			w.side = v.side
			return w
		}
		more := *v
		more.args = append(slices.Clone(v.args), newValue(input{}, []int{7}, nil))
		see("an operand more", more)
		for i, a := range v.args {
			less := *v
			less.args = slices.Delete(slices.Clone(v.args), i, i+1)
			see("an operand less", less)
			for axis := range max(len(a.shape), 1) {
				if anyLength(v, i, axis) {
					continue
				}
				other := *v
				other.args = slices.Clone(v.args)
				other.args[i] = longer(a, axis)
				see(fmt.Sprintf("operand %d of %v", i, other.args[i].shape), other)
			}
		}
		for axis := range max(len(v.shape), 1) {
			if anyLength(v, -1, axis) {
				continue
			}
			other := longer(v, axis)
			see(fmt.Sprintf("%v", other.shape), *other)
		}
	}
	t.Log(tried)
	if len(tried) < 38 {
		t.Errorf("only %d operations tried: %v", len(tried), tried)
	}
}

// TestChecksSeeWrongFields: what an operation says of itself fits what it is
// applied to.
func TestChecksSeeWrongFields(t *testing.T) {
	of := func(op operation, shape []int, operands ...[]int) *value {
		var args []*value
		for _, s := range operands {
			args = append(args, newValue(input{}, s, nil))
		}
		return newValue(op, shape, nil, args...)
	}
	besidesOf := func(v *value, op operation, sizes ...int) *value {
		for _, n := range sizes {
			v.side = append(v.side, newValue(op, []int{n}, nil, v))
		}
		return v
	}
	drop := dropout{stock.Dropout{Probability: 0.5}}
	lone := of(besides{}, []int{6}, []int{2, 3})
	for _, c := range []struct {
		right, wrong *value
	}{
		{of(transpose{[]int{1, 0}}, []int{2, 3}, []int{3, 2}), of(transpose{[]int{1, 2}}, []int{2, 3}, []int{3, 2})},
		{of(transpose{[]int{1, 0}}, []int{2, 3}, []int{3, 2}), of(transpose{[]int{-1, 0}}, []int{2, 3}, []int{3, 2})},
		{of(transpose{[]int{1, 0}}, []int{2, 3}, []int{3, 2}), of(transpose{[]int{0, 1}}, []int{2, 3}, []int{3, 2})},
		{of(transpose{[]int{1, 0}}, []int{2, 3}, []int{3, 2}), of(transpose{[]int{1}}, []int{2, 3}, []int{3, 2})},
		{of(transpose{[]int{1, 0}}, []int{2, 2}, []int{2, 2}), of(transpose{[]int{1, 1}}, []int{2, 2}, []int{2, 2})},
		{of(sum{[]bool{true, false}}, []int{2}, []int{3, 2}), of(sum{[]bool{true, false, true}}, []int{2}, []int{3, 2})},
		{of(fixed{}, []int{2}), of(fixed{}, []int{2}, []int{2})},
		{of(input{}, []int{2}), of(input{}, []int{2}, []int{2})},
		{of(softmax{axis: 1}, []int{3, 2}, []int{3, 2}), of(softmax{axis: 2}, []int{3, 2}, []int{3, 2})},
		{of(softmax{axis: 0}, []int{3, 2}, []int{3, 2}), of(softmax{axis: -1}, []int{3, 2}, []int{3, 2})},
		{of(cut{2, 5, 1, 0, 1, 2}, []int{2, 2}, []int{2, 5}), of(cut{2, 5, 1, -1, 1, 2}, []int{2, 2}, []int{2, 5})},
		{of(cut{2, 5, 1, 3, 1, 2}, []int{2, 2}, []int{2, 5}), of(cut{2, 5, 1, 4, 1, 2}, []int{2, 2}, []int{2, 5})},
		{of(cut{2, 5, 1, 2, 2, 2}, []int{2, 2}, []int{2, 5}), of(cut{2, 5, 1, 2, 3, 2}, []int{2, 2}, []int{2, 5})},
		{of(cut{2, 5, 1, 0, 1, 2}, []int{2, 2}, []int{2, 5}), of(cut{2, 5, 1, 0, 0, 2}, []int{2, 2}, []int{2, 5})},
		{of(concat{2, 3}, []int{2, 4, 3}, []int{2, 1, 3}, []int{2, 3, 3}), of(concat{2, 3}, []int{2, 4, 3}, []int{2, 3, 3}, []int{5}, []int{1})},
		{of(batchNorm{}, []int{4, 3}, []int{4, 3}), of(batchNorm{}, []int{4}, []int{4})},
		{besidesOf(of(drop, []int{4}, []int{4}), besides{}, 4), besidesOf(of(drop, []int{4}, []int{4}), besides{}, 4, 4)},
		{besidesOf(of(drop, []int{4}, []int{4}), besides{}, 4), besidesOf(of(drop, []int{4}, []int{4}), besides{}, 5)},
		{besidesOf(of(drop, []int{4}, []int{4}), besides{}, 4), besidesOf(of(drop, []int{4}, []int{4}), alias{}, 4)},
		{besidesOf(lone.args[0], besides{}, 6).side[0], lone},
	} {
		if err := c.right.op.check(c.right); err != nil {
			t.Errorf("%#v: %v", c.right.op, err)
		}
		if err := c.wrong.op.check(c.wrong); err == nil {
			t.Errorf("%#v: not seen", c.wrong.op)
		}
	}
}
