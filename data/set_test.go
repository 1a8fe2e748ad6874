package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// numbered is a set of n examples whose numbers all tell which example it is.
func numbered(n, size, classes int, bytes, labelled bool) *Set {
	s := &Set{Name: "numbered", Shape: []int{size}, Classes: classes}
	if bytes {
		s.Pixels = make([]uint8, 0, n*size)
	} else {
		s.Values = make([]float64, 0, n*size)
	}
	if labelled {
		s.Labels = make([]int, 0, n)
	} else {
		s.Targets = make([]float64, 0, n*classes)
	}
	for i := range n {
		for range size {
			if bytes {
				s.Pixels = append(s.Pixels, uint8(i))
			} else {
				s.Values = append(s.Values, float64(i))
			}
		}
		if labelled {
			s.Labels = append(s.Labels, i%classes)
			continue
		}
		for range classes {
			s.Targets = append(s.Targets, float64(i))
		}
	}
	return s
}

func drawNumbered(t *rapid.T) *Set {
	return numbered(rapid.IntRange(0, 40).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "size"),
		rapid.IntRange(1, 5).Draw(t, "classes"), rapid.Bool().Draw(t, "bytes"), rapid.Bool().Draw(t, "labelled"))
}

// numbers reads back which examples a set made by numbered holds, and checks
// that input and target of each still belong together.
func numbers(t *rapid.T, s *Set) []int {
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	ids := make([]int, s.Len())
	for i := range ids {
		if s.Pixels != nil {
			ids[i] = int(s.Pixels[i*s.Size()])
		} else {
			ids[i] = int(s.Values[i*s.Size()])
		}
		if s.Labels != nil && s.Labels[i] != ids[i]%s.Classes || s.Targets != nil && int(s.Targets[i*s.Classes]) != ids[i] {
			t.Fatalf("example %d came with another's target", ids[i])
		}
	}
	return ids
}

func TestHead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawNumbered(t)
		n := rapid.IntRange(-2, 45).Draw(t, "head")
		want := s.Len()
		if 0 < n && n < want {
			want = n
		}
		ids := numbers(t, s.Head(n))
		if len(ids) != want || !slices.IsSorted(ids) {
			t.Fatalf("the first %d of %d are %v", n, s.Len(), ids)
		}
	})
	s := numbered(4, 2, 2, true, true)
	h := s.Head(2)
	h.Pixels[0], h.Labels[0] = 77, 1
	if s.Pixels[0] != 77 || s.Labels[0] != 1 {
		t.Error("a head does not share its set's memory")
	}
	if h.Pixels = append(h.Pixels, 99); s.Pixels[4] == 99 {
		t.Error("appending to a head overwrote the set")
	}
}

func TestHoldOutDealsEveryExampleOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawNumbered(t)
		count, seed := rapid.IntRange(0, s.Len()).Draw(t, "held out"), rapid.Uint64().Draw(t, "seed")
		n := s.Len()
		validation, err := s.HoldOut(count, seed)
		if err != nil {
			t.Fatal(err)
		}
		kept, held := numbers(t, s), numbers(t, validation)
		if len(held) != count || !slices.IsSorted(kept) || !slices.IsSorted(held) {
			t.Fatalf("%v and %v, want %d held out, both in order", kept, held, count)
		}
		for i, k := range slices.Sorted(slices.Values(append(slices.Clone(kept), held...))) {
			if i != k || len(kept)+len(held) != n {
				t.Fatalf("%v and %v are not 0 to %d", kept, held, n-1)
			}
		}
	})
	held := func(seed uint64) []uint8 {
		s := numbered(40, 1, 1, true, true)
		v, err := s.HoldOut(20, seed)
		if err != nil {
			t.Fatal(err)
		}
		if v.Pixels[0] = 200; slices.Contains(s.Pixels, 200) {
			t.Error("what is held out shares its set's memory")
		}
		if s.Pixels = append(s.Pixels, 201); len(s.Labels) != 20 || cap(s.Labels) != 20 {
			t.Error("what is kept is not clipped")
		}
		return v.Pixels
	}
	if !slices.Equal(held(1), held(1)) || slices.Equal(held(1), held(2)) {
		t.Error("the seed does not decide")
	}
	for _, count := range []int{-1, 41} {
		if _, err := numbered(40, 1, 1, true, true).HoldOut(count, 1); err == nil || !strings.Contains(err.Error(), "cannot hold out") {
			t.Errorf("holding out %d of 40 gave %v", count, err)
		}
	}
}

func TestValidate(t *testing.T) {
	for want, spoil := range map[string]func(*Set){
		"exactly one of Pixels and Values":        func(s *Set) { s.Pixels = []uint8{1, 2, 3, 4} },
		"set exactly one of Pixels":               func(s *Set) { s.Values = nil },
		"exactly one of Labels and Targets":       func(s *Set) { s.Labels = []int{0, 1} },
		"set exactly one of Labels":               func(s *Set) { s.Targets = nil },
		"input shape []":                          func(s *Set) { s.Shape = nil },
		"input shape [-1 -2]":                     func(s *Set) { s.Shape = []int{-1, -2} },
		"0 classes":                               func(s *Set) { s.Classes = 0 },
		"1 class names for 3 classes":             func(s *Set) { s.ClassNames = []string{"a"} },
		"5 target numbers do not fill rows of 3":  func(s *Set) { s.Targets = s.Targets[:5] },
		"4 input numbers for 1 examples":          func(s *Set) { s.Targets = s.Targets[:3] },
		"3 input numbers for 2 examples":          func(s *Set) { s.Values = s.Values[:3] },
		"example 1 has label 3, want 0 to 2":      func(s *Set) { s.Targets, s.Labels = nil, []int{2, 3} },
		"example 1 has the input NaN":             func(s *Set) { s.Values[2] = math.NaN() },
		"example 0 has the target -Inf":           func(s *Set) { s.Targets[2] = math.Inf(-1) },
		`set "spoilt": 0 input numbers for 2 exa`: func(s *Set) { s.Values = []float64{} },
	} {
		s := &Set{Name: "spoilt", Shape: []int{1, 2}, Values: []float64{1, 2, 3, 4}, Classes: 3, Targets: []float64{1, 0, 0, 0, 1, 0}}
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		spoil(s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
