package vm

import "slices"

// walk visits the elements of a tensor, the last axis first: each with its
// number in that order, and the offset that the steps of the axes lead to. The
// index is back at zero when all are visited.
type walk struct{ shape, steps, index []int }

func newWalk(shape, steps []int) *walk {
	return &walk{shape: slices.Clone(shape), steps: slices.Clone(steps), index: make([]int, len(shape))}
}

func (w *walk) visit(do func(number, offset int)) {
	offset := 0
	for number := range volume(w.shape) {
		do(number, offset)
		for axis := len(w.shape) - 1; axis >= 0; axis-- {
			w.index[axis]++
			offset += w.steps[axis]
			if w.index[axis] < w.shape[axis] {
				break
			}
			offset -= w.steps[axis] * w.shape[axis]
			w.index[axis] = 0
		}
	}
}

// strides are the steps of a row-major tensor.
func strides(shape []int) []int {
	steps := make([]int, len(shape))
	step := 1
	for i := range slices.Backward(shape) {
		steps[i] = step
		step *= shape[i]
	}
	return steps
}

// permuted are the shape and the steps of a tensor whose axes are taken in
// another order.
func permuted(shape, perm []int) (to, steps []int) {
	all := strides(shape)
	for _, axis := range perm {
		to, steps = append(to, shape[axis]), append(steps, all[axis])
	}
	return to, steps
}

// merged makes one axis of neighbours that move together.
func merged(shape, steps []int) (to, by []int) {
	for i, d := range shape {
		switch last := len(to) - 1; {
		case d == 1: // moves nowhere
		case last >= 0 && by[last] == steps[i]*d:
			to[last], by[last] = to[last]*d, steps[i]
		default:
			to, by = append(to, d), append(by, steps[i])
		}
	}
	return to, by
}
