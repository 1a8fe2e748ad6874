package conv

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/fused"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// neon gives what NEON kernels are tested with, and what compares their results, beside
// guards, with the twin's: run computes them from the numbers that were there before.
func neon(t *testing.T) (rng *rand.Rand, compare func(what string, numbers []float32, run func(g *kerneltest.Guard, out []float32))) {
	if !has.NEON || !fused.Exact {
		t.Skip("there is nothing to compare")
	}
	rng = rand.New(rand.NewPCG(1, 2))
	return rng, func(what string, before []float32, run func(g *kerneltest.Guard, out []float32)) {
		var g kerneltest.Guard
		got := guarded(t, &g, before)
		run(&g, got)
		want := slices.Clone(before)
		with(cpu.Features{}, func() { run(&g, want) })
		kerneltest.SameBits(t, what, got, want)
		g.Release(t)
	}
}

func guarded(t *testing.T, g *kerneltest.Guard, x []float32) []float32 {
	y := g.Floats(t, len(x))
	copy(y, x)
	return y
}

// Rows of patches of every length, as many as are taken at once and more, compute the
// twin's bits.
func TestEveryNEONPatch(t *testing.T) {
	rng, compare := neon(t)
	for _, n := range []int{1, 2, 3, 4, 6, 8, 12} {
		for last := 1; last <= 8; last++ {
			for rows := 1; rows <= 8; rows++ {
				length, places, gap := 8*(n-1)+last, 1+rng.IntN(4), 8*rng.IntN(2)
				xStep := length + rng.IntN(3)
				x, value, at := kerneltest.Random[float32](rng, places-1+(rows-1)*xStep+length), kerneltest.Random[float32](rng, 5), make([]int32, 5)
				for i := range at {
					at[i] = int32(rng.IntN(places))
				}
				count := 1 + rng.IntN(5)
				acc := kerneltest.Random[float32](rng, (rows-1)*(8*n+gap)+8*n)
				for r := range rows { // what lies past the rows' ends is of no meaning
					clear(acc[r*(8*n+gap)+length:][:8*n-length])
				}
				compare(fmt.Sprintf("%d rows of %d floats", rows, length), acc, func(g *kerneltest.Guard, acc []float32) {
					patchRows(n, acc, guarded(t, g, x), at[:count], value[:count], laneMask(last), rows, 8*n+gap, xStep)
					for r := range rows {
						clear(acc[r*(8*n+gap)+length:][:8*n-length])
					}
				})
			}
		}
	}
}

// So do gradients that are spread over filter rows.
func TestEveryNEONSpread(t *testing.T) {
	rng, compare := neon(t)
	for _, n := range []int{1, 2, 3, 4, 6, 8, 12} {
		for range 10 {
			const values, spans, room = 6, 4, 9
			l := sparseList{value: kerneltest.Random[float32](rng, values)}
			for range values {
				l.at = append(l.at, int32(rng.IntN(room)))
			}
			for range spans {
				from := rng.IntN(values)
				l.spans = append(l.spans, span{to: int32(rng.IntN(room)), from: int32(from), count: int32(rng.IntN(values - from + 1))})
			}
			w := kerneltest.Random[float32](rng, room-1+8*n)
			compare(fmt.Sprintf("%d vectors", n), kerneltest.Random[float32](rng, room-1+8*n), func(g *kerneltest.Guard, dx []float32) {
				spreadRows(n, dx, guarded(t, g, w), &l)
			})
		}
	}
}

// And products of maps' gradients with patches, of one to four maps that lie together
// or not.
func TestEveryNEONOuter(t *testing.T) {
	rng, compare := neon(t)
	for n := 1; n <= 3; n++ {
		for last := 1; last <= 8; last++ {
			for maps := 1; maps <= 4; maps++ {
				for apart := 1; apart <= 2; apart++ {
					length := 8*(n-1) + last
					s := outerTile{rows: 1 + rng.IntN(3), cols: 1 + rng.IntN(5), xStep: 1 + rng.IntN(4), dyStep: (maps-1)*apart + 1 + rng.IntN(3)}
					s.xRow, s.dyRow = s.cols*s.xStep, s.cols*s.dyStep
					for p := range s.dyMap {
						s.dyMap[p] = min(p+1, maps-1) * apart
						s.accMap[p] = min(p+1, maps-1) * 8 * n
					}
					x := kerneltest.Random[float32](rng, (s.rows-1)*s.xRow+(s.cols-1)*s.xStep+length)
					dy := kerneltest.Random[float32](rng, (s.rows-1)*s.dyRow+(s.cols-1)*s.dyStep+(maps-1)*apart+1)
					acc := kerneltest.Random[float32](rng, maps*8*n)
					compare(fmt.Sprintf("%d floats of %d maps", length, maps), acc, func(g *kerneltest.Guard, acc []float32) {
						outer(n, acc, guarded(t, g, x), guarded(t, g, dy), laneMask(last), &s)
						for m := range maps { // the padding is of no meaning
							clear(acc[8*n*m+length : 8*n*(m+1)])
						}
					})
				}
			}
		}
	}
}
