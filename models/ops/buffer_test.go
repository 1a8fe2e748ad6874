package ops_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

var floats = []tensor.Dtype{tensor.Float32, tensor.Float64}

// do runs an operator that must not fail.
func do(t *testing.T, op operator, in ...G.Value) G.Value {
	t.Helper()
	v, err := op.Do(in...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// dirty is a copy of a value, overwritten with NaN.
func dirty(v G.Value) G.Value {
	switch v := v.(type) {
	case *G.F32:
		return G.NewF32(float32(math.NaN()))
	case *G.F64:
		return G.NewF64(math.NaN())
	default:
		all := zeros(v.Shape()...)
		for i := range all.data {
			all.data[i] = math.NaN()
		}
		return all.dense(v.Dtype())
	}
}

func TestABufferIsFilledWhateverIsInIt(t *testing.T) {
	for _, op := range every {
		for _, dtype := range floats {
			in := values(op, dtype)
			want := do(t, op, in...)
			buffer := dirty(want)
			got, err := op.UsePreallocDo(buffer, in...)
			if err != nil {
				t.Fatal(err)
			}
			if got != buffer || !slices.Equal(read(got), read(want)) {
				t.Errorf("%v, %v: buffer %v, want %v", op, dtype, got, want)
			}
			for i, a := range operands(op) {
				if !slices.Equal(read(in[i]), read(a.value(dtype))) {
					t.Errorf("%v, %v: operand %d was changed", op, dtype, i+1)
				}
			}
		}
	}
}

func TestDoIsFreshEachTime(t *testing.T) {
	for _, op := range every {
		in := values(op, tensor.Float64)
		first := do(t, op, in...)
		want := read(first)
		if second := do(t, op, in...); second == first || !slices.Equal(read(second), want) {
			t.Errorf("%v: %v, then %v", op, first, second)
		}
		if backing, ok := first.Data().([]float64); ok {
			clear(backing)
			for i := range in {
				if !slices.Equal(read(in[i]), operands(op)[i].data) {
					t.Errorf("%v: the result shares memory with operand %d", op, i+1)
				}
			}
			if !slices.Equal(read(do(t, op, in...)), want) {
				t.Errorf("%v: the result shares memory with the next one", op)
			}
		}
	}
}

func TestWrongBuffers(t *testing.T) {
	for _, op := range every {
		in := values(op, tensor.Float64)
		result := do(t, op, in...)
		wrong := []G.Value{zeros(2, 3, 7).dense(tensor.Float64)}
		if result.Shape().IsScalar() {
			wrong = append(wrong, G.NewF32(0))
		} else {
			turned := dirty(result).(*tensor.Dense)
			wrong = append(wrong, zeros(result.Shape()...).dense(tensor.Float32), G.NewF64(0))
			if turned.Dims() == 4 && turned.Shape()[2] == turned.Shape()[3] {
				if err := turned.T(0, 1, 3, 2); err != nil {
					t.Fatal(err)
				}
				wrong = append(wrong, turned)
			}
		}
		for _, buffer := range wrong {
			if _, err := op.UsePreallocDo(buffer, in...); err == nil || !strings.Contains(err.Error(), op.String()+": the buffer") {
				t.Errorf("%v: a buffer %v gave %v", op, buffer.Shape(), err)
			}
		}
	}
}

// Memory that is not row-major holds the same tensor: the same result must come out.
func TestOperandsOfAnyLayout(t *testing.T) {
	layouts := map[string]func(a array, dtype tensor.Dtype) *tensor.Dense{
		"transposed":   transposed,
		"column-major": columnMajor,
		"slice":        sliced,
	}
	for name, layout := range layouts {
		for _, op := range every {
			for _, dtype := range floats {
				in := values(op, dtype)
				want := read(do(t, op, in...))
				for i, a := range operands(op) {
					if len(a.shape) == 0 {
						continue
					}
					other := slices.Clone(in)
					other[i] = layout(a, dtype)
					if !other[i].Shape().Eq(tensor.Shape(a.shape)) {
						t.Fatalf("%s: shape %v, want %v", name, other[i].Shape(), a.shape)
					}
					if got := read(do(t, op, other...)); !slices.Equal(got, want) {
						t.Errorf("%v, %v: with operand %d %s: %v, want %v", op, dtype, i+1, name, got, want)
					}
				}
			}
		}
	}
}

// transposed stores the axes in reverse and turns them back lazily.
func transposed(a array, dtype tensor.Dtype) *tensor.Dense {
	d := reversed(a).dense(dtype)
	if err := d.T(); err != nil && len(a.shape) > 1 {
		panic(err)
	}
	return d
}

func columnMajor(a array, dtype tensor.Dtype) *tensor.Dense {
	return tensor.New(tensor.WithShape(a.shape...), tensor.AsFortran(a.dense(dtype).Data()))
}

// reversed has the axes in reverse order.
func reversed(a array) array {
	out := zeros(a.shape...)
	slices.Reverse(out.shape)
	at := make([]int, len(a.shape))
	for i := range a.data {
		rest := i
		for axis := len(at) - 1; axis >= 0; axis-- {
			at[len(at)-1-axis] = rest % a.shape[axis]
			rest /= a.shape[axis]
		}
		out.data[out.index(at...)] = a.data[i]
	}
	return out
}

// sliced is cut from a tensor that is larger by one at both ends of the last axis.
func sliced(a array, dtype tensor.Dtype) *tensor.Dense {
	last := len(a.shape) - 1
	shape := slices.Clone(a.shape)
	shape[last] += 2
	around := zeros(shape...)
	for i := range around.data {
		around.data[i] = math.NaN()
	}
	for i, v := range a.data {
		around.data[i/a.shape[last]*shape[last]+1+i%a.shape[last]] = v
	}
	cut := make([]tensor.Slice, len(shape))
	cut[last] = G.S(1, 1+a.shape[last])
	v, err := around.dense(dtype).Slice(cut...)
	if err != nil {
		panic(err)
	}
	return v.(*tensor.Dense)
}

// Gorgonia gives vectors, and what has axes of 1, strides of many kinds: one for
// two axes, none at all, gaps at the axis of 1 alone.
func TestVectorsOfAnyLayout(t *testing.T) {
	// The middle of three axes is cut away, of memory in either order.
	middle := func(memory func(a array, dtype tensor.Dtype) *tensor.Dense) func(a array) *tensor.Dense {
		return func(a array) *tensor.Dense {
			around := zeros(a.shape[0], 2, a.shape[1])
			for i, v := range a.data {
				around.data[around.index(i/a.shape[1], 1, i%a.shape[1])] = v
			}
			v, err := memory(around, tensor.Float64).Slice(nil, G.S(1))
			if err != nil {
				panic(err)
			}
			return v.(*tensor.Dense)
		}
	}
	whole := func(a array) *tensor.Dense { return columnMajor(a, tensor.Float64) }
	for name, layout := range map[string]func(a array) *tensor.Dense{"cut": middle(array.dense), "cut, column-major": middle(columnMajor), "column-major": whole} {
		for _, shape := range [][]int{{1, 1}, {1, 3}, {3, 1}, {3, 2}} {
			a := normal(rand.New(rand.NewPCG(3, 6)), shape...)
			x := layout(a)
			if x.Dims() != 2 { // one number that was cut is a scalar
				continue
			}
			bias := zeros(shape[1]).dense(tensor.Float64)
			if got := read(do(t, ops.AddBiasOp{Dims: 2}, x, bias)); !slices.Equal(got, a.data) {
				t.Errorf("%s, shape %v, strides %v: %v, want %v", name, x.Shape(), x.Strides(), got, a.data)
			}
			if x.Shape().IsVector() {
				x2 := zeros(2, len(a.data)).dense(tensor.Float64)
				if got := read(do(t, ops.AddBiasOp{Dims: 2}, x2, x)); !slices.Equal(got, append(slices.Clone(a.data), a.data...)) {
					t.Errorf("%s, a bias of shape %v, strides %v: %v, want %v twice", name, x.Shape(), x.Strides(), got, a.data)
				}
			}
		}
	}
}

// What lies in order does so whatever the stride of an axis of 1 is.
func TestABufferWithAnAxisOfOne(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(3, 7)), 2, 1, 2, 3)
	buffer := zeros(1, 2, 2, 3).dense(tensor.Float64)
	if err := buffer.T(1, 0, 2, 3); err != nil {
		t.Fatal(err)
	}
	got, err := ops.AddBiasOp{Dims: 4}.UsePreallocDo(buffer, x.dense(tensor.Float64), zeros(1).dense(tensor.Float64))
	if err != nil || got != G.Value(buffer) || !slices.Equal(read(got), x.data) {
		t.Errorf("strides %v: %v, error %v; want %v in the buffer", buffer.Strides(), got, err, x.data)
	}
}

// What is not dense cannot be read nor written, and a scalar of another type not
// written.
func TestSparseValues(t *testing.T) {
	sparse := tensor.CSRFromCoord(tensor.Shape{2, 2}, []int{0, 1}, []int{0, 1}, []float64{1, 2})
	dense := zeros(2, 2).dense(tensor.Float64)
	if v, err := (ops.SoftmaxOp{}).Do(sparse); err == nil {
		t.Errorf("read: %v", v)
	}
	full := tensor.CSRFromCoord(tensor.Shape{2, 2}, []int{0, 0, 1, 1}, []int{0, 1, 0, 1}, []float64{1, 2, 3, 4})
	if v, err := (ops.SoftmaxOp{}).Do(full); err == nil {
		t.Errorf("read, of as many numbers as if it were dense: %v", v)
	}
	if v, err := (ops.SoftmaxOp{}).UsePreallocDo(sparse, dense); err == nil {
		t.Errorf("written: %v", v)
	}
	if v, err := (ops.SoftmaxCrossEntropyOp{}).UsePreallocDo(new(G.F32), dense, dense); err == nil {
		t.Errorf("float64 written to a float32: %v", v)
	}
	single := zeros(2, 2).dense(tensor.Float32)
	if v, err := (ops.SoftmaxCrossEntropyOp{}).UsePreallocDo(new(G.F64), single, single); err == nil {
		t.Errorf("float32 written to a float64: %v", v)
	}
}
