package vec

// Transpose writes the matrix src, rows x cols with rows srcStep apart, as cols x
// rows with rows dstStep apart.
func Transpose[F Float](dst []F, dstStep int, src []F, srcStep, rows, cols int) {
	lanes := 256 / bits[F]()
	if !native() || rows < lanes || cols < lanes {
		transpose(dst, dstStep, src, srcStep, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*dstStep+rows-1], src[(rows-1)*srcStep+cols-1]
	i := 0
	for ; i+lanes <= rows; i += lanes {
		if bits[F]() == 32 {
			transposeStrip32(p32(dst[i:]), dstStep, p32(src[i*srcStep:]), srcStep, cols/lanes)
		} else {
			transposeStrip64(p64(dst[i:]), dstStep, p64(src[i*srcStep:]), srcStep, cols/lanes)
		}
	}
	if done := cols &^ (lanes - 1); done < cols {
		transpose(dst[done*dstStep:], dstStep, src[done:], srcStep, i, cols-done)
	}
	if i < rows {
		transpose(dst[i:], dstStep, src[i*srcStep:], srcStep, rows-i, cols)
	}
}

func transpose[F Float](dst []F, dstStep int, src []F, srcStep, rows, cols int) {
	for i := range rows {
		row := src[i*srcStep:][:cols]
		for j, v := range row {
			dst[j*dstStep+i] = v
		}
	}
}
