package vm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// TestIndicesThatAreNone: what is no row of numbers of the axis is an error.
func TestIndicesThatAreNone(t *testing.T) {
	every := func(d *tensor.Dense, s ...tensor.Slice) tensor.View {
		v, err := d.Slice(s...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	row := func(i ...int) *tensor.Dense { return tensor.New(tensor.WithBacking(i)) }
	for _, c := range []struct {
		indices tensor.Tensor
		want    string
	}{
		{row(0, 2, 1), ""},
		{row(0, 3, 1), "index 3 of an axis of 3"},
		{row(0, -1, 1), "index -1 of an axis of 3"},
		{tensor.New(tensor.WithBacking([]int64{0, 2, 1})), "want a row of int"},
		{every(row(0, 9, 2, 9, 1), tensor.S(0, 5, 2)), "want a row of int"},
		{nil, "want a row of int"},
	} {
		var run compiled[float64]
		indices, out := &slot[float64]{}, &slot[float64]{data: make([]float64, 3)}
		if c.indices != nil {
			indices.ext = c.indices
		}
		op := cut{outer: 1, axis: 3, inner: 1, step: 1, length: 3}
		run.byIndices(nil, op, out, &slot[float64]{data: []float64{10, 11, 12}}, indices, takeRows[float64])
		run.code[0].run(0, 0)
		if got := fmt.Sprint(run.failure); c.want == "" && (run.failure != nil || !slices.Equal(out.data, []float64{10, 12, 11})) || !strings.Contains(got, c.want) {
			t.Errorf("%v: %s, %v", c.indices, got, out.data)
		}
	}
}
