package vm_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train"
	"symgrad/train/vm"
)

// sample is a graph with what goes in and what is read.
type sample struct {
	expr    *G.ExprGraph
	inputs  G.Nodes // bound to tensors; bound anew for the last run
	results G.Nodes
	choices map[string]G.Nodes // some of the results, each asked for alone; nil: all at once
}

// both are the two float types with the largest relative difference between
// machines that rounding explains.
var both = map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 1e-5}

// parity runs two copies of a graph, one on this package's machine and one on
// Gorgonia's, and compares all results after each of three runs: the first; one
// after a caller has scribbled over the results; one with new inputs. A tensor's
// numbers may differ by the tolerance times its largest, or times floor where
// that is larger.
func parity(build func() (*sample, error), tolerance, floor float64) error {
	want, err := byTape(build)
	if err != nil {
		return err
	}
	s, err := build()
	if err != nil {
		return err
	}
	if s.choices == nil {
		return s.agrees(want, s.results, tolerance, floor)
	}
	for what, results := range s.choices {
		if err := s.agrees(want, results, tolerance, floor); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

// byTape is what Gorgonia's machine gives for the results, from the inputs as they
// are and from new ones.
func byTape(build func() (*sample, error)) (want [2][][]float64, err error) {
	tape, err := start(build, train.TapeMachine())
	if err != nil {
		return want, err
	}
	defer tape.machine.Close()
	for k := range want {
		if k > 0 {
			if err := tape.rebind(); err != nil {
				return want, err
			}
		}
		if err := tape.machine.RunAll(); err != nil {
			return want, fmt.Errorf("run %d, tape machine: %w", k+1, err)
		}
		for _, n := range tape.results {
			want[k] = append(want[k], slices.Clone(numbers(tape.machine.Value(n))))
		}
	}
	return want, nil
}

// agrees compares some of the results on a machine that is asked for these alone,
// and leaves the inputs' numbers as they were.
func (s *sample) agrees(want [2][][]float64, results G.Nodes, tolerance, floor float64) error {
	m, err := vm.New(s.expr, vm.Config{Workers: 2, Verify: true, Results: results})
	if err != nil {
		return err
	}
	defer m.Close()
	own := started{s, m}
	for run, k := range []int{0, 0, 1} {
		switch run {
		case 1:
			own.scribble(results)
		case 2:
			if err := own.rebind(); err != nil {
				return err
			}
		}
		if err := m.RunAll(); err != nil {
			return fmt.Errorf("run %d: %w", run+1, err)
		}
		for _, n := range results {
			i := slices.Index(s.results, n)
			got, want := numbers(m.Value(n)), want[k][i]
			if d := apart(got, want, floor); !(d <= tolerance) {
				return fmt.Errorf("run %d: result %d, %v %v: %.3g apart\n own %v\ntape %v", run+1, i, n, n.Shape(), d, first(got), first(want))
			}
			if !same(numbers(n.Value()), got) {
				return fmt.Errorf("run %d: result %d, %v: the node holds %v, the machine %v", run+1, i, n, n.Value(), m.Value(n))
			}
		}
	}
	return own.rebind()
}

// check is parity for a test.
func check(t testing.TB, what string, build func() (*sample, error), tolerance float64) {
	t.Helper()
	if err := parity(build, tolerance, 0); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// started is a sample on a machine.
type started struct {
	*sample
	machine train.Machine
}

func start(build func() (*sample, error), make train.Backend) (*started, error) {
	s, err := build()
	if err != nil {
		return nil, err
	}
	m, err := make(s.expr, s.results...)
	return &started{s, m}, err
}

// scribble overwrites every tensor that was handed out as a result: it is the
// caller's until the next run.
func (s *started) scribble(results G.Nodes) {
	for _, n := range results {
		if n.Op() == nil {
			continue
		}
		switch data := s.machine.Value(n).Data().(type) {
		case []float64:
			fill(data, slices.Repeat([]float64{math.NaN()}, len(data)))
		case []float32:
			fill(data, slices.Repeat([]float64{math.NaN()}, len(data)))
		}
	}
}

// rebind gives every input a new tensor with its numbers in reverse order.
func (s *started) rebind() error {
	for _, n := range s.inputs {
		values := numbers(n.Value())
		slices.Reverse(values)
		v, err := valueOf(n.Dtype(), values, n.Shape())
		if err != nil {
			return err
		}
		if err := G.Let(n, v); err != nil {
			return err
		}
	}
	return nil
}

// apart is the largest difference, relative to the largest of want or floor.
// NaN equals NaN; a difference in length is infinite.
func apart(got, want []float64, floor float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	largest, scale := 0.0, floor
	for i := range got {
		if d := math.Abs(got[i] - want[i]); got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			largest = max(largest, d)
		}
		if !math.IsNaN(want[i]) && !math.IsInf(want[i], 0) {
			scale = max(scale, math.Abs(want[i]))
		}
	}
	if largest == 0 {
		return 0
	}
	return largest / scale
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

func first(x []float64) []float64 { return x[:min(len(x), 12)] }
