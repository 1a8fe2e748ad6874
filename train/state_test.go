package train

import (
	"fmt"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// A state is kept and taken up as a copy, in either dtype.
func TestStatesAreCopies(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		params := linear(t, dtype).Params
		a, b := newState(Adam(0.9, 0.999, 1e-8), params), newState(Adam(0.9, 0.999, 1e-8), params)
		set := func(s State, v float64) {
			for _, slots := range s.Slots {
				for i, slot := range slots {
					if err := fill(slot, slices.Repeat([]float64{v + float64(i)}, length(slot))); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		set(a, 3)
		a.Step = 7
		kept := a.clone()
		if err := b.copyFrom(a); err != nil {
			t.Fatal(err)
		}
		set(a, 5)
		for name, s := range map[string]State{"kept": kept, "taken up": b} {
			want := "{adam 7 map[fc1.bias:[[3 3 3] [4 4 4]] fc1.weight:[[3 3 3 3 3 3] [4 4 4 4 4 4]]]}"
			if got := fmt.Sprint(s); got != want {
				t.Errorf("%s in %v: %s, want %s", name, dtype, got, want)
			}
			for _, slots := range s.Slots {
				for _, slot := range slots {
					if !sameKind(params[1].Data(), slot) && !sameKind(params[0].Data(), slot) {
						t.Errorf("%s in %v: a slot of %T", name, dtype, slot)
					}
				}
			}
		}
	}
	if sameKind([]int{1}, []int{1}) || sameKind([]float32{1}, []float64{1}) || sameKind([]float64{1}, []float32{1}) || sameKind(nil, nil) ||
		sameKind([]float32{}, []float64{}) || sameKind([]float64{}, []float32{}) {
		t.Error("kinds that are not the same")
	}
}
