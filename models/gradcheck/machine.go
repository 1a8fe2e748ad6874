package gradcheck

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// Machine makes something that runs a graph; results are the nodes whose values
// will be read. symgrad/train has two of them.
type Machine func(g *G.ExprGraph, results ...*G.Node) (Runner, error)

// Runner runs one graph again and again, on what its inputs are bound to.
type Runner interface {
	RunAll() error
	Value(n *G.Node) G.Value // of a result, after the last run
	Close() error
}

// TapeMachine is Gorgonia's. A check runs every graph node by node first, so that
// an operator that panics is found before a TapeMachine, where nobody could
// recover, runs it.
func TapeMachine() Machine {
	return func(g *G.ExprGraph, results ...*G.Node) (Runner, error) {
		t := &tape{read: map[*G.Node]*G.Value{}}
		for _, n := range results {
			if t.read[n] == nil {
				v := new(G.Value)
				G.Read(n, v) // TapeMachine overwrites intermediate values, but not what Read copied
				t.read[n] = v
			}
		}
		vm, err := guarded(func() (G.VM, error) { return G.NewTapeMachine(g), nil })
		if err != nil {
			return nil, fmt.Errorf("gradcheck: TapeMachine does not take the graph: %w", err)
		}
		t.VM = vm
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

func (t *tape) Value(n *G.Node) G.Value { return *t.read[n] }
