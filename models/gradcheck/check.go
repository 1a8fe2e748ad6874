package gradcheck

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Tensor is a parameter at the point where its gradient is checked.
type Tensor struct {
	Name   string
	Shape  []int // empty for a scalar
	Values []float64
}

// Build adds a scalar loss to the graph of the parameters' nodes, which come in
// the order of the tensors given. It is called several times, each time with a
// fresh graph, and must build the same loss each time.
type Build func(params G.Nodes) (loss *G.Node, err error)

// Options tune a check. The zero value checks every element in float64.
type Options struct {
	Step       float64 // of the finite difference, relative to max(1, |x|); 0 means 1e-4 (float32: 1e-2)
	Relative   float64 // tolerance; 0 means 1e-6 (float32: 1e-2)
	Absolute   float64 // tolerance besides; 0 means 1e-8 (float32: 1e-3)
	Directions int     // if positive, check so many random directions instead of every element: for large parameters
	Seed       uint64  // of the directions
	Dtype      tensor.Dtype
}

func (o Options) filled() Options {
	if o.Dtype == (tensor.Dtype{}) {
		o.Dtype = tensor.Float64
	}
	single := o.Dtype == tensor.Float32
	pick := func(v *float64, double, float float64) {
		if *v == 0 {
			*v = double
			if single {
				*v = float
			}
		}
	}
	pick(&o.Step, 1e-4, 1e-2)
	pick(&o.Relative, 1e-6, 1e-2)
	pick(&o.Absolute, 1e-8, 1e-3)
	return o
}

// Mismatch is a place where the symbolic gradient is not the numerical one.
type Mismatch struct {
	Param              string
	Index              int // in row-major order; -1 for a random direction
	Symbolic, Expected float64
	Witness            string // "finite difference" or "hand-written"
}

func (m Mismatch) Error() string {
	where := fmt.Sprintf("%s[%d]", m.Param, m.Index)
	if m.Index < 0 {
		where = m.Param + " along a random direction"
	}
	return fmt.Sprintf("gradcheck: gradient of %s: symbolic %.10g, %s %.10g (difference %.3g)", where, m.Symbolic, m.Witness, m.Expected, m.Symbolic-m.Expected)
}

// Test fails t for every mismatch that [Check] finds.
func Test(t testing.TB, build Build, at []Tensor, o Options) {
	t.Helper()
	mismatches, err := Check(build, at, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mismatches {
		t.Error(m)
	}
}

// Check compares the symbolic gradient of a loss with central differences. At a
// kink, such as a ReLU at 0 or a tie in a pool, a subgradient is accepted.
func Check(build Build, at []Tensor, o Options) ([]Mismatch, error) {
	o = o.filled()
	gradients, err := symbolic(build, at, o.Dtype)
	if err != nil {
		return nil, err
	}
	loss, err := evaluator(build, at, o.Dtype)
	if err != nil {
		return nil, err
	}
	defer loss.Close()
	var found []Mismatch
	for p, t := range at {
		mismatches, err := o.checkParam(loss, p, t, gradients[p])
		if err != nil {
			return nil, err
		}
		found = append(found, mismatches...)
	}
	return found, nil
}

func (o Options) checkParam(loss *lossAt, p int, t Tensor, gradient []float64) ([]Mismatch, error) {
	var found []Mismatch
	compare := func(index int, direction []float64, want float64) error {
		ok, numeric, err := o.agrees(loss, p, direction, want)
		if err == nil && !ok {
			found = append(found, Mismatch{Param: t.Name, Index: index, Symbolic: want, Expected: numeric, Witness: "finite difference"})
		}
		return err
	}
	direction := make([]float64, len(t.Values))
	if o.Directions > 0 {
		r := rand.New(rand.NewPCG(o.Seed, uint64(p)))
		for range o.Directions {
			norm := 0.0
			for i := range direction {
				direction[i] = r.NormFloat64()
				norm += direction[i] * direction[i]
			}
			want := 0.0
			for i := range direction {
				direction[i] /= math.Sqrt(norm)
				want += direction[i] * gradient[i]
			}
			if err := compare(-1, direction, want); err != nil {
				return nil, err
			}
		}
		return found, nil
	}
	for i := range direction {
		clear(direction)
		direction[i] = 1
		if err := compare(i, direction, gradient[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// agrees compares the slope along a direction with the symbolic one.
func (o Options) agrees(loss *lossAt, p int, direction []float64, symbolic float64) (bool, float64, error) {
	scale := 1.0
	for i, d := range direction {
		scale = max(scale, math.Abs(loss.at[p].Values[i]*d))
	}
	return slopeOf(func(h float64) (float64, error) { return loss.value(p, direction, h) }, symbolic, o.Step*scale,
		func(a, b float64) bool { return near(a, b, o.Relative, o.Absolute) })
}

func near(a, b, relative, absolute float64) bool {
	return math.Abs(a-b) <= relative*max(math.Abs(a), math.Abs(b))+absolute
}

// symbolic differentiates the loss and runs the gradient graph.
func symbolic(build Build, at []Tensor, dtype tensor.Dtype) ([][]float64, error) {
	g, params, err := bindAll(at, dtype)
	if err != nil {
		return nil, err
	}
	loss, err := build(params)
	if err != nil {
		return nil, fmt.Errorf("gradcheck: building the loss: %w", err)
	}
	nodes, err := G.Grad(loss, params...)
	if err != nil {
		return nil, fmt.Errorf("gradcheck: differentiating: %w", err)
	}
	read := make([]G.Value, len(nodes))
	for i, n := range nodes {
		G.Read(n, &read[i]) // TapeMachine overwrites values that other nodes use
	}
	machine := G.NewTapeMachine(g)
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		return nil, fmt.Errorf("gradcheck: running the gradient: %w", err)
	}
	out := make([][]float64, len(read))
	for i, v := range read {
		if out[i] = numbers(v); len(out[i]) != len(at[i].Values) {
			return nil, fmt.Errorf("gradcheck: the gradient of %s has %d numbers, want %d", at[i].Name, len(out[i]), len(at[i].Values))
		}
	}
	return out, nil
}

// lossAt evaluates the loss near a point.
type lossAt struct {
	at      []Tensor
	params  G.Nodes
	loss    G.Value
	machine G.VM
}

func evaluator(build Build, at []Tensor, dtype tensor.Dtype) (*lossAt, error) {
	g, params, err := bindAll(at, dtype)
	if err != nil {
		return nil, err
	}
	loss, err := build(params)
	if err != nil {
		return nil, fmt.Errorf("gradcheck: building the loss: %w", err)
	}
	l := &lossAt{at: at, params: params}
	G.Read(loss, &l.loss)
	l.machine = G.NewTapeMachine(g)
	return l, nil
}

// value is the loss at the point moved by h along a direction of parameter p.
func (l *lossAt) value(p int, direction []float64, h float64) (float64, error) {
	moved := make([]float64, len(direction))
	for i, d := range direction {
		moved[i] = l.at[p].Values[i] + h*d
	}
	if err := set(l.params[p], moved); err != nil {
		return 0, err
	}
	l.machine.Reset()
	err := l.machine.RunAll()
	if e := set(l.params[p], l.at[p].Values); err == nil {
		err = e
	}
	if err != nil {
		return 0, fmt.Errorf("gradcheck: running the loss: %w", err)
	}
	v := numbers(l.loss)
	if len(v) != 1 {
		return 0, errors.New("gradcheck: the loss is no scalar")
	}
	return v[0], nil
}

func (l *lossAt) Close() error { return l.machine.Close() }
