package gradcheck

import (
	"fmt"
	"hash"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/interpret"
)

// mutant is a right operator whose gradient by one operand is made wrong.
type mutant struct {
	G.SDOp
	operand int
	how     mutation
	memory  *[]float64
}

// mutation says what is done to the numbers of a gradient dx, beside the operand x
// and the incoming gradient dy, which it may damage.
type mutation struct {
	name   string
	change func(m *mutant, dx, x, dy []float64, shape tensor.Shape) []float64
}

func (m mutant) String() string        { return fmt.Sprintf("%v, %s by %d", m.SDOp, m.how.name, m.operand+1) }
func (m mutant) WriteHash(h hash.Hash) { fmt.Fprint(h, m.String()) }
func (m mutant) Hashcode() uint32      { h := fnv.New32a(); m.WriteHash(h); return h.Sum32() }
func (m mutant) DiffWRT(n int) []bool {
	wrt := slices.Clone(m.SDOp.DiffWRT(n))
	if m.how.change == nil {
		wrt[m.operand] = false
	}
	return wrt
}

func (m mutant) SymDiff(in G.Nodes, out, dy *G.Node) (G.Nodes, error) {
	d, err := m.SDOp.SymDiff(in, out, dy)
	if err != nil {
		return nil, err
	}
	if m.how.change == nil {
		d[m.operand] = nil
		return d, nil
	}
	d[m.operand], err = G.ApplyOp(tamperOp{m}, d[m.operand], in[m.operand], dy)
	return d, err
}

// tamperOp changes the gradient that is its first operand.
type tamperOp struct{ of mutant }

func (tamperOp) Arity() int { return 3 }
func (tamperOp) Type() hm.Type {
	a, b, c := hm.TypeVariable('a'), hm.TypeVariable('b'), hm.TypeVariable('c')
	return hm.NewFnType(a, b, c, a)
}
func (tamperOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}
func (tamperOp) ReturnsPtr() bool        { return true }
func (tamperOp) CallsExtern() bool       { return false }
func (tamperOp) OverwritesInput() int    { return -1 }
func (t tamperOp) String() string        { return "gradient of " + t.of.String() }
func (t tamperOp) WriteHash(h hash.Hash) { fmt.Fprint(h, t.String()) }
func (t tamperOp) Hashcode() uint32      { h := fnv.New32a(); t.WriteHash(h); return h.Sum32() }

func (t tamperOp) Do(in ...G.Value) (G.Value, error) {
	live := func(v G.Value) []float64 {
		if x, ok := v.Data().([]float64); ok {
			return x
		}
		return audit.Numbers(v)
	}
	shape := in[0].Shape()
	out := t.of.how.change(&t.of, audit.Numbers(in[0]), live(in[1]), live(in[2]), shape)
	if len(out) != shape.TotalSize() {
		shape = tensor.Shape{len(out)}
	}
	return interpret.Float(in[0].Dtype(), shape, out), nil
}

// each makes a mutation of a function of one number.
func each(name string, f func(i, n int, d float64) float64) mutation {
	return mutation{name, func(_ *mutant, dx, _, _ []float64, _ tensor.Shape) []float64 {
		for i, d := range dx {
			dx[i] = f(i, len(dx), d)
		}
		return dx
	}}
}

// moved makes a mutation that puts each number elsewhere along an axis; axis -1 is
// the last.
func moved(name string, axis int, to func(i, n int) int) mutation {
	return mutation{name, func(_ *mutant, dx, _, _ []float64, shape tensor.Shape) []float64 {
		if len(shape) == 0 {
			return dx
		}
		axis := (axis + len(shape)) % len(shape)
		inner, out := 1, make([]float64, len(dx))
		for _, d := range shape[axis+1:] {
			inner *= d
		}
		for i, d := range dx {
			at := i / inner % shape[axis]
			out[i+(to(at, shape[axis])-at)*inner] = d
		}
		return out
	}}
}

// summed puts the sum, or the mean, over an axis everywhere.
func summed(name string, axis int, mean bool) mutation {
	return mutation{name, func(_ *mutant, dx, _, _ []float64, shape tensor.Shape) []float64 {
		out := make([]float64, len(dx))
		if len(shape) == 0 {
			return dx
		}
		axis := (axis + len(shape)) % len(shape)
		for by := range shape[axis] {
			part := moved("", axis, func(i, n int) int { return (i + by) % n }).change(nil, dx, nil, nil, shape)
			for i, d := range part {
				out[i] += d
			}
		}
		for i := range out {
			if mean {
				out[i] /= float64(shape[axis])
			}
		}
		return out
	}}
}

// factor is a number, such as a batch size, by which gradients are often off.
func factor(by float64) mutation {
	return each(fmt.Sprintf("times %g", by), func(_, _ int, d float64) float64 { return by * d })
}

func mutations() []mutation {
	noise := rand.New(rand.NewPCG(1, 2))
	return []mutation{
		factor(-1), factor(2), factor(0.5), factor(1.001), factor(0.999), factor(0),
		each("the first number 0", func(i, _ int, d float64) float64 {
			if i == 0 {
				return 0
			}
			return d
		}),
		each("the last number off by 1 %", func(i, n int, d float64) float64 {
			if i == n-1 {
				return 1.01 * d
			}
			return d
		}),
		each("a number added", func(_, _ int, d float64) float64 { return d + 0.01 }),
		each("squared", func(_, _ int, d float64) float64 { return d * math.Abs(d) }),
		each("clipped", func(_, _ int, d float64) float64 { return max(-0.05, min(0.05, d)) }),
		each("NaN", func(i, n int, d float64) float64 {
			if i == n/2 {
				return math.NaN()
			}
			return d
		}),
		each("infinite", func(i, n int, d float64) float64 {
			if i == n/2 {
				return math.Inf(1)
			}
			return d
		}),
		each("noisy", func(_, _ int, d float64) float64 { return d * (1 + 1e-3*noise.Float64()) }),
		moved("off by one along the last axis", -1, func(i, n int) int { return (i + 1) % n }),
		moved("off by one along the first axis", 0, func(i, n int) int { return (i + 1) % n }),
		moved("reversed", -1, func(i, n int) int { return n - 1 - i }),
		summed("summed over the first axis", 0, false),
		summed("averaged over the last axis", -1, true),
		{"transposed", func(_ *mutant, dx, _, _ []float64, shape tensor.Shape) []float64 {
			out := slices.Clone(dx)
			if len(shape) == 2 {
				for i := range shape[0] {
					for j := range shape[1] {
						out[i*shape[1]+j] = dx[j*shape[0]+i]
					}
				}
			}
			return out
		}},
		{"divided by the batch", func(_ *mutant, dx, _, _ []float64, shape tensor.Shape) []float64 {
			for i := range dx {
				if len(shape) > 0 {
					dx[i] /= float64(shape[0])
				}
			}
			return dx
		}},
		{"wrong for negative numbers", func(_ *mutant, dx, x, _ []float64, _ tensor.Shape) []float64 {
			for i := range dx {
				if x[i] < 0 {
					dx[i] *= 1.5
				}
			}
			return dx
		}},
		{"remembered", func(m *mutant, dx, _, _ []float64, _ tensor.Shape) []float64 {
			if *m.memory == nil {
				*m.memory = slices.Clone(dx)
			}
			return slices.Clone(*m.memory)
		}},
		{"in place of the operand", func(_ *mutant, dx, x, _ []float64, _ tensor.Shape) []float64 { copy(x, dx); return dx }},
		{"in place of dy", func(_ *mutant, dx, _, dy []float64, _ tensor.Shape) []float64 {
			for i := range dy {
				dy[i] *= 2
			}
			return dx
		}},
		{"too short", func(_ *mutant, dx, _, _ []float64, _ tensor.Shape) []float64 { return dx[:max(1, len(dx)-1)] }},
		{"panic", func(_ *mutant, dx, _, _ []float64, _ tensor.Shape) []float64 { panic("mutant") }},
		{"missing", nil},
	}
}
