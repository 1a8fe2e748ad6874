package vm

import (
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/stock"
)

// lowered is a network's training graph before any pass.
func lowered(t *testing.T, spec models.Spec, dtype tensor.Dtype) *program {
	t.Helper()
	spec.Dtype = dtype
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Training(2)
	if err != nil {
		t.Fatal(err)
	}
	p, err := lower(g.Expr, append(G.Nodes{g.Loss}, g.Grads...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// compiledLeNet is a program with everything in it that can go wrong.
func compiledLeNet(t *testing.T) (*program, []unit, map[*value]place, int) {
	t.Helper()
	p := lowered(t, models.LeNet(), tensor.Float32)
	if err := p.rewrite(nil, true, nil); err != nil {
		t.Fatal(err)
	}
	units := schedule(p)
	places, size := plan(p, units, true)
	if err := p.verifyPlan(units, places, size); err != nil {
		t.Fatal(err)
	}
	return p, units, places, size
}

func find[O operation](p *program) *value {
	for _, v := range p.values {
		if _, ok := v.op.(O); ok {
			return v
		}
	}
	panic("not there")
}

// TestTheVerifierSees breaks one thing at a time.
func TestTheVerifierSees(t *testing.T) {
	for name, c := range map[string]struct {
		breaks func(p *program)
		says   string
	}{
		"order":            {func(p *program) { p.values[0], p.values[len(p.values)-1] = p.values[len(p.values)-1], p.values[0] }, "before its operand"},
		"twice":            {func(p *program) { p.values = append(p.values, p.values[3]) }, "twice"},
		"uses":             {func(p *program) { p.values[2].uses++ }, "uses"},
		"size":             {func(p *program) { p.values[4].size++ }, ": size "},
		"result":           {func(p *program) { v := *p.results[0].value; p.results[0].value = &v }, "not computed"},
		"result's size":    {func(p *program) { p.results[0].node = p.results[1].node }, "the result"},
		"another's maxima": {func(p *program) { find[inputGrad](p).args[2] = find[convolution](p) }, "does not wait"},
		"nobody's side": {func(p *program) {
			v := find[convolution](p)
			v.side = append(v.side, newValue(besides{}, []int{1}, nil, v))
		}, "nobody wants"},
		"layout": {func(p *program) { find[convolution](p).layout = rowMajor }, "another order"},
		"result layout": {func(p *program) {
			v := find[convolution](p)
			v.keep, v.uses, p.results = true, v.uses+1, append(p.results, result{v.node, v})
		}, "another order"},
		"block layout": {func(p *program) { b := find[weightGrad](p).op.(weightGrad); b.in = 1 - b.in }, "another order"},
		"maxima":       {func(p *program) { find[inputGrad](p).op.(inputGrad).backward = false }, "does not wait"},
		"no wait":      {func(p *program) { v := find[inputGrad](p); v.args = v.args[:2] }, "operands"},
		"side":         {func(p *program) { find[weightGrad](p).side = nil }, "does not write it"},
		"shape": {func(p *program) {
			v := find[product](p)
			v.op = product{batch: 1, m: 3, k: 3, n: 3, act: opCopy, bias: true}
		}, "want"},
		"operands": {func(p *program) { v := find[unary](p); v.args = append(v.args, v.args[0]); v.args[0].uses++ }, "operands"},
		"kept":     {func(p *program) { p.results[0].value.keep = false }, "not kept"},
		"alias":    {func(p *program) { find[alias](p).layout = channelsLast }, "another order"},
	} {
		p, _, _, _ := compiledLeNet(t)
		c.breaks(p)
		if err := p.verify(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want something about %q", name, err, c.says)
		}
	}
}

// TestOrdersOfABlock: each operation of a convolution sees by itself that its
// images or its maps lie in another order than the kernel takes.
func TestOrdersOfABlock(t *testing.T) {
	p, _, _, _ := compiledLeNet(t)
	for _, v := range p.values {
		b := blockOf(v)
		if b == nil {
			continue
		}
		for _, l := range []*layout{&b.in, &b.out} {
			*l = rowMajor + channelsLast - *l
			if v.verifyLayout() == nil {
				t.Errorf("%v: not seen", v)
			}
			*l = rowMajor + channelsLast - *l
		}
	}
}

// TestOrdersUnderOtherShapes: under another shape, numbers are read and written in
// the graph's order; a scalar has none.
func TestOrdersUnderOtherShapes(t *testing.T) {
	for _, c := range []struct {
		from, to   []int
		reads, own layout
		right      bool
	}{
		{[]int{2, 3, 2, 2}, []int{2, 12}, rowMajor, rowMajor, true},
		{[]int{2, 3, 2, 2}, []int{2, 12}, channelsLast, rowMajor, false},
		{[]int{1, 2, 1, 1}, []int{2}, channelsLast, rowMajor, false},
		{[]int{2, 12}, []int{2, 3, 2, 2}, rowMajor, channelsLast, false},
		{[]int{2, 3, 2, 2}, []int{2, 3, 2, 2}, channelsLast, channelsLast, true},
		{[]int{2, 3, 2, 2}, []int{2, 3, 2, 2}, channelsLast, rowMajor, false},
		{[]int{1, 1, 1, 1}, []int{1}, channelsLast, rowMajor, true},
	} {
		x := newValue(input{}, c.from, nil)
		v := newValue(alias{}, c.to, nil, x)
		x.layout, v.layout = c.reads, c.own
		if err := v.verifyLayout(); (err == nil) != c.right {
			t.Errorf("%v in order %v, read in order %v: %v", v, c.own, c.reads, err)
		}
	}
}

// TestThePlanIsChecked moves every place in turn onto every other that begins
// elsewhere; what is then read or kept is not what was written, unless the two
// never live at once.
func TestThePlanIsChecked(t *testing.T) {
	p, units, places, size := compiledLeNet(t)
	caught := 0
	for v := range places {
		if !v.keep {
			continue
		}
		for w, at := range places {
			if !w.keep || w == v {
				continue
			}
			old := places[v]
			places[v] = at
			if err := p.verifyPlan(units, places, size+v.size); err == nil {
				t.Errorf("%v over %v, both kept: not seen", v, w)
			}
			places[v] = old
			caught++
		}
	}
	if caught < 50 {
		t.Errorf("only %d pairs tried", caught)
	}
	delete(places, find[convolution](p))
	if err := p.verifyPlan(units, places, size); err == nil {
		t.Error("a value without a place: not seen")
	}
}

// TestPlans: what is left in memory, and for how long, of a chain of elementwise
// values and of operators that are not the machine's own.
func TestPlans(t *testing.T) {
	computed := func(op operation, args ...*value) *value { return newValue(op, []int{20}, nil, args...) }
	x := computed(input{})
	foreign := computed(opaque{}, computed(unary{opExp}, x)) // may keep its operand for the way back
	inner := computed(unary{opTanh}, foreign)
	last := computed(unary{opExp}, inner)
	p := &program{results: []result{{value: last}}}
	p.values = []*value{x, foreign.args[0], foreign, inner, last}
	p.reach()
	units := schedule(p)
	if len(units) != 3 || !units[2].inside[inner] || units[2].inside[last] {
		t.Fatalf("%d units, inside %v", len(units), units[2].inside)
	}
	for overlap, want := range map[bool]int{true: 64, false: 96} { // the last writes over what the foreign operator gave, not over what it was given
		places, size := plan(p, units, overlap)
		if size != want || (places[last] == places[foreign]) != overlap || places[last] == places[foreign.args[0]] {
			t.Errorf("overlap %t: %d numbers, want %d; %v", overlap, size, want, places)
		}
		if err := p.verifyPlan(units, places, size); err != nil {
			t.Error(err)
		}
		for name, breaks := range map[string]func(places map[*value]place) int{
			"a place beyond the end": func(places map[*value]place) int { return size - 16 },
			"no place":               func(places map[*value]place) int { delete(places, foreign); return size },
			"the operand's place":    func(places map[*value]place) int { places[foreign] = places[foreign.args[0]]; return size },
		} {
			broken := maps.Clone(places)
			n := breaks(broken)
			if err := p.verifyPlan(units, broken, n); err == nil {
				t.Errorf("%s: not seen", name)
			}
		}
	}
}

// TestAPlanWithAnEarlyDeath: what is still to be read may not be written over.
func TestAPlanWithAnEarlyDeath(t *testing.T) {
	x := newValue(input{}, []int{4, 5}, nil)
	a := newValue(transpose{[]int{1, 0}}, []int{5, 4}, nil, x)
	b := newValue(transpose{[]int{1, 0}}, []int{4, 5}, nil, a)
	both := newValue(concat{1, 1}, []int{40}, nil, a, b)
	p := &program{values: []*value{x, a, b, both}, results: []result{{value: both}}}
	p.reach()
	units := schedule(p)
	places, size := plan(p, units, true)
	if err := p.verifyPlan(units, places, size); err != nil {
		t.Fatal(err)
	}
	places[b] = places[a]
	if err := p.verifyPlan(units, places, size); err == nil || !strings.Contains(err.Error(), "reads") {
		t.Errorf("%v", err)
	}
}

// TestAPassThatPanics is an error with the pass's name and a stack.
func TestAPassThatPanics(t *testing.T) {
	p := &program{}
	err := p.apply(pass{name: "clumsy", run: func(*program) { panic("oops") }})
	internal, ok := err.(*InternalError)
	if !ok || internal.Where != "pass clumsy" || !strings.Contains(string(internal.Stack), "TestAPassThatPanics") {
		t.Errorf("%v", err)
	}
}

// TestAPassThatBreaksTheProgram is seen when verification is asked for, and
// only then; one that panics, always.
func TestAPassThatBreaksTheProgram(t *testing.T) {
	defer func(old []pass) { passes = old }(passes)
	breaks := func(p *program) { p.values[len(p.values)-1].size++ }
	panics := func(*program) { panic("oops") }
	nothing := func(*program) {}
	for _, c := range []struct {
		pass     pass
		lowering func(p *program)
		verify   bool
		want     string
	}{
		{pass{name: "clumsy", run: breaks}, nothing, true, "after pass clumsy: "},
		{pass{name: "clumsy", run: breaks}, nothing, false, ""},
		{pass{name: "absurd", run: panics}, nothing, false, "pass absurd: oops"},
		{pass{name: "single", float32: true, run: panics}, nothing, false, ""},
		{pass{name: "mends", run: func(p *program) { p.values[len(p.values)-1].size-- }}, breaks, true, "after pass lower: "},
		{pass{name: "innocent", run: nothing}, nothing, true, ""},
	} {
		for _, dump := range []io.Writer{nil, io.Discard} {
			passes = []pass{c.pass, {name: "next", run: nothing}}
			p := lowered(t, models.Neuron(3), tensor.Float64)
			c.lowering(p)
			switch err := p.rewrite(nil, c.verify, dump); {
			case err == nil && c.want == "":
			case err == nil || c.want == "" || !strings.HasPrefix(err.Error(), c.want):
				t.Errorf("%s, verified %t: %v, want %q", c.pass.name, c.verify, err, c.want)
			}
		}
	}
}

// TestConstantsAreRounded: what is computed of them at compile time is what the
// machine would have computed.
func TestConstantsAreRounded(t *testing.T) {
	for single, want := range map[bool]float64{false: math.Exp(0.1), true: float64(float32(math.Exp(0.1)))} {
		x := newValue(constant{0.1}, nil, nil)
		y := newValue(unary{opExp}, nil, nil, x)
		p := &program{values: []*value{x, y}, results: []result{{value: y}}, float32: single}
		p.reach()
		foldConstants(p)
		if !y.is(want) {
			t.Errorf("float32 %t: %v, want %v", single, y, want)
		}
	}
}

// TestPredictionKeepsNoMaxima: nobody asks for them.
func TestPredictionKeepsNoMaxima(t *testing.T) {
	for _, trains := range []bool{false, true} {
		p := lowered(t, models.LeNet(), tensor.Float32)
		if !trains {
			p.results = p.results[:1] // the loss
			p.reach()
		}
		if err := p.rewrite(nil, true, nil); err != nil {
			t.Fatal(err)
		}
		first := find[convolution](p).op.(convolution)
		if err := first.prepare(); err != nil {
			t.Fatal(err)
		}
		if keeps := first.argmax != nil; keeps != trains {
			t.Errorf("trains %t, keeps where the maxima were %t", trains, keeps)
		}
	}
}

// TestThePassTable: each pass comes after those whose work it builds on.
func TestThePassTable(t *testing.T) {
	seen := map[string]bool{}
	for _, pass := range passes {
		for _, before := range pass.after {
			if !seen[before] {
				t.Errorf("%s before %s", pass.name, before)
			}
		}
		if seen[pass.name] || pass.does == "" || pass.run == nil {
			t.Errorf("pass %q", pass.name)
		}
		seen[pass.name] = true
	}
}

// TestAWorkersPanicKeepsItsStack, not that of who waited for it.
func TestAWorkersPanicKeepsItsStack(t *testing.T) {
	for _, c := range []struct {
		cause any
		stack string
	}{
		{&workerPanic{"oops", []byte("the worker's")}, "the worker's"},
		{"oops", "TestAWorkersPanicKeepsItsStack"},
	} {
		err := internalError("here", c.cause).(*InternalError)
		if err.Error() != "here: oops" || !strings.Contains(string(err.Stack), c.stack) {
			t.Errorf("%v: %v\n%s", c.cause, err, err.Stack)
		}
	}
}

// TestSidesThatNobodyWants are not computed, those that somebody does are.
func TestSidesThatNobodyWants(t *testing.T) {
	for _, wanted := range []bool{false, true} {
		x := newValue(input{}, []int{4}, nil)
		y := newValue(dropout{stock.Dropout{Probability: 0.5}}, []int{4}, nil, x)
		mask := newValue(besides{}, []int{4}, nil, y)
		y.side = []*value{mask}
		p := &program{values: []*value{x, y, mask}, results: []result{{value: y}}}
		if wanted {
			p.results = append(p.results, result{value: mask})
		}
		p.reach()
		if got := len(y.side) == 1; got != wanted || slices.Contains(p.values, mask) != wanted {
			t.Errorf("wanted %t, but there %t, among %v", wanted, got, p.values)
		}
	}
}

// TestAPanicInAWorker reaches the caller, with the node and the worker's stack.
func TestAPanicInAWorker(t *testing.T) {
	w := newWorkers(3)
	defer w.close()
	v := newValue(input{}, []int{2}, G.NewVector(G.NewGraph(), tensor.Float64, G.WithName("x"), G.WithShape(2)))
	c := &compiled[float64]{workers: w}
	c.add(v, 64, func(_, piece int) {
		if piece == 40 {
			panic("in a worker")
		}
	})
	for range 100 {
		err := c.execute()
		internal, ok := err.(*InternalError)
		if !ok || !strings.Contains(err.Error(), "in a worker") || !strings.Contains(err.Error(), "x") || !strings.Contains(string(internal.Stack), "TestAPanicInAWorker") {
			t.Fatalf("%v", err)
		}
	}
}
