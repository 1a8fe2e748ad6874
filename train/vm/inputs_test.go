package vm

import (
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// counting is a tensor of 0, 1, 2, ... in row-major order.
func counting(shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(tensor.Range(tensor.Float64, 0, volume(shape))))
}

// TestNumbersInOrder: whatever a tensor's strides, its numbers come as At gives
// them; where they lie so, they are the tensor's own.
func TestNumbersInOrder(t *testing.T) {
	sliced := func(x *tensor.Dense, by ...tensor.Slice) *tensor.Dense {
		v, err := x.Slice(by...)
		if err != nil {
			t.Fatal(err)
		}
		return v.(*tensor.Dense)
	}
	turned := counting(2, 3)
	if err := turned.T(); err != nil {
		t.Fatal(err)
	}
	masked := counting(4)
	masked.ResetMask(true)
	columns := func(shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.AsFortran(tensor.Range(tensor.Float64, 0, volume(shape))))
	}
	for name, c := range map[string]struct {
		of    G.Value
		want  []float64
		there bool
	}{
		"matrix":                {counting(2, 3), []float64{0, 1, 2, 3, 4, 5}, true},
		"vector":                {counting(3), []float64{0, 1, 2}, true},
		"transposed":            {turned, []float64{0, 3, 1, 4, 2, 5}, false},
		"rows":                  {sliced(counting(3, 2), tensor.S(1, 3)), []float64{2, 3, 4, 5}, true},
		"columns":               {sliced(counting(2, 3), nil, tensor.S(1, 3)), []float64{1, 2, 4, 5}, false},
		"one column":            {sliced(counting(2, 3), nil, tensor.S(1)), []float64{1, 4}, false},
		"every other":           {sliced(counting(5), tensor.S(0, 4, 2)), []float64{0, 2}, false},
		"one of every other":    {sliced(counting(5, 2), tensor.S(0, 2, 2)), []float64{0, 1}, true},
		"an axis of one":        {sliced(counting(3, 1, 2), tensor.S(0, 2)), []float64{0, 1, 2, 3}, true},
		"one number":            {sliced(counting(5), tensor.S(3)), []float64{3}, true},
		"masked":                {masked, []float64{0, 1, 2, 3}, true},
		"column-major":          {columns(2, 3), []float64{0, 1, 2, 3, 4, 5}, false}, // AsFortran takes them in row-major order
		"a column-major row":    {columns(1, 3), []float64{0, 1, 2}, true},
		"a column-major column": {columns(3, 1), []float64{0, 1, 2}, true},
		"a column-major number": {columns(1), []float64{0}, true},
		"a scalar":              {G.NewF64(7), []float64{7}, false},
	} {
		own := []float64{9}
		got, ok := rowMajorFloats(c.of, &own)
		if !ok || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %t, want %v", name, got, ok, c.want)
		}
		if there := &got[0] != &own[0]; there != c.there {
			t.Errorf("%s: read where they are %t, want %t", name, there, c.there)
		}
		before := &own[0]
		if again, _ := rowMajorFloats(c.of, &own); !slices.Equal(again, c.want) || &own[0] != before {
			t.Errorf("%s: again %v, want %v in the same memory", name, again, c.want)
		}
		if got, ok := rowMajorFloats(c.of, new([]float32)); ok {
			t.Errorf("%s: %v in float32", name, got)
		}
	}
	if got, ok := rowMajorFloats(G.NewF32(0.5), new([]float32)); !ok || !slices.Equal(got, []float32{0.5}) {
		t.Errorf("%v, %t", got, ok)
	}
}

// TestInOrder: as many strides as axes say by themselves in which order numbers
// lie, but for axes of length 1.
func TestInOrder(t *testing.T) {
	for _, c := range []struct {
		shape   tensor.Shape
		strides []int
		want    bool
	}{
		{tensor.Shape{2, 3}, []int{3, 1}, true},
		{tensor.Shape{2, 3}, []int{1, 2}, false},
		{tensor.Shape{2, 3}, []int{4, 1}, false},
		{tensor.Shape{2, 3}, []int{6, 2}, false},
		{tensor.Shape{1, 3}, []int{7, 1}, true},
		{tensor.Shape{3, 1}, []int{1, 5}, true},
		{tensor.Shape{2}, []int{2}, false},
		{tensor.Shape{}, nil, true},
	} {
		if got := inOrder(c.shape, c.strides); got != c.want {
			t.Errorf("%v by %v: %t", c.shape, c.strides, got)
		}
	}
}

func TestOverlaps(t *testing.T) {
	s := make([]float64, 8)
	for _, c := range []struct {
		a, b []float64
		want bool
	}{
		{s[2:4], s[0:2], false}, {s[2:4], s[1:3], true}, {s[2:4], s[2:4], true}, {s[2:4], s[3:5], true}, {s[2:4], s[4:6], false},
		{s[3:4], s[2:5], true}, {s[2:5], s[3:4], true}, {s[2:2], s[0:8], false}, {s[0:8], s[2:2], false}, {nil, s, false}, {s, nil, false},
	} {
		if got := overlaps(c.a, c.b); got != c.want {
			t.Errorf("%p+%d and %p+%d: %t", c.a, len(c.a), c.b, len(c.b), got)
		}
	}
}

// TestWhatIsBoundIsReadInPlace but in the machine's own memory, and in another
// type only by Gorgonia.
func TestWhatIsBoundIsReadInPlace(t *testing.T) {
	g, memory := G.NewGraph(), []float64{1, 2, 3, 4}
	x := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("x"))
	b := &bound[float64]{node: x, slot: &slot[float64]{ext: G.NewF32(1)}, size: 2}
	bind := func(v any) error {
		t.Helper()
		if err := G.Let(x, v); err != nil {
			t.Fatal(err)
		}
		return b.bind(written[float64]{memory: memory})
	}
	data := []float64{5, 6}
	if err := bind(tensor.New(tensor.WithBacking(data))); err != nil || &b.slot.data[0] != &data[0] || b.slot.ext != nil {
		t.Errorf("%v, %v: %v", b.slot.data, b.slot.ext, err)
	}
	if err := bind(tensor.New(tensor.WithBacking(memory[1:3]))); err != nil || &b.slot.data[0] == &memory[1] || !slices.Equal(b.slot.data, []float64{2, 3}) {
		t.Errorf("the machine's own memory: %v: %v", b.slot.data, err)
	}
	if err := bind(3.5); err == nil || !strings.Contains(err.Error(), "holds 1 numbers, want 2") { // gorgonia.Let looks at the shapes of tensors alone
		t.Errorf("a scalar: %v", err)
	}
	if err := bind(float32(3.5)); err == nil || !strings.Contains(err.Error(), "holds a *gorgonia.F32 of float32") {
		t.Errorf("a scalar of another type: %v", err)
	}
	if err := bind(tensor.New(tensor.WithBacking(data))); err != nil {
		t.Fatal(err)
	}
	narrow := &bound[float32]{node: x, slot: &slot[float32]{}, size: 2}
	numbers := []float32{5, 6}
	if err := narrow.lend(numbers, written[float32]{}); err != nil || &narrow.slot.data[0] != &numbers[0] {
		t.Errorf("what is lent: %v: %v", narrow.slot.data, err)
	}
	if err := narrow.bind(written[float32]{}); err != nil || narrow.slot.ext != x.Value() {
		t.Errorf("a value of another type: %v: %v", narrow.slot.ext, err)
	}
}
