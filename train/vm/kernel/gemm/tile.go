package gemm

import (
	"math"
	"unsafe"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/fused"
	"symgrad/train/vm/kernel/vec"
)

//go:generate go run ./gen -out tile_amd64.s -stubs tile_amd64.go -other tile_other.go -pkg gemm
//go:generate go run ./gen/neon

// has is a variable for the tests of the twins.
var has = cpu.Host()

// tileShape is what the tiles of one strip of B have in common: C's rows x cols
// elements are sums of k terms. rs and cs are the distances of op(A)'s rows and
// columns inside a tile, step is how far apart tiles are, per row.
type tileShape[F Float] struct {
	k, rs, cs, step int
	ldb, ldc, cols  int

	load, relu, onto bool
	far              bool // A's rows are not in the cache yet
	next             int  // bytes from C to what is written next; 0: to nothing known
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
				if t.onto {
					s = out[q] + s
				}
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

// dots adds a row of A times eight columns of B.
func (t *tileShape[F]) dots(s *[8]F, a, b []F) {
	if stripCols[F]() == 16 {
		fused.Eights((*[8]float32)(unsafe.Pointer(s)), t.k, singles(a), t.cs, singles(b), t.ldb)
		return
	}
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

// singles is x, which is of float32, as that.
func singles[F Float](x []F) []float32 { return unsafe.Slice(p32(x), len(x)) }

// packTileGo copies a strip of B, and computes the tile.
func (t *tileShape[F]) packTileGo(rows int, strip, c, a, b []F, stride int, bias []F) {
	t.packGo(strip, b, stride)
	t.tileGo(rows, c, a, strip, bias)
}

// packGo copies a strip of B, filled up with zeros.
func (t *tileShape[F]) packGo(strip, b []F, stride int) {
	width := stripCols[F]()
	for p := range t.k {
		n := copy(strip[p*width:(p+1)*width], b[p*stride:][:t.cols])
		clear(strip[p*width+n : (p+1)*width])
	}
}

func packSixGo[F Float](dst, src []F, stride, k int) {
	for p := range k {
		*(*[tileRows]F)(dst[p*tileRows:]) = *(*[tileRows]F)(src[p*stride:])
	}
}
