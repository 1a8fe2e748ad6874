//go:build !purego

package conv

import "math/bits"

// The places in lists are made by this package from a layer's geometry and lie
// in an image by construction; offset has an entry for every byte that the caller's
// argmax may hold.

func gather(l *sparseList, dz []float32, dzStep int, arg []uint8, argStep int, corner, offset []int32) (int, float32) {
	if !has.NEON || len(corner) == 0 {
		return gatherGo(l, dz, dzStep, arg, argStep, corner, offset)
	}
	last := len(corner) - 1
	_, _ = dz[last*dzStep], arg[last*argStep]
	_, _ = l.at[last+3], l.value[last+8]
	_ = offset[255]
	if dzStep == 1 && argStep == 1 && len(corner)%8 == 0 {
		return gatherVectors(&l.at[0], &l.value[0], &dz[0], &arg[0], &corner[0], &offset[0], len(corner)/8, &compressOrder[0][0])
	}
	return gatherList(&l.at[0], &l.value[0], &dz[0], dzStep, &arg[0], argStep, &corner[0], &offset[0], len(corner))
}

// compressOrder[m] has the bytes of those of four lanes whose bits are set in m, lowest
// first; the last one has how many they are.
var compressOrder = func() (order [17][16]uint8) {
	for m := range 16 {
		at := 0
		for lane := range 4 {
			for b := 0; m>>lane&1 != 0 && b < 4; b++ {
				order[m][at] = uint8(4*lane + b)
				at++
			}
		}
		order[16][m] = uint8(bits.OnesCount(uint(m)))
	}
	return order
}()

func compress(l *sparseList, n int, spans []span, dz []float32, arg []uint8, step int) int {
	if !has.NEON {
		return compressGo(l, n, spans, dz, arg, step)
	}
	_ = arg[len(dz)-1]
	_, _ = l.at[n+len(dz)+3], l.value[n+len(dz)+3]
	return compressList(&l.at[0], &l.value[0], n, &spans[0].to, len(spans), &dz[0], &arg[0], len(dz)/8, step, &compressOrder[0][0])
}

// patchRows leaves rows of one or two floats, and a single one of three, to the twin.
func patchRows(n int, acc, x []float32, at []int32, value []float32, mask *[8]int32, rows, accStep, xStep int) {
	length := 8*(n-1) + lanes(mask)
	if !has.NEON || length < 3 {
		patchRowsGo(n, acc, x, at, value, mask, rows, accStep, xStep)
		return
	}
	_ = acc[(rows-1)*accStep+8*n-1]
	count, last := len(value), 4*length-16
	_ = at[count-1]
	if n == 1 && accStep == 8 {
		for ; rows > 1; rows -= min(rows, 6) {
			r := min(rows, 6)
			columns[r][(length+3)/4-max(4-length, 0)](&acc[0], &x[0], &at[0], &value[0], count, xStep, last)
			if r == rows {
				return
			}
			acc, x = acc[8*r:], x[r*xStep:]
		}
	}
	switch quads := (length + 3) / 4; {
	case length < 4:
		patchRowsGo(n, acc, x, at, value, mask, rows, accStep, xStep)
	case length == 8*n:
		wholePatches[n](&acc[0], &x[0], &at[0], &value[0], count, rows, accStep, xStep)
	default:
		patchesTo[n][2*n-quads](&acc[0], &x[0], &at[0], &value[0], count, rows, accStep, xStep, last)
	}
}

func spreadRows(n int, dx, w []float32, l *sparseList) {
	if !has.NEON || len(l.spans) == 0 {
		spreadRowsGo(n, dx, w, l)
		return
	}
	spreads[n](&dx[0], &w[0], &l.at[0], &l.value[0], &l.spans[0].to, len(l.spans))
}

// The assembly by vectors of 8; patchesTo's rows end in the second or the first half of
// the last one.
var (
	wholePatches = [...]func(acc, x *float32, at *int32, value *float32, count, rows, accStep, xStep int){1: patch2, 2: patch4, 3: patch6, 4: patch8, 6: patch12, 8: patch16, 12: patch24}
	patchesTo    = [...][2]func(acc, x *float32, at *int32, value *float32, count, rows, accStep, xStep, last int){
		1: {patchTo2, patchTo1}, 2: {patchTo4, patchTo3}, 3: {patchTo6, patchTo5}, 4: {patchTo8, patchTo7}, 6: {patchTo12, patchTo11}, 8: {patchTo16, patchTo15}, 12: {patchTo24, patchTo23},
	}
	spreads = [...]func(dx, w *float32, at *int32, value *float32, spans *int32, count int){1: spreadRows1, 2: spreadRows2, 3: spreadRows3, 4: spreadRows4, 6: spreadRows6, 8: spreadRows8, 12: spreadRows12}
)

// columns are by rows, and by the registers of a row: none for three floats.
var columns = [...][3]func(acc, x *float32, at *int32, value *float32, count, xStep, last int){
	2: {column2x0, column2x1, column2x2}, 3: {column3x0, column3x1, column3x2}, 4: {column4x0, column4x1, column4x2},
	5: {column5x0, column5x1, column5x2}, 6: {column6x0, column6x1, column6x2},
}
