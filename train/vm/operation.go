package vm

import (
	"fmt"
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

// operation is what a value is computed by. String is how a dump prints it;
// check tells what is wrong with v's operands and shape, if anything.
type operation interface {
	String() string
	check(v *value) error
}

// The operations of a program.
type (
	input     struct{}               // a graph's input: bound by the user
	constant  struct{ v float64 }    // a scalar known when the program is made
	fixed     struct{ data G.Value } // a constant tensor
	alias     struct{}               // the same numbers under another shape
	broadcast struct{}               // a scalar repeated to a shape
	repeat    struct{ outer, axis, inner, times int }
	transpose struct{ perm []int }
	sum       struct{ over []bool } // which axes are summed away
	unary     struct{ kind unaryKind }
	binary    struct{ kind binaryKind }
	softmax   struct {
		axis int
		log  bool
	}
	softmaxGrad struct { // (y, dy) -> dx
		axis int
		log  bool
	}
	// product is act(A B + bias), batch times; A or B may be transposed, bias may
	// be missing. A is (m, k), B (k, n), the result (m, n), each of them once a batch.
	product struct {
		transA, transB bool
		bias           bool
		act            unaryKind // opCopy: none
		batch, m, k, n int
	}
	cut           struct{ outer, axis, inner, from, step, length int } // a range of an axis
	uncut         struct{ cut }                                        // (dy) -> dx: zeros around dy
	concat        struct{ outer, inner int }                           // of operands (outer, any, inner)
	byIndices     struct{ cut }                                        // (x, indices): the range's places are looked up
	byIndicesGrad struct{ cut }                                        // (dy, indices) -> dx
	patches       struct{ w stock.Im2Col }                             // (B, C, H, W) -> (B, OH, OW, C*h*w)
	unpatch       struct{ w stock.Im2Col }                             // the sum of what each pixel is in
	batchNorm     struct{ stock.BatchNorm }                            // (x); besides: each channel's mean, in two parts, and 1/deviation
	batchNormGrad struct{ stock.BatchNorm }                            // (x, dy, what is besides) -> dx
	dropout       struct{ stock.Dropout }                              // (x); besides: 1 for each number that is kept, else 0
	dropoutGrad   struct{ stock.Dropout }                              // (dy, what is besides) -> dx
	custom        struct{ G.Op }                                       // an operator of package ops
	opaque        struct {                                             // runs through the operator's own Do
		op  G.Op
		why string // no instruction of our own
	}
	besides struct{} // a second output of the instruction of its operand
)

func (input) String() string         { return "input" }
func (c constant) String() string    { return fmt.Sprintf("constant(%g)", c.v) }
func (fixed) String() string         { return "tensor" }
func (alias) String() string         { return "alias" }
func (broadcast) String() string     { return "broadcast" }
func (r repeat) String() string      { return fmt.Sprintf("repeat(axis of %d, %d times)", r.axis, r.times) }
func (t transpose) String() string   { return fmt.Sprintf("transpose%v", t.perm) }
func (u unary) String() string       { return u.kind.String() }
func (b binary) String() string      { return b.kind.String() }
func (s softmax) String() string     { return named("softmax", s.log, s.axis) }
func (s softmaxGrad) String() string { return named("softmaxGrad", s.log, s.axis) }
func (c cut) String() string {
	return fmt.Sprintf("cut(%d of %d from %d by %d)", c.length, c.axis, c.from, c.step)
}
func (u uncut) String() string     { return "un" + u.cut.String() }
func (concat) String() string      { return "concat" }
func (b byIndices) String() string { return fmt.Sprintf("byIndices(%d of %d)", b.length, b.axis) }
func (b byIndicesGrad) String() string {
	return fmt.Sprintf("byIndicesGrad(%d of %d)", b.length, b.axis)
}
func (p patches) String() string     { return fmt.Sprintf("patches(%dx%d)", p.w.Window[0], p.w.Window[1]) }
func (u unpatch) String() string     { return fmt.Sprintf("unpatch(%dx%d)", u.w.Window[0], u.w.Window[1]) }
func (batchNorm) String() string     { return "batchNorm" }
func (batchNormGrad) String() string { return "batchNormGrad" }
func (d dropout) String() string     { return fmt.Sprintf("dropout(%g)", d.Probability) }
func (d dropoutGrad) String() string { return fmt.Sprintf("dropoutGrad(%g)", d.Probability) }
func (o opaque) String() string      { return fmt.Sprintf("Gorgonia's %v", o.op) }
func (besides) String() string       { return "besides" }

func (s sum) String() string {
	var axes []string
	for i, over := range s.over {
		if over {
			axes = append(axes, fmt.Sprint(i))
		}
	}
	return "sum(" + strings.Join(axes, " ") + ")"
}

func (p product) String() string {
	text := "product"
	if p.batch != 1 {
		text = fmt.Sprintf("%d products", p.batch)
	}
	text += fmt.Sprintf("(%dx%dx%d", p.m, p.k, p.n)
	for _, part := range []struct {
		on   bool
		name string
	}{{p.transA, "Aᵀ"}, {p.transB, "Bᵀ"}, {p.bias, "bias"}, {p.act != opCopy, p.act.String()}} {
		if part.on {
			text += ", " + part.name
		}
	}
	return text + ")"
}

func named(name string, log bool, axis int) string {
	if log {
		name = "log " + name
	}
	return fmt.Sprintf("%s(axis %d)", name, axis)
}
