//go:build amd64 && !purego

package conv

//go:generate go run ./gen -out conv_amd64.s -stubs conv_amd64.go -pkg conv

func outer(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	if !has.AVX2 {
		outerGo(n, acc, x, dy, mask, t)
		return
	}
	t.check(n, acc, x, dy, mask)
	if has.AVX512 && n > 3 {
		outer512(n, acc, x, dy, mask, t)
		return
	}
	switch n {
	case 1:
		outer1(&acc[0], &x[0], &dy[0], &mask[0], &t.rows)
	case 2:
		outer2(&acc[0], &x[0], &dy[0], &mask[0], &t.rows)
	case 3:
		outer3(&acc[0], &x[0], &dy[0], &mask[0], &t.rows)
	}
}
