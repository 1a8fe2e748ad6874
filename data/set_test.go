package data

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func ExampleGather() {
	x, y := make([]float64, 6), make([]float64, 2)
	Gather(XOR(), []int{3, 1}, x, y)
	fmt.Println(x, y)
	// Output: [1 1 1 0 1 1] [0 1]
}

func TestGatherBytesAreExactly255ths(t *testing.T) {
	s := &Set{Shape: []int{256}, Classes: 3, Labels: []uint8{2}}
	for b := range 256 {
		s.Pixels = append(s.Pixels, uint8(b))
	}
	x, y := make([]float32, 256), []float32{9, 9, 9}
	Gather(s, []int{0}, x, y)
	for b, v := range x {
		if v != float32(b)/255 {
			t.Errorf("byte %d became %v", b, v)
		}
	}
	if diff := cmp.Diff(y, []float32{0, 0, 1}); diff != "" {
		t.Error(diff)
	}
	idx := []int{0}
	if n := testing.AllocsPerRun(10, func() { Gather(s, idx, x, y) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestEveryExampleOnceAnEpoch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size := rapid.IntRange(1, 50).Draw(t, "n"), rapid.IntRange(1, 60).Draw(t, "size")
		b, err := NewBatches(n, size, rapid.Uint64().Draw(t, "seed"))
		if err != nil {
			t.Fatal(err)
		}
		epoch := rapid.IntRange(0, 5).Draw(t, "epoch")
		var seen []int
		for batch := range b.Epoch(epoch) {
			if len(batch) > size || len(batch) == 0 {
				t.Fatalf("a batch of %d", len(batch))
			}
			seen = append(seen, batch...)
		}
		last := slices.Clone(b.At(epoch, b.Count()-1))
		_ = b.At(epoch+1, 0)
		if diff := cmp.Diff(last, b.At(epoch, b.Count()-1)); diff != "" {
			t.Error("an epoch cannot be had again:", diff)
		}
		slices.Sort(seen)
		for i, v := range seen {
			if i != v {
				t.Fatalf("examples %v", seen)
			}
		}
		if len(seen) != n {
			t.Fatalf("%d of %d examples", len(seen), n)
		}
	})
}

func TestSeedDecidesTheOrder(t *testing.T) {
	order := func(seed uint64, epoch int) []int {
		b, err := NewBatches(100, 100, seed)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(b.At(epoch, 0))
	}
	if !slices.Equal(order(1, 0), order(1, 0)) || slices.Equal(order(1, 0), order(2, 0)) || slices.Equal(order(1, 0), order(1, 1)) {
		t.Error("the order must depend on seed and epoch, and on nothing else")
	}
}

func TestSplitKeepsEverything(t *testing.T) {
	s := AllInputs()
	train, validation, err := s.Split(3, 7)
	if err != nil || train.Len() != 5 || validation.Len() != 3 || train.Validate() != nil {
		t.Fatal(train, validation, err)
	}
	seen := map[string]bool{}
	for _, part := range []*Set{train, validation} {
		for i := range part.Len() {
			seen[fmt.Sprint(part.Values[3*i:3*i+3])] = true
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d of 8 examples", len(seen))
	}
	if _, _, err := s.Split(9, 7); err == nil {
		t.Error("9 of 8 examples were held out")
	}
}

func TestValidate(t *testing.T) {
	for _, s := range []*Set{NeuronRows(), AllInputs(), XOR(), FirstBit(), MultiLayerRows()} {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
	for name, s := range map[string]*Set{
		"label":  {Shape: []int{1}, Pixels: []uint8{0}, Labels: []uint8{3}, Classes: 3},
		"length": {Shape: []int{2}, Pixels: []uint8{0}, Labels: []uint8{0}, Classes: 1},
		"twice":  {Shape: []int{1}, Pixels: []uint8{0}, Values: []float64{0}, Labels: []uint8{0}, Classes: 1},
		"ragged": {Shape: []int{1}, Values: []float64{0}, Targets: []float64{1, 2, 3}, Classes: 2},
	} {
		if s.Validate() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkGather(b *testing.B) {
	s := &Set{Shape: []int{1, 28, 28}, Classes: 10, Pixels: make([]uint8, 64*784), Labels: make([]uint8, 64)}
	idx := make([]int, 64)
	x, y := make([]float32, 64*784), make([]float32, 640)
	for range b.N {
		Gather(s, idx, x, y)
	}
}
