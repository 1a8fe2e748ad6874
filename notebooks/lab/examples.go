package lab

import (
	"fmt"

	"symgrad/data"
)

// Inputs is the inputs of the examples of the given numbers, one after the
// other, as numbers: set.Size() for each, pixels from 0 to 1.
func Inputs(set *data.Set, examples ...int) []float64 {
	x, _ := gather(set, examples)
	return x
}

// Targets is the targets of the examples of the given numbers, one after the
// other: set.Classes numbers for each.
func Targets(set *data.Set, examples ...int) []float64 {
	_, y := gather(set, examples)
	return y
}

func gather(set *data.Set, examples []int) (x, y []float64) {
	Check(set.Validate())
	for _, i := range examples {
		if i < 0 || i >= set.Len() {
			Check(fmt.Errorf("example %d of %s: it has 0 to %d", i, set.Name, set.Len()-1))
		}
	}
	x = make([]float64, len(examples)*set.Size())
	y = make([]float64, len(examples)*set.Classes)
	data.Gather(set, examples, x, y)
	return x, y
}
