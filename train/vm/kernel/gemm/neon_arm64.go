//go:build !purego

package gemm

// neonTiles is tiles by NEON.
func (t *tileShape[F]) neonTiles(rows, count int, c, a, b, bias []F) {
	t.check(rows, count, t.cols, c, a, b, bias)
	stride, columns := t.ofA()
	per := stripCols[F]() / 4
	quads := (t.cols + per - 1) / per
	if per == 4 {
		strips32[columns][rows][quads](count, t.k, p32(a), stride, rows*t.step, p32(b), p32(c), t.ldc, p32(bias), t.cols%per, t.flags())
	} else {
		strips64[columns][rows][quads](count, t.k, p64(a), stride, rows*t.step, p64(b), p64(c), t.ldc, p64(bias), t.cols%per, t.flags())
	}
}

// neonPack copies a strip of B, and computes the tile.
func (t *tileShape[F]) neonPack(rows int, strip, c, a, b []F, stride int, bias []F) {
	_, _ = b[(t.k-1)*stride+t.cols-1], strip[t.k*stripCols[F]()-1]
	if t.cols == stripCols[F]() {
		copyStrip(p32(strip), p32(b), stride*16/stripCols[F](), t.k)
	} else {
		t.packGo(strip, b, stride)
	}
	t.neonTiles(rows, 1, c, a, strip, bias)
}

// neonWide is wide by NEON.
func (t *tileShape[F]) neonWide(rows int, c, a, b, bias []F) {
	t.check(rows, 1, t.cols, c, a, b, bias)
	stride, columns := t.ofA()
	if stripCols[F]() == 16 {
		wides32[columns][rows](t.k, p32(a), stride, p32(b), t.ldb, p32(c), t.ldc, p32(bias), t.flags())
	} else {
		wides64[columns][rows](t.k, p64(a), stride, p64(b), t.ldb, p64(c), t.ldc, p64(bias), t.flags())
	}
}

// ofA is the distance between A's rows, or, for 1, between its columns: the other one
// is 1.
func (t *tileShape[F]) ofA() (stride, columns int) {
	if t.cs == 1 {
		return t.rs, 0
	}
	return t.cs, 1
}

// neonSix is packSix by NEON.
func neonSix[F Float](dst, src []F, stride, k int) {
	if stripCols[F]() == 16 {
		sixes32(p32(dst), p32(src), stride, k)
	} else {
		sixes64(p64(dst), p64(src), stride, k)
	}
}
