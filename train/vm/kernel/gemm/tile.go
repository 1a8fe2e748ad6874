package gemm

import (
	"math"
	"unsafe"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/vec"
)

//go:generate go run ./gen -out tile_amd64.s -stubs tile_amd64.go -other tile_other.go -pkg gemm

// has is a variable for the tests of the twins.
var has = cpu.Host()

// tileShape is what the tiles of one strip of B have in common: C's rows x cols
// elements are sums of k terms. rs and cs are the distances of op(A)'s rows and
// columns inside a tile, step is how far apart tiles are, per row.
type tileShape[F Float] struct {
	k, rs, cs, step int
	ldb, ldc, cols  int
	load, relu      bool
}

// stripCols is how many columns a strip of B has: 64 bytes.
func stripCols[F Float]() int {
	var x F
	return 64 / int(unsafe.Sizeof(x))
}

// tileGo computes rows x cols elements. B has whole groups of eight columns.
func (t *tileShape[F]) tileGo(rows int, c, a, b, bias []F) {
	for i := range rows {
		for j := 0; j < t.cols; j += 8 {
			out := c[i*t.ldc+j:][:min(8, t.cols-j)]
			var sums [8]F
			if t.load {
				copy(sums[:], out)
			}
			t.dots(&sums, a[i*t.rs:], b[j:])
			for q := range out {
				s := sums[q]
				if bias != nil {
					s += bias[j+q]
				}
				out[q] = s
			}
			if t.relu {
				vec.ReLU(out, out)
			}
		}
	}
}

// dots adds a row of A times eight columns of B. It is the only place where the
// twins multiply, so that the compiler fuses all products of float32 with their
// sums, or none.
func (t *tileShape[F]) dots(s *[8]F, a, b []F) {
	if stripCols[F]() == 8 {
		t.fusedDots(s, a, b)
		return
	}
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	cs, ldb := t.cs, t.ldb
	for p := range t.k {
		x, y := a[p*cs], (*[8]F)(b[p*ldb:])
		s0 += x * y[0]
		s1 += x * y[1]
		s2 += x * y[2]
		s3 += x * y[3]
		s4 += x * y[4]
		s5 += x * y[5]
		s6 += x * y[6]
		s7 += x * y[7]
	}
	*s = [8]F{s0, s1, s2, s3, s4, s5, s6, s7}
}

// fusedDots is dots of float64, which has the assembly's bits everywhere.
func (t *tileShape[F]) fusedDots(s *[8]F, a, b []F) {
	var sums [8]float64
	for q, v := range s {
		sums[q] = float64(v)
	}
	for p := range t.k {
		x, y := float64(a[p*t.cs]), (*[8]F)(b[p*t.ldb:])
		for q, v := range y {
			sums[q] = math.FMA(x, float64(v), sums[q])
		}
	}
	for q, v := range sums {
		s[q] = F(v)
	}
}

// packTileGo copies a strip of B, and computes the tile.
func (t *tileShape[F]) packTileGo(rows int, strip, c, a, b []F, stride int, bias []F) {
	width := stripCols[F]()
	for p := range t.k {
		n := copy(strip[p*width:(p+1)*width], b[p*stride:][:t.cols])
		clear(strip[p*width+n : (p+1)*width])
	}
	t.tileGo(rows, c, a, strip, bias)
}

func packSixGo[F Float](dst, src []F, stride, k int) {
	for p := range k {
		*(*[tileRows]F)(dst[p*tileRows:]) = *(*[tileRows]F)(src[p*stride:])
	}
}
