//go:build !purego

package gemm

//go:noescape
func tile6rows(k int, a *float32, step int, b *float32, ldb int, c *float32, ldc int, load int)

//go:noescape
func tile6columns(k int, a *float32, step int, b *float32, ldb int, c *float32, ldc int, load int)

// neon computes the sums of a whole tile of float32, C's old value included, if it
// can.
func (t *tileShape[F]) neon(rows int, c, a, b []F) bool {
	if !has.NEON || stripCols[F]() != 16 || rows != tileRows || t.cols != 16 || t.cs != 1 && t.rs != 1 {
		return false
	}
	t.check(rows, 1, t.cols, c, a, b, nil)
	load := 0
	if t.load {
		load = 1
	}
	if t.cs == 1 {
		tile6rows(t.k, p32(a), t.rs, p32(b), t.ldb, p32(c), t.ldc, load)
	} else {
		tile6columns(t.k, p32(a), t.cs, p32(b), t.ldb, p32(c), t.ldc, load)
	}
	return true
}
