//go:build !amd64 || purego

package kernel

func tiles16(rows, count int, t *tileShape, c, a, b, bias []float32) {
	tiles16Go(rows, count, t, c, a, b, bias)
}

func packTile(rows int, strip []float32, t *tileShape, c, a, b []float32, stride int, bias []float32) {
	packTileGo(rows, strip, t, c, a, b, stride, bias)
}

func wideTile(rows int, t *tileShape, c, a, b, bias []float32) { tileGo(rows, t, c, a, b, bias) }

func packSix(dst, src []float32, stride, k int) { packSixGo(dst, src, stride, k) }
