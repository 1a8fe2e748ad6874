package checkpoint

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/checkpoint/safetensors"
)

// layout is how a parameter stands in a file.
type layout struct {
	name       string
	shape      []int // in the file
	transposed bool  // a matrix (in, out) here, (out, in) in the file
	dtype      tensor.Dtype
}

// layouts lists a network's parameters as PyTorch has them.
func layouts(net *models.Network) []layout {
	var out []layout
	for i := range net.Layers {
		for _, p := range net.LayerParams(i) {
			out = append(out, layoutOf(net.Layers[i], p.Name, p.Shape, p.Dtype()))
		}
	}
	return out
}

func layoutOf(l models.Layer, name string, shape []int, dtype tensor.Dtype) layout {
	at := layout{name: name, shape: slices.Clone(shape), dtype: dtype}
	if _, dense := l.(models.Dense); dense && len(shape) == 2 {
		slices.Reverse(at.shape)
		at.transposed = true
	}
	return at
}

// encode turns numbers into a tensor of a file.
func (l layout) encode(name string, numbers any) safetensors.Tensor {
	t := safetensors.Tensor{Name: name, Shape: l.shape}
	switch numbers := numbers.(type) {
	case []float32:
		t.DType = safetensors.F32
		for i := range numbers {
			t.Data = binary.LittleEndian.AppendUint32(t.Data, math.Float32bits(numbers[l.source(i)]))
		}
	case []float64:
		t.DType = safetensors.F64
		for i := range numbers {
			t.Data = binary.LittleEndian.AppendUint64(t.Data, math.Float64bits(numbers[l.source(i)]))
		}
	}
	return t
}

// check tells whether a tensor of a file can be what the layout describes, of
// finite numbers alone.
func (l layout) check(t *safetensors.Tensor) error {
	switch {
	case !slices.Equal(t.Shape, l.shape):
		return fmt.Errorf("tensor %s has shape %v, the network wants %v", t.Name, t.Shape, l.shape)
	case t.DType != safetensors.F32 && t.DType != safetensors.F64:
		return fmt.Errorf("tensor %s is of dtype %q, want F32 or F64", t.Name, t.DType)
	}
	number := numbers(t)
	for i := range len(t.Data) / t.DType.Size() {
		v := number(i)
		if l.dtype == tensor.Float32 {
			v = float64(float32(v))
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("tensor %s: its number %d is %v: the training diverged, or the file is damaged", t.Name, i, v)
		}
	}
	return nil
}

// numbers reads a tensor of F32 or F64.
func numbers(t *safetensors.Tensor) func(int) float64 {
	if t.DType == safetensors.F32 {
		return func(i int) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))) }
	}
	return func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(t.Data[8*i:])) }
}

// decode copies a tensor that passed check to dst, a []float32 or a []float64,
// rounding where that has the smaller numbers.
func (l layout) decode(t *safetensors.Tensor, dst any) {
	number := numbers(t)
	switch dst := dst.(type) {
	case []float32:
		for i := range dst {
			dst[l.source(i)] = float32(number(i))
		}
	case []float64:
		for i := range dst {
			dst[l.source(i)] = number(i)
		}
	}
}

// source is where the i-th number of the file stands in the parameter.
func (l layout) source(i int) int {
	if !l.transposed {
		return i
	}
	out, in := l.shape[0], l.shape[1]
	return i%in*out + i/in
}
