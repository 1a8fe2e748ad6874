package train

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"symgrad/models"
)

// State is an optimiser's memory: how many steps it made and, for each
// parameter, one tensor a slot, in the parameter's dtype.
type State struct {
	Optimizer string
	Step      int
	Slots     map[string][]any // "conv1.weight" -> one []float32 or []float64 for each of Optimizer.Slots
}

// newState is the state before the first step: zeros.
func newState(o Optimizer, params []*models.Param) State {
	s := State{Optimizer: o.Name, Slots: map[string][]any{}}
	for _, p := range params {
		slots := make([]any, len(o.Slots))
		for i := range slots {
			if p.Dtype() == tensor.Float32 {
				slots[i] = make([]float32, p.Len())
			} else {
				slots[i] = make([]float64, p.Len())
			}
		}
		s.Slots[p.Name] = slots
	}
	return s
}

// copyFrom overwrites s by another state of the same optimiser and parameters.
func (s *State) copyFrom(from State) error {
	if from.Optimizer != s.Optimizer {
		return fmt.Errorf("train: state of optimizer %s, want %s", from.Optimizer, s.Optimizer)
	}
	for name, slots := range s.Slots {
		other := from.Slots[name]
		if len(other) != len(slots) {
			return fmt.Errorf("train: state has %d tensors for %s, want %d", len(other), name, len(slots))
		}
		for i := range slots {
			if !sameKind(slots[i], other[i]) {
				return fmt.Errorf("train: state tensor %d of %s has another length or dtype", i, name)
			}
		}
	}
	for name, slots := range s.Slots {
		for i := range slots {
			switch dst := slots[i].(type) {
			case []float32:
				copy(dst, from.Slots[name][i].([]float32))
			case []float64:
				copy(dst, from.Slots[name][i].([]float64))
			}
		}
	}
	s.Step = from.Step
	return nil
}

// clone shares nothing with s.
func (s State) clone() State {
	c := State{Optimizer: s.Optimizer, Step: s.Step, Slots: map[string][]any{}}
	for name, slots := range s.Slots {
		for _, slot := range slots {
			switch data := slot.(type) {
			case []float32:
				c.Slots[name] = append(c.Slots[name], slices.Clone(data))
			case []float64:
				c.Slots[name] = append(c.Slots[name], slices.Clone(data))
			}
		}
	}
	return c
}

func sameKind(a, b any) bool {
	switch a := a.(type) {
	case []float32:
		b, ok := b.([]float32)
		return ok && len(a) == len(b)
	case []float64:
		b, ok := b.([]float64)
		return ok && len(a) == len(b)
	}
	return false
}
