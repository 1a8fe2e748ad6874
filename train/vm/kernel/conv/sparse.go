package conv

import "symgrad/train/vm/kernel/internal/fused"

// sparseList is a gradient as pairs of a place, in floats, and a value: what
// max-pooling leaves of a feature map's gradient.
type sparseList struct {
	at    []int32
	value []float32
	spans []span
	wide  bool // places are multiples of 16 floats: wide vectors that overlap others wait for their stores
}

// span is a stretch of a list whose values all go to one place of the image.
type span struct{ to, from, count int32 }

// gatherGo is the twin of the assembly: it lists one map's gradients that are
// not zero, with where their patches begin, and returns how many they are and
// their sum. dz and arg have the given steps from window to window.
//
// The sum has eight lanes, of the windows where those are read eight at a time,
// else of the list.
func gatherGo(l *sparseList, dz []float32, dzStep int, arg []uint8, argStep int, corner, offset []int32) (n int, sum float32) {
	var lanes [8]float32
	vectors := dzStep == 1 && argStep == 1 && len(corner)%8 == 0
	for i, c := range corner {
		d := dz[i*dzStep]
		l.at[n], l.value[n] = c+offset[arg[i*argStep]], d
		lane := n % 8
		if vectors {
			lane = i % 8
		}
		if d != 0 {
			lanes[lane] += d
			n++
		}
	}
	for q := range 4 {
		lanes[q] += lanes[q+4]
	}
	return n, (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

// patches adds to each of rows accumulator rows, rounded up to whole vectors,
// the listed values times their patches' rows, which have length floats.
func patches(acc, x []float32, at []int32, value []float32, rows, length, xStep int) {
	row := up8(length)
	for start := 0; start < row; {
		n := vectorsAtOnce((row - start) / 8)
		mask := laneMask(length - start - 8*(n-1))
		patchRows(n, acc[start:], x[start:], at, value, mask, rows, row, xStep)
		start += 8 * n
	}
}

// vectorsAtOnce is the largest number of vectors not above n that the assembly
// keeps in registers.
func vectorsAtOnce(n int) int {
	for _, m := range [...]int{12, 8, 6, 4, 3, 2} {
		if n >= m {
			return m
		}
	}
	return 1
}

// patchRowsGo is the twin of the assembly: n vectors of each row, of the last
// of which mask leaves the first lanes. Rows of one vector that lie together are
// taken up to six at a time and have two sums, of the values in turn.
func patchRowsGo(n int, acc, x []float32, at []int32, value []float32, mask *[8]int32, rows, accStep, xStep int) {
	column := 0
	if n == 1 && accStep == 8 {
		if column = rows; rows%6 == 1 {
			column--
		}
	}
	length := 8*(n-1) + lanes(mask)
	for r := range rows {
		for l := 0; l < length; l += 8 {
			out, from := acc[r*accStep+l:][:min(8, length-l)], x[r*xStep+l:]
			var sums, more [8]float32
			copy(sums[:], out)
			if r < column {
				for i := range value {
					to := &sums
					if i%2 == 1 {
						to = &more
					}
					fused.At(to, value[i:i+1], at[i:], from)
				}
				for q, v := range more {
					sums[q] += v
				}
			} else {
				fused.At(&sums, value, at, from)
			}
			copy(out, sums[:])
		}
	}
}

// compressGo is the twin of the assembly: it appends one window's gradients
// that are not zero to the list of n values, for each span those whose argmax
// is the span's number, and returns the list's new length. A map's filter row
// is step floats from the one before.
func compressGo(l *sparseList, n int, spans []span, dz []float32, arg []uint8, step int) int {
	for q := range spans {
		spans[q].count = 0
	}
	arg = arg[:len(dz)]
	for k, d := range dz {
		if q := int(arg[k]); d != 0 && q < len(spans) {
			spans[q].count++
		}
	}
	for q := range spans {
		s := &spans[q]
		s.from = int32(n)
		n += int(s.count)
		s.count = 0
	}
	for k, d := range dz {
		if q := int(arg[k]); d != 0 && q < len(spans) {
			s := &spans[q]
			at := s.from + s.count
			l.at[at], l.value[at] = int32(k*step), d
			s.count++
		}
	}
	return n
}

// spread adds at each span's place of dx the listed values times their filter
// rows, row floats long. The lanes past a filter's end are added as zeros.
func spread(dx, w []float32, l *sparseList, row int) {
	for start := 0; start < row; {
		n := vectorsAtOnce((row - start) / 8)
		spreadRows(n, dx[start:], w[start:], l)
		start += 8 * n
	}
}

// spreadRowsGo is the twin of the assembly, for n vectors.
func spreadRowsGo(n int, dx, w []float32, l *sparseList) {
	for _, s := range l.spans {
		if s.count == 0 {
			continue
		}
		value, at := l.value[s.from:s.from+s.count], l.at[s.from:]
		for i := range n {
			fused.At((*[8]float32)(dx[int(s.to)+8*i:]), value, at, w[8*i:])
		}
	}
}
