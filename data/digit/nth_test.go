package digit

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The value that sorting puts there, with values that are alike and in any order.
func TestNth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(-20, 20), func(i int) float64 { return float64(i) / 4 }), 1, 60).Draw(t, "values")
		k := rapid.IntRange(0, len(values)-1).Draw(t, "k")
		sorted := slices.Sorted(slices.Values(values))
		if got := nth(slices.Clone(values), k); got != sorted[k] {
			t.Fatalf("value %d of %v is %g, want %g", k, values, got, sorted[k])
		}
	})
}

// Values that are halved as badly as can be, a million of them, take no longer
// than sorting: each round's pivot is the largest that is left.
func TestNthOfTheWorst(t *testing.T) {
	const n = 1 << 20
	values, order := make([]float64, n), make([]int, n)
	for i := range order {
		order[i] = i
	}
	for to := n - 1; to > 0; to-- { // what will be the pivot, and is then swapped to the end
		values[order[to/2]] = float64(to)
		order[to/2], order[to] = order[to], order[to/2]
	}
	if got := nth(values, 0); got != 0 {
		t.Errorf("the smallest is %g", got)
	}
}
