//go:build amd64 && !purego

package conv

import "math/bits"

// The places in lists are made by this package from a layer's geometry and lie
// in an image by construction: offset has an entry for every byte that the
// caller's argmax may hold.

func gather(l *sparseList, dz []float32, dzStep int, arg []uint8, argStep int, corner, offset []int32) (int, float32) {
	if !has.AVX2 || len(corner) == 0 {
		return gatherGo(l, dz, dzStep, arg, argStep, corner, offset)
	}
	last := len(corner) - 1
	_, _ = dz[last*dzStep], arg[last*argStep]
	_, _ = l.at[last], l.value[last+8]
	_ = offset[255]
	if has.AVX512 && dzStep == 1 && argStep == 1 && len(corner)%16 == 0 {
		_, _ = l.at[last+16], l.value[last+16]
		return zGatherVectors(&l.at[0], &l.value[0], &dz[0], &arg[0], &corner[0], &offset[0], len(corner)/16)
	}
	if dzStep == 1 && argStep == 1 && len(corner)%8 == 0 {
		return gatherVectors(&l.at[0], &l.value[0], &dz[0], &arg[0], &corner[0], &offset[0], len(corner)/8, &compressOrder[0])
	}
	return gatherList(&l.at[0], &l.value[0], &dz[0], dzStep, &arg[0], argStep, &corner[0], &offset[0], len(corner))
}

// compressOrder[m] has the numbers of the bits set in m as bytes, lowest first.
var compressOrder = func() (order [256]uint64) {
	for m := range order {
		shift := 0
		for rest := uint8(m); rest != 0; rest &= rest - 1 {
			order[m] |= uint64(bits.TrailingZeros8(rest)) << shift
			shift += 8
		}
	}
	return order
}()

func compress(l *sparseList, n int, spans []span, dz []float32, arg []uint8, step int) int {
	if !has.AVX2 {
		return compressGo(l, n, spans, dz, arg, step)
	}
	_ = arg[len(dz)-1]
	_, _ = l.at[n+len(dz)+7], l.value[n+len(dz)+7]
	if has.AVX512 && len(dz)%16 == 0 {
		_, _ = l.at[n+len(dz)+15], l.value[n+len(dz)+15]
		return zCompressList(&l.at[0], &l.value[0], n, &spans[0].to, len(spans), &dz[0], &arg[0], len(dz)/16, step)
	}
	return compressList(&l.at[0], &l.value[0], n, &spans[0].to, len(spans), &dz[0], &arg[0], len(dz)/8, step, &compressOrder[0])
}

func patchRows(n int, acc, x []float32, at []int32, value []float32, mask *[8]int32, rows, accStep, xStep int) {
	if !has.AVX2 {
		patchRowsGo(n, acc, x, at, value, mask, rows, accStep, xStep)
		return
	}
	_ = acc[(rows-1)*accStep+8*n-1]
	count := len(value)
	_ = at[count-1]
	if n == 1 && accStep == 8 {
		for rows > 1 {
			r := min(rows, 6)
			if has.AVX512 {
				patchColumn512(r, &acc[0], &x[0], &at[0], &value[0], count, mask, xStep)
			} else {
				patchColumn(r, &acc[0], &x[0], &at[0], &value[0], count, &mask[0], xStep)
			}
			rows -= r
			if rows == 0 {
				return
			}
			acc, x = acc[8*r:], x[r*xStep:]
		}
	}
	if has.AVX512 && n >= 6 {
		patchRows512(n, acc, x, at, value, mask, rows, accStep, xStep)
		return
	}
	switch n {
	case 1:
		patchRows1(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	case 2:
		patchRows2(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	case 3:
		patchRows3(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	case 4:
		patchRows4(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	case 6:
		patchRows6(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	case 8:
		patchRows8(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	case 12:
		patchRows12(&acc[0], &x[0], &at[0], &value[0], count, &mask[0], rows, accStep, xStep)
	}
}

func patchColumn(rows int, acc, x *float32, at *int32, value *float32, count int, mask *int32, xStep int) {
	switch rows {
	case 2:
		patchColumn2(acc, x, at, value, count, mask, xStep)
	case 3:
		patchColumn3(acc, x, at, value, count, mask, xStep)
	case 4:
		patchColumn4(acc, x, at, value, count, mask, xStep)
	case 5:
		patchColumn5(acc, x, at, value, count, mask, xStep)
	case 6:
		patchColumn6(acc, x, at, value, count, mask, xStep)
	}
}

func spreadRows(n int, dx, w []float32, l *sparseList) {
	if !has.AVX2 || len(l.spans) == 0 {
		spreadRowsGo(n, dx, w, l)
		return
	}
	if has.AVX512 && l.wide && n >= 6 {
		spreadRows512(n, dx, w, l)
		return
	}
	at, value, spans := &l.at[0], &l.value[0], &l.spans[0].to
	switch n {
	case 1:
		spreadRows1(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 2:
		spreadRows2(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 3:
		spreadRows3(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 4:
		spreadRows4(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 6:
		spreadRows6(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 8:
		spreadRows8(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 12:
		spreadRows12(&dx[0], &w[0], at, value, spans, len(l.spans))
	}
}
