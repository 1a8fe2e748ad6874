//go:build !arm64 || purego

package gemm

// Nothing calls these: no processor here has NEON.

func (t *tileShape[F]) neonTiles(rows, count int, c, a, b, bias []F)                {}
func (t *tileShape[F]) neonPack(rows int, strip, c, a, b []F, stride int, bias []F) {}
func (t *tileShape[F]) neonWide(rows int, c, a, b, bias []F)                        {}

func neonSix[F Float](dst, src []F, stride, k int) {}
