//go:build !(amd64 || arm64) || purego

package conv

func tiles(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	tileRowGo(n, mode, y, arg, x, w, bias, t)
}

func taps(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	tileRowGo(n, mode, y, arg, x, w, bias, t)
}

func pixels(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	pixelsGo(n, maps, mode, y, arg, x, w, bias, t)
}

func outer(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	outerGo(n, acc, x, dy, mask, t)
}

func gather(l *sparseList, dz []float32, dzStep int, arg []uint8, argStep int, corner, offset []int32) (int, float32) {
	return gatherGo(l, dz, dzStep, arg, argStep, corner, offset)
}

func compress(l *sparseList, n int, spans []span, dz []float32, arg []uint8, step int) int {
	return compressGo(l, n, spans, dz, arg, step)
}

func patchRows(n int, acc, x []float32, at []int32, value []float32, mask *[8]int32, rows, accStep, xStep int) {
	patchRowsGo(n, acc, x, at, value, mask, rows, accStep, xStep)
}

func spreadRows(n int, dx, w []float32, l *sparseList) { spreadRowsGo(n, dx, w, l) }

func tapSums(acc, x, dz []float32, arg []uint8, t *tapGrid) { tapSumsGo(acc, x, dz, arg, t) }
