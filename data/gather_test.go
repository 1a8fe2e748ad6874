package data

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// Exact rational arithmetic is the witness: a byte becomes the number nearest
// to b/255.
func TestGatherBytesAreNearestTo255ths(t *testing.T) {
	s := &Set{Shape: []int{256}, Classes: 1, Labels: []int{0}}
	for b := range 256 {
		s.Pixels = append(s.Pixels, uint8(b))
	}
	single, double := make([]float32, 256), make([]float64, 256)
	Gather(s, []int{0}, single, nil)
	Gather(s, []int{0}, double, nil)
	for b := range 256 {
		exact := big.NewRat(int64(b), 255)
		want32, _ := exact.Float32()
		want64, _ := exact.Float64()
		if single[b] != want32 || double[b] != want64 {
			t.Errorf("byte %d became %v and %v, want %v and %v", b, single[b], double[b], want32, want64)
		}
	}
}

func TestGather(t *testing.T) {
	t.Run("float32", gathers[float32])
	t.Run("float64", gathers[float64])
}

// gathers compares Gather with one number at a time, on every kind of set, and
// sees that it writes no further than it should.
func gathers[F float32 | float64](t *testing.T) {
	const guard = -1234
	rapid.Check(t, func(t *rapid.T) {
		s := drawNumbered(t)
		if s.Len() == 0 {
			return
		}
		idx := rapid.SliceOfN(rapid.IntRange(0, s.Len()-1), 0, 9).Draw(t, "idx")
		x, y := make([]F, len(idx)*s.Size()+3), make([]F, len(idx)*s.Classes+3)
		for i := range x {
			x[i] = guard
		}
		for i := range y {
			y[i] = guard
		}
		Gather(s, idx, x, y)
		for i, v := range x {
			want := F(guard)
			if k := i / s.Size(); k < len(idx) {
				if want = F(idx[k]); s.Pixels != nil {
					want = F(idx[k]) / 255
				}
			}
			if v != want {
				t.Fatalf("input number %d is %v, want %v", i, v, want)
			}
		}
		for i, v := range y {
			want := F(guard)
			if k := i / s.Classes; k < len(idx) {
				if want = F(idx[k]); s.Labels != nil {
					want = 0
					if idx[k]%s.Classes == i%s.Classes {
						want = 1
					}
				}
			}
			if v != want {
				t.Fatalf("target number %d is %v, want %v", i, v, want)
			}
		}
	})
}

func TestGatherAllocatesNothing(t *testing.T) {
	idx := []int{3, 0, 2}
	for _, s := range []*Set{numbered(4, 50, 3, true, true), numbered(4, 50, 3, false, false)} {
		x32, y32 := make([]float32, 150), make([]float32, 9)
		x64, y64 := make([]float64, 150), make([]float64, 9)
		if n := testing.AllocsPerRun(20, func() { Gather(s, idx, x32, y32); Gather(s, idx, x64, y64) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}

func BenchmarkGather(b *testing.B) {
	s := &Set{Shape: []int{1, 28, 28}, Classes: 10, Pixels: make([]uint8, 60000*784), Labels: make([]int, 60000)}
	batches, err := NewBatches(s.Len(), 64, 1)
	if err != nil {
		b.Fatal(err)
	}
	x, y := make([]float32, 64*784), make([]float32, 640)
	b.SetBytes(64 * 784)
	for i := 0; b.Loop(); i++ {
		Gather(s, batches.At(0, i%(batches.Count()-1)), x, y)
	}
}
