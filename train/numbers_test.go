package train

import (
	"fmt"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/data"
)

// A loss is read from whatever holds one number.
func TestNumber(t *testing.T) {
	vector := func(backing any) G.Value { return tensor.New(tensor.WithShape(2), tensor.WithBacking(backing)) }
	for _, c := range []struct {
		of   G.Value
		want string
	}{
		{G.NewF64(0.1), "0.1 <nil>"}, {G.NewF32(0.5), "0.5 <nil>"},
		{tensor.New(tensor.FromScalar(0.1)), "0.1 <nil>"}, {tensor.New(tensor.FromScalar(float32(0.5))), "0.5 <nil>"},
		{vector([]float64{0.1, 2}), "0.1 <nil>"}, {vector([]float32{0.5, 2}), "0.5 <nil>"},
		{nil, "0 train: the loss has no value"}, {vector([]int{1, 2}), "0 train: the loss is a []int"},
	} {
		v, err := number(c.of)
		if got := fmt.Sprint(v, err); got != c.want {
			t.Errorf("%v: %s, want %s", c.of, got, c.want)
		}
	}
}

// Numbers of either type are looked at one after the other, until one is enough.
func TestValuesEnd(t *testing.T) {
	for _, all := range []any{[]float32{1, 2, 3}, []float64{1, 2, 3}} {
		var seen []float64
		values(all, func(i int, v float64) bool {
			seen = append(seen, float64(i), v)
			return v < 2
		})
		if !slices.Equal(seen, []float64{0, 1, 1, 2}) || length(all) != 3 {
			t.Errorf("%T: saw %v; %d numbers", all, seen, length(all))
		}
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		of   any
		want bool
	}{
		{[]float64{1, -2}, true}, {[]float64{1, nan, 2}, false}, {[]float64{inf, 2}, false}, {[]float64{-inf, 2}, false},
		{[]float32{1, float32(inf), 2}, false}, {[]float32{float32(math.Inf(-1)), 2}, false}, {[]float64{}, true},
	} {
		if allFinite(c.of) != c.want {
			t.Errorf("%v: finite %v", c.of, !c.want)
		}
	}
}

func TestFill(t *testing.T) {
	for _, into := range []any{make([]float32, 2), make([]float64, 2)} {
		if err := fill(into, []float64{1, -2}); err != nil || fmt.Sprint(into) != "[1 -2]" {
			t.Errorf("%T: %v, %v", into, into, err)
		}
		for _, n := range []int{1, 3} {
			if err, want := fill(into, make([]float64, n)), fmt.Sprintf("train: %d numbers given, want 2", n); fmt.Sprint(err) != want || fmt.Sprint(into) != "[1 -2]" {
				t.Errorf("%T: %v, want %s; %v", into, err, want, into)
			}
		}
	}
}

// Examples of every kind are gathered in pieces, with their targets or without.
func TestGather(t *testing.T) {
	const n, size = 40, 3
	pixels := &data.Set{Shape: []int{size}, Classes: 4, Pixels: make([]uint8, n*size)}
	wide := &data.Set{Shape: []int{size}, Classes: 4}
	idx := make([]int, 37) // two pieces and a part
	for i := range pixels.Pixels {
		pixels.Pixels[i] = uint8(7 * i)
		wide.Values = append(wide.Values, float64(pixels.Pixels[i])/255)
	}
	for i := range n {
		pixels.Labels = append(pixels.Labels, i%4)
		wide.Targets = append(wide.Targets, 0, 0, 0, 0)
		wide.Targets[4*i+i%4] = 1
	}
	for k := range idx {
		idx[k] = (k*k + 5) % n
	}
	check := func(set *data.Set, input, target any) {
		t.Helper()
		b := &bound{machine: new(counting), input: input, target: target}
		b.images = b.gatherPiece
		b.gather(set, idx)
		values(input, func(i int, v float64) bool {
			if want := wide.Values[idx[i/size]*size+i%size]; !(math.Abs(v-want) <= 1e-7) {
				t.Fatalf("%T: number %d is %g, want %g", input, i, v, want)
			}
			return true
		})
		values(target, func(i int, v float64) bool {
			if want := wide.Targets[4*idx[i/4]+i%4]; v != want {
				t.Fatalf("%T: target %d is %g, want %g", target, i, v, want)
			}
			return true
		})
		if pieces := b.machine.(*counting).pieces; pieces != 3 {
			t.Errorf("%d pieces, want 3", pieces)
		}
	}
	for _, set := range []*data.Set{pixels, wide} {
		check(set, make([]float32, len(idx)*size), make([]float32, 4*len(idx)))
		check(set, make([]float64, len(idx)*size), make([]float64, 4*len(idx)))
		check(set, make([]float32, len(idx)*size), nil)
		check(set, make([]float64, len(idx)*size), nil)
	}
}

func TestDecisions(t *testing.T) {
	for _, c := range []struct {
		row  []float64
		want int
	}{{[]float64{0.5}, 0}, {[]float64{0.51}, 1}, {[]float64{1.5}, 1}, {[]float64{-3, -1, -2}, 1}, {[]float64{2, 2}, 0}, {[]float64{1, 2, 2}, 1}, {[]float64{3, 1}, 0}} {
		if got := decide(c.row); got != c.want {
			t.Errorf("%v: %d, want %d", c.row, got, c.want)
		}
	}
	out := []float64{1, 2, 0, 5, 3, 4, 7, 7, 9}
	if got := answers(out, 3); !slices.Equal(got, []int{1, 0, 2}) {
		t.Errorf("%v", got)
	}
	var into [3]int
	if decideAll(into[:], out); into != [3]int{1, 0, 2} {
		t.Errorf("%v", into)
	}
	if decideAll(into[:], []float64{0.1, 0.2, 2, 1, 0.4, 0.3}); into != [3]int{1, 0, 0} {
		t.Errorf("of two: %v", into)
	}
	if decideAll(into[:], []float64{0.1, 0.6, 2}); into != [3]int{0, 1, 1} {
		t.Errorf("of one: %v", into)
	}
	labels, rows, single := &data.Set{Labels: []int{3, 1}, Classes: 4}, &data.Set{Targets: out, Classes: 3}, &data.Set{Targets: []float64{0, 1}, Classes: 1}
	if got := fmt.Sprint(truth(labels, 0), truth(labels, 1), truth(rows, 0), truth(rows, 1), truth(rows, 2), truth(single, 0), truth(single, 1)); got != "3 1 1 0 2 0 1" {
		t.Errorf("truths %s", got)
	}
	if got := fmt.Sprint(classes(labels), classes(rows), classes(single)); got != "4 3 2" {
		t.Errorf("classes %s", got)
	}
	if c := NewConfusion(2); c.Accuracy() != 0 {
		t.Errorf("without answers %v are right", c.Accuracy())
	}
}
