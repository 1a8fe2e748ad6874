package stock

import (
	"reflect"

	G "gorgonia.org/gorgonia"
)

// read finds where a Read node writes to. Gorgonia keeps the pointer in an
// unexported field.
func read(op G.Op) any {
	into := reflect.ValueOf(op).FieldByName("into")
	if into.Kind() != reflect.Pointer || into.Type() != reflect.TypeFor[*G.Value]() {
		return nil
	}
	return Read{(*G.Value)(into.UnsafePointer())}
}

// size reads a size's axis, which the operator prints only where the size is not
// known.
func size(op G.Op) any {
	axis, n := reflect.ValueOf(op).FieldByName("axis"), reflect.ValueOf(op).FieldByName("val")
	if axis.Kind() != reflect.Int || n.Kind() != reflect.Int {
		return nil
	}
	return Size{Axis: int(axis.Int()), N: int(n.Int())}
}

// IsStray tells whether differentiation made a node that is no node's gradient: a
// term of one that was not asked for.
func IsStray(n *G.Node) bool {
	return reflect.ValueOf(n).Elem().FieldByName("group").String() == "gradients" && len(n.DerivOf()) == 0
}

// ints reads unexported fields, also of embedded operators.
func ints(op G.Op, names ...string) (out []int) {
	v := reflect.Indirect(reflect.ValueOf(op))
	for _, name := range names {
		f := v.FieldByName(name)
		if f.Kind() != reflect.Int {
			panic("stock: " + v.Type().String() + " has no number " + name)
		}
		out = append(out, int(f.Int()))
	}
	return out
}

func im2col(op G.Op) Im2Col {
	n := ints(op, "h", "w", "padH", "padW", "strideH", "strideW", "dilationH", "dilationW")
	return Im2Col{Window: [2]int(n[0:2]), Pad: [2]int(n[2:4]), Stride: [2]int(n[4:6]), Dilation: [2]int(n[6:8])}
}

// maxPool reads a pool; ok is false where the padding is not the same on both
// sides.
func maxPool(op G.Op) (p MaxPool, pad [2]int, ok bool) {
	n := ints(op, "h", "w", "strideH", "strideW", "padNorth", "padWest", "padSouth", "padEast")
	return MaxPool{Size: [2]int(n[0:2]), Stride: [2]int(n[2:4])}, [2]int(n[4:6]), [2]int(n[4:6]) == [2]int(n[6:8])
}

func avgPool(op G.Op) AvgPool {
	n := ints(op, "h", "w", "strideH", "strideW", "padNorth", "padWest", "padSouth", "padEast")
	return AvgPool{Size: [2]int(n[0:2]), Stride: [2]int(n[2:4]), Before: [2]int(n[4:6]), After: [2]int(n[6:8])}
}

func groupNorm(op G.Op) GroupNorm {
	return GroupNorm{ints(op, "numGroups")[0], reflect.ValueOf(op).Elem().FieldByName("epsilon").Float()}
}

func reduction(op G.Op) G.Reduction {
	return G.Reduction(reflect.ValueOf(op).Elem().FieldByName("reduction").Uint())
}

// BelongsTo tells whether an operator holds a pointer to another one, as the
// gradient operators of batch normalisation and dropout do to read the state
// that the operator itself left.
func BelongsTo(gradient, op G.Op) bool {
	of, holder := reflect.ValueOf(Of(op)), reflect.ValueOf(Of(gradient))
	if of.Kind() != reflect.Pointer {
		return false
	}
	if holder.Kind() == reflect.Pointer {
		if holder.Pointer() == of.Pointer() {
			return false // the operator itself
		}
		holder = holder.Elem()
	}
	if holder.Kind() != reflect.Struct {
		return false
	}
	for i := range holder.NumField() {
		if f := holder.Field(i); f.Kind() == reflect.Interface && !f.IsNil() && f.Elem().Kind() == reflect.Pointer && f.Elem().Pointer() == of.Pointer() ||
			f.Kind() == reflect.Pointer && f.Pointer() == of.Pointer() {
			return true
		}
	}
	return false
}
