package vec

// Transpose writes the matrix src, rows x cols with rows srcStep apart, as cols x
// rows with rows dstStep apart.
func Transpose[F Float](dst []F, dstStep int, src []F, srcStep, rows, cols int) {
	if !has.AVX2 || bits[F]() != 32 || rows < 8 || cols < 8 {
		transpose(dst, dstStep, src, srcStep, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*dstStep+rows-1], src[(rows-1)*srcStep+cols-1]
	i := 0
	for ; i+8 <= rows; i += 8 {
		transposeStrip32(p32(dst[i:]), dstStep, p32(src[i*srcStep:]), srcStep, cols/8)
	}
	if done := cols &^ 7; done < cols {
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
