package vm

import (
	"fmt"
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
// transposed, sliced or column-major, and from the machine's own memory, which
// the run would overwrite: a result that was made an input.
func (b *bound[F]) bind(memory []F) error {
	v := b.node.Value()
	if v == nil {
		return fmt.Errorf("the input %v has no value", b.node)
	}
	switch x := v.(type) {
	case *G.F64, *G.F32:
		return b.bindScalar(x)
	}
	if t, ok := v.(*tensor.Dense); ok && cap(b.own) < b.size && !inOrder(t.Shape(), t.Strides()) {
		b.own = make([]F, b.size)
	}
	data, ok := rowMajorFloats(v, b.own)
	if !ok {
		b.slot.ext = v
		return nil
	}
	if len(data) != b.size {
		return fmt.Errorf("the input %v holds %d numbers, want %d", b.node, len(data), b.size)
	}
	b.read(data, memory)
	return nil
}

// read has a run read data where they are, but what the run would overwrite.
func (b *bound[F]) read(data, memory []F) {
	if overlaps(data, memory) {
		b.own = append(b.own[:0], data...)
		data = b.own
	}
	b.slot.data, b.slot.ext = data, nil
}

// lend is bind for the caller's numbers in place of the node's value.
func (b *bound[F]) lend(numbers []float32, memory []F) error {
	if len(numbers) != b.size {
		return fmt.Errorf("the input %v is given %d numbers, want %d", b.node, len(numbers), b.size)
	}
	data, ok := any(numbers).([]F)
	if !ok {
		data = b.own[:0]
		for _, v := range numbers {
			data = append(data, F(v))
		}
		b.own = data
	}
	b.read(data, memory)
	return nil
}

// bindScalar reads a scalar that is no tensor.
func (b *bound[F]) bindScalar(v G.Value) error {
	if cap(b.own) == 0 {
		b.own = make([]F, 1)
	}
	own := b.own[:1]
	switch x := v.(type) {
	case *G.F64:
		own[0] = F(*x)
	case *G.F32:
		own[0] = F(*x)
	}
	if v.Dtype() != dtype[F]() {
		b.slot.ext = v
		return nil
	}
	if b.size != 1 {
		return fmt.Errorf("the input %v is a scalar, want %d numbers", b.node, b.size)
	}
	b.slot.data, b.slot.ext = own, nil
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
func rowMajorFloats[F ops.Float](v G.Value, own []F) ([]F, bool) {
	switch x := v.(type) {
	case *tensor.Dense:
		if x.Dtype() != dtype[F]() {
			return nil, false
		}
		data := backing[F](x)
		if x.IsMasked() {
			x = x.Materialize().(*tensor.Dense)
			data = backing[F](x)
		}
		if inOrder(x.Shape(), x.Strides()) {
			if n := x.Shape().TotalSize(); n < len(data) {
				data = data[:n]
			}
			return data, true
		}
		n := x.Shape().TotalSize()
		if cap(own) < n {
			own = make([]F, n)
		}
		return reorder(own[:n], data, x.Shape(), x.Strides()), true
	case *G.F64:
		if dtype[F]() == tensor.Float64 {
			return append(own[:0], F(*x)), true
		}
	case *G.F32:
		if dtype[F]() == tensor.Float32 {
			return append(own[:0], F(*x)), true
		}
	}
	return nil, false
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
	if len(strides) != len(shape) { // Gorgonia's vectors and scalars
		return len(strides) == 0 || len(strides) == 1 && (strides[0] == 1 || shape.TotalSize() == 1)
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

// reorder writes the numbers of a strided tensor in row-major order.
func reorder[F ops.Float](dst, src []F, shape, strides []int) []F {
	if len(strides) == 1 && len(shape) != 1 { // a vector under the shape of a matrix
		for i := range dst {
			dst[i] = src[i*strides[0]]
		}
		return dst
	}
	w := newWalk(shape, strides)
	w.visit(func(to, from int) { dst[to] = src[from] })
	return dst
}
