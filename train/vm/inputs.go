package vm

import (
	"fmt"
	"slices"
	"unsafe"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// bound is an input and where its numbers go.
type bound[F ops.Float] struct {
	node *G.Node
	slot *slot[F]
	size int
	own  []F // a copy, where the numbers cannot be read where they are
}

// bind looks up what the user has bound to an input. Numbers in row-major order
// are read where they are. They are copied from a tensor in any other order,
// transposed, sliced or column-major, and from memory that the run would overwrite:
// a result that was made an input.
func (b *bound[F]) bind(own written[F]) error {
	v := b.node.Value()
	if v == nil {
		return fmt.Errorf("the input %v has no value", b.node)
	}
	data, ok := rowMajorFloats(v, &b.own)
	if !ok && b.node.Dtype() == dtype[F]() {
		return fmt.Errorf("the input %v holds a %T of %v", b.node, v, v.Dtype())
	}
	if !ok {
		b.slot.ext = v
		return nil
	}
	if len(data) != b.size {
		return fmt.Errorf("the input %v holds %d numbers, want %d", b.node, len(data), b.size)
	}
	b.read(data, own)
	return nil
}

// written is what a run overwrites: the machine's memory, and results that were
// placed elsewhere.
type written[F ops.Float] struct {
	memory []F
	placed []*slot[F]
}

func (w written[F]) overlaps(data []F) bool {
	for _, s := range w.placed {
		if overlaps(data, s.data) {
			return true
		}
	}
	return overlaps(data, w.memory)
}

// read has a run read data where they are, but what the run would overwrite.
func (b *bound[F]) read(data []F, own written[F]) {
	if own.overlaps(data) {
		b.own = append(b.own[:0], data...)
		data = b.own
	}
	b.slot.data, b.slot.ext = data, nil
}

// lend is bind for the caller's numbers in place of the node's value.
func (b *bound[F]) lend(numbers []float32, own written[F]) error {
	if len(numbers) != b.size {
		return fmt.Errorf("the input %v is given %d numbers, want %d", b.node, len(numbers), b.size)
	}
	data, ok := any(numbers).([]F)
	if !ok {
		b.own = b.own[:0]
		for _, v := range numbers {
			b.own = append(b.own, F(v))
		}
		data = b.own
	}
	b.read(data, own)
	return nil
}

// overlaps tells whether two slices share memory.
func overlaps[F ops.Float](a, b []F) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	from, to := uintptr(unsafe.Pointer(&a[0])), uintptr(unsafe.Pointer(&a[len(a)-1]))
	return from <= uintptr(unsafe.Pointer(&b[len(b)-1])) && to >= uintptr(unsafe.Pointer(&b[0]))
}

// rowMajorFloats gives the numbers of a value of type F in row-major order:
// where they are if they lie so, else written to own, which grows as needed.
func rowMajorFloats[F ops.Float](v G.Value, own *[]F) ([]F, bool) {
	if v.Dtype() != dtype[F]() {
		return nil, false
	}
	switch x := v.(type) {
	case *tensor.Dense:
		n := x.Shape().TotalSize()
		if inOrder(x.Shape(), x.Strides()) {
			return backing[F](x)[:n], true // of a slice by steps, there may be more
		}
		*own = slices.Grow((*own)[:0], n)[:n]
		src := backing[F](x)
		newWalk(x.Shape(), x.Strides()).visit(func(to, from int) { (*own)[to] = src[from] })
	case *G.F64:
		*own = append((*own)[:0], F(*x))
	case *G.F32:
		*own = append((*own)[:0], F(*x))
	default:
		return nil, false
	}
	return *own, true
}

// backing is a tensor's memory. It avoids Dense.Data, which builds a slice by
// reflection.
func backing[F ops.Float](x *tensor.Dense) []F {
	if dtype[F]() == tensor.Float32 {
		data, _ := any(x.Float32s()).([]F)
		return data
	}
	data, _ := any(x.Float64s()).([]F)
	return data
}

// inOrder tells whether strides are those of row-major order; axes of length 1
// may have any.
func inOrder(shape tensor.Shape, strides []int) bool {
	if len(strides) != len(shape) { // so Gorgonia marks vectors and scalars in column-major order, which are in both
		return true
	}
	want := 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 && strides[i] != want {
			return false
		}
		want *= shape[i]
	}
	return true
}
