package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// fewNumbers draws from few numbers, so that sums are often equal but for their zeros'
// signs, or not numbers.
func fewNumbers(rng *rand.Rand, n int) []float32 {
	negative, x := float32(math.Copysign(0, -1)), make([]float32, n)
	for i := range x {
		x[i] = []float32{0, negative, negative, 1, -1, float32(math.Inf(1)), float32(math.NaN())}[rng.IntN(40)%(5+rng.IntN(3))]
	}
	return x
}

// forTiles runs a test for every mode, with random numbers and with few.
func forTiles(test func(mode tileMode, numbers func(rng *rand.Rand, n int) []float32)) {
	for mode := tileStore; mode <= tileArgmax; mode++ {
		test(mode, kerneltest.Random[float32])
		test(mode, fewNumbers)
		test(mode, fewNumbers)
	}
}

// Tiles of every width and length compute the twin's bits, and those of 3x3 filters of
// one channel.
func TestEveryNEONTile(t *testing.T) {
	rng, compare := neon(t)
	forTiles(func(mode tileMode, numbers func(rng *rand.Rand, n int) []float32) {
		for n := 1; n <= 3; n++ {
			for length := 1; length <= 9; length++ {
				maps := 8 * n
				s := tileRow{count: 1 + rng.IntN(3), step: 1 + rng.IntN(9), pixel: [3]int{rng.IntN(9), rng.IntN(9), rng.IntN(9)},
					rows: 1 + rng.IntN(3), rowStep: length + rng.IntN(3), length: length, yStep: 4 * maps, yPixel: [3]int{maps, 2 * maps, 3 * maps}, argStep: maps}
				run := tiles
				if n == 1 && length == 3 && mode != tileStore {
					s.rows, s.rowStep, s.step = 3, 4+2*s.count, 2
					s.pixel = [3]int{1, s.rowStep, s.rowStep + 1}
					run = taps
				}
				x := numbers(rng, (s.count-1)*s.step+slices.Max(s.pixel[:])+(s.rows-1)*s.rowStep+length)
				w, bias := numbers(rng, s.rows*length*maps), numbers(rng, maps)
				var args [][]uint8
				compare(fmt.Sprintf("%d maps, %d floats, mode %d", maps, length, mode), make([]float32, s.count*4*maps), func(g *kerneltest.Guard, y []float32) {
					arg := g.Bytes(t, s.count*maps)
					run(n, mode, y, arg, guarded(t, g, x), guarded(t, g, w), guarded(t, g, bias), &s)
					args = append(args, slices.Clone(arg))
				})
				if !slices.Equal(args[0], args[1]) {
					t.Fatalf("%d maps, %d floats: argmax %v, the twin's %v", maps, length, args[0], args[1])
				}
			}
		}
	})
}

// So do pixels' strips.
func TestEveryNEONPixels(t *testing.T) {
	rng, compare := neon(t)
	forTiles(func(mode tileMode, numbers func(rng *rand.Rand, n int) []float32) {
		if mode == tileStore {
			return
		}
		for n := 1; n <= 3; n++ {
			for cols := 1; cols <= 6; cols++ {
				s := pixelGrid{rows: 1 + rng.IntN(5), cols: cols, xStep: 8*n + cols - 1 + rng.IntN(3), down: 1 + rng.IntN(3), yRow: 4*n + rng.IntN(2)}
				s.yMap = s.down * s.yRow
				x := numbers(rng, (2*s.down-2+s.rows)*s.xStep+8*n+cols-1)
				w, bias := numbers(rng, 2*s.rows*cols), numbers(rng, 2)
				var args [][]uint8
				compare(fmt.Sprintf("%d windows, %d columns, mode %d", 4*n, cols, mode), make([]float32, 2*s.yMap), func(g *kerneltest.Guard, y []float32) {
					arg := g.Bytes(t, 2*s.yMap)
					pixels(n, 2, mode, y, arg, guarded(t, g, x), guarded(t, g, w), guarded(t, g, bias), &s)
					args = append(args, slices.Clone(arg))
				})
				if !slices.Equal(args[0], args[1]) {
					t.Fatalf("%d windows, %d columns: argmax %v, the twin's %v", 4*n, cols, args[0], args[1])
				}
			}
		}
	})
}
