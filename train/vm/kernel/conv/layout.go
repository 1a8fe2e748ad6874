package conv

import "symgrad/train/vm/kernel/vec"

// padImage copies one image of height x width x channels, in either layout, to
// NHWC with pad zero rows and columns on each side; dst has the padded size.
func padImage(dst, src []float32, in Layout, height, width, channels int, pad [2]int) {
	wide := (width + 2*pad[1]) * channels
	left := pad[1] * channels
	clear(dst[:pad[0]*wide+left])
	for y := range height {
		row := dst[(y+pad[0])*wide+left:]
		if in == NHWC || channels == 1 {
			copy(row, src[y*width*channels:][:width*channels])
		} else {
			vec.Transpose(row, channels, src[y*width:], height*width, channels, width)
		}
		// The right margin of this row and the left one of the next.
		clear(row[width*channels : min(len(row), width*channels+2*left)])
	}
	clear(dst[(height+pad[0])*wide:])
}

// cropImage is padImage's way back: it drops the margins and restores the layout.
func cropImage(dst, src []float32, out Layout, height, width, channels int, pad [2]int) {
	wide := (width + 2*pad[1]) * channels
	for y := range height {
		row := src[(y+pad[0])*wide+pad[1]*channels:][:width*channels]
		if out == NHWC || channels == 1 {
			copy(dst[y*width*channels:], row)
		} else {
			vec.Transpose(dst[y*width:], height*width, row, channels, width, channels)
		}
	}
}

// arrange writes pixels x channels numbers, pixels step apart, in a layout.
func arrange(dst, src []float32, out Layout, pixels, channels, step int) {
	if out == NCHW {
		vec.Transpose(dst, pixels, src, step, pixels, channels)
		return
	}
	for i := range pixels {
		copy(dst[i*channels:][:channels], src[i*step:])
	}
}
