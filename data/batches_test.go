package data

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func newBatches(t interface{ Fatal(...any) }, n, size int, seed uint64) *Batches {
	b, err := NewBatches(n, size, seed)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryExampleOnceAnEpoch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size := rapid.IntRange(1, 50).Draw(t, "n"), rapid.IntRange(1, 60).Draw(t, "size")
		b := newBatches(t, n, size, rapid.Uint64().Draw(t, "seed"))
		var seen []int
		count := 0
		for batch := range b.Epoch(rapid.IntRange(0, 5).Draw(t, "epoch")) {
			if count++; len(batch) != size && (count != b.Count() || len(batch) == 0 || len(batch) > size) {
				t.Fatalf("batch %d of %d has %d examples, want %d", count, b.Count(), len(batch), size)
			}
			seen = append(seen, batch...)
		}
		slices.Sort(seen)
		if count != b.Count() || len(seen) != n || seen[0] != 0 || seen[n-1] != n-1 || len(slices.Compact(seen)) != n {
			t.Fatalf("%d batches of %d, examples %v of %d", count, b.Count(), seen, n)
		}
	})
}

// What a resumed training relies on: any batch, in any order of asking, is the
// batch that a run from the start comes to.
func TestAnyBatchOnItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size, seed := rapid.IntRange(1, 30).Draw(t, "n"), rapid.IntRange(1, 12).Draw(t, "size"), rapid.Uint64().Draw(t, "seed")
		run := map[[2]int][]int{}
		b := newBatches(t, n, size, seed)
		for epoch := range 4 {
			i := 0
			for batch := range b.Epoch(epoch) {
				run[[2]int{epoch, i}] = slices.Clone(batch)
				i++
			}
		}
		other := newBatches(t, n, size, seed)
		for range 10 {
			epoch, i := rapid.IntRange(0, 3).Draw(t, "epoch"), rapid.IntRange(0, b.Count()-1).Draw(t, "i")
			if got := other.At(epoch, i); !slices.Equal(got, run[[2]int{epoch, i}]) {
				t.Fatalf("batch %d of epoch %d is %v, in a run %v", i, epoch, got, run[[2]int{epoch, i}])
			}
		}
	})
}

// The order of one seed is pinned: a checkpoint of an older program must find
// the batches that it was trained on.
func TestTheOrderStays(t *testing.T) {
	b := newBatches(t, 10, 10, 1)
	for epoch, want := range [][]int{{6, 3, 1, 9, 7, 4, 8, 2, 0, 5}, {3, 5, 8, 2, 7, 1, 6, 4, 0, 9}} {
		if got := b.At(epoch, 0); !slices.Equal(got, want) {
			t.Errorf("epoch %d: %v, want %v", epoch, got, want)
		}
	}
}

// All 24 orders of four examples are equally likely, over epochs and over
// seeds: chi-squared with 23 degrees of freedom stays below its 0.999 quantile,
// 49.7.
func TestEveryOrderIsAsLikely(t *testing.T) {
	const draws = 24000
	orders := map[string]func(i int) []int{
		"epochs": func() func(int) []int { b := newBatches(t, 4, 4, 1); return func(i int) []int { return b.At(i, 0) } }(),
		"seeds":  func(i int) []int { return newBatches(t, 4, 4, uint64(i)).At(0, 0) },
	}
	for name, order := range orders {
		seen := map[[4]int]float64{}
		for i := range draws {
			seen[[4]int(order(i))]++
		}
		chi2 := 0.0
		for _, n := range seen {
			chi2 += (n - draws/24) * (n - draws/24) / (draws / 24)
		}
		if len(seen) != 24 || chi2 > 49.7 {
			t.Errorf("over %s: %d orders, chi-squared %.1f", name, len(seen), chi2)
		}
	}
}

// Orders of neighbouring epochs and seeds have nothing to do with each other:
// two orders of 1000 agree in one place on average, in more than 8 with a
// probability of one in a million.
func TestNeighboursDiffer(t *testing.T) {
	base := slices.Clone(newBatches(t, 1000, 1000, 7).At(3, 0))
	for _, c := range []struct {
		seed  uint64
		epoch int
	}{{7, 2}, {7, 4}, {6, 3}, {8, 3}, {3, 7}} {
		same := 0
		for i, v := range newBatches(t, 1000, 1000, c.seed).At(c.epoch, 0) {
			if v == base[i] {
				same++
			}
		}
		if same > 8 {
			t.Errorf("seed %d, epoch %d agrees with seed 7, epoch 3 in %d of 1000 places", c.seed, c.epoch, same)
		}
	}
}

func TestBatchesThatAreNot(t *testing.T) {
	for _, c := range [][2]int{{0, 1}, {1, 0}, {-1, 1}, {1, -1}} {
		if _, err := NewBatches(c[0], c[1], 1); err == nil {
			t.Errorf("%d examples in batches of %d gave no error", c[0], c[1])
		}
	}
	b := newBatches(t, 5, 2, 1)
	for _, c := range [][2]int{{-1, 0}, {0, -1}, {0, 3}} {
		if got := b.At(c[0], c[1]); got != nil {
			t.Errorf("epoch %d has a batch %d: %v", c[0], c[1], got)
		}
	}
	const largest = int(^uint(0) >> 1)
	if b = newBatches(t, 3, largest, 1); b.Count() != 1 || len(b.At(0, 0)) != 3 {
		t.Errorf("a batch for everything: %d batches, the first of %d", b.Count(), len(b.At(0, 0)))
	}
}

func TestBatchesAllocateNothing(t *testing.T) {
	b := newBatches(t, 100, 7, 1)
	epoch, sum := 0, 0
	if n := testing.AllocsPerRun(20, func() {
		epoch++
		for i := range b.Count() {
			sum += len(b.At(epoch, i))
		}
	}); n != 0 {
		t.Errorf("%v allocations an epoch", n)
	}
}
