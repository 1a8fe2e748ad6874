package train

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/train/vm"
)

// Machine runs one graph again and again: a gorgonia.VM whose results can be
// read, whatever it does with intermediate values.
type Machine interface {
	G.VM
	// Value is what a node held after the last run. Only nodes given when the
	// machine was made can be asked for; the next run overwrites it.
	Value(n *G.Node) G.Value
	// RunOn is RunAll with an input's numbers, in row-major order, in place of its
	// value, for this run or until the value is written to.
	RunOn(input *G.Node, numbers []float32) error
	// Hold promises that inputs keep their numbers from the next run on, until it is
	// called again.
	Hold(inputs ...*G.Node)
	// Place has the next runs write a result's numbers into the caller's, or add them
	// onto those, until other ones are placed, and returns true; or it does nothing and
	// returns false.
	Place(result *G.Node, numbers any, onto bool) bool
	// Parallel calls run once for each piece, from 0, on the machine's workers,
	// and returns when all are done.
	Parallel(pieces int, run func(worker, piece int))
}

// Backend makes machines: one for each graph; results are the nodes whose values
// will be read.
type Backend func(g *G.ExprGraph, results ...*G.Node) (Machine, error)

// OwnVM is the project's own machine, package symgrad/train/vm, with a number
// of workers (0 means GOMAXPROCS).
func OwnVM(workers int) Backend {
	return func(g *G.ExprGraph, results ...*G.Node) (Machine, error) {
		return vm.New(g, vm.Config{Workers: workers, Results: results})
	}
}

// TapeMachine is Gorgonia's. It is much slower, and a panic inside one of its
// operators ends the process.
func TapeMachine() Backend {
	return func(g *G.ExprGraph, results ...*G.Node) (m Machine, err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("train: TapeMachine does not take the graph: %v", r)
			}
		}()
		t := &tape{read: map[*G.Node]*G.Value{}}
		for _, n := range results {
			v := new(G.Value)
			G.Read(n, v) // TapeMachine overwrites intermediate values, but not what Read copied
			t.read[n] = v
		}
		t.VM = G.NewTapeMachine(g)
		return t, nil
	}
}

type tape struct {
	G.VM
	read map[*G.Node]*G.Value
}

func (t *tape) RunAll() error {
	t.VM.Reset() // without it a second run does nothing, silently
	return t.VM.RunAll()
}

func (t *tape) RunOn(input *G.Node, numbers []float32) error {
	switch x := input.Value().Data().(type) {
	case []float32:
		copy(x, numbers)
	case []float64:
		for i, v := range numbers[:len(x)] {
			x[i] = float64(v)
		}
	}
	return t.RunAll()
}

func (t *tape) Value(n *G.Node) G.Value { return *t.read[n] }

func (t *tape) Hold(...*G.Node) {}

func (t *tape) Place(*G.Node, any, bool) bool { return false }

func (t *tape) Parallel(pieces int, run func(worker, piece int)) {
	for piece := range pieces {
		run(0, piece)
	}
}
