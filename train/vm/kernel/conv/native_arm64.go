//go:build !purego

package conv

// outer leaves stretches of one and two floats to the twin.
func outer(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	length := 8*(n-1) + lanes(mask)
	if !has.NEON || length < 3 {
		outerGo(n, acc, x, dy, mask, t)
		return
	}
	t.check(n, acc, x, dy, mask)
	quads, last, neighbours := (length+3)/4, 4*length-16, t.dyMap == [3]int{1, 2, 3}
	if length == 3 {
		quads, last = 0, 8
	}
	switch quads {
	case 0:
		if neighbours {
			outerNext0(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer0(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 1:
		if neighbours {
			outerNext1(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer1(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 2:
		if neighbours {
			outerNext2(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer2(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 3:
		if neighbours {
			outerNext3(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer3(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 4:
		if neighbours {
			outerNext4(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer4(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 5:
		if neighbours {
			outerNext5(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer5(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 6:
		if neighbours {
			outerNext6(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer6(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	}
}

// Nothing calls these: no processor here has AVX-512.

func tiles512(int, tileMode, []float32, []uint8, []float32, []float32, []float32, *tileRow)    {}
func taps512(tileMode, []float32, []uint8, []float32, []float32, []float32, *tileRow)          {}
func pixels512(int, tileMode, []float32, []uint8, []float32, []float32, []float32, *pixelGrid) {}
