package kernel

// The pooling functions work on planes [from, to): a plane is one channel of
// one image, of the height and width given; planes are contiguous, so a batch
// (B, C, H, W) has B*C of them. A window must fit in the image.

// MaxPool writes the maximum of each window of x to y; a NaN in a window gives NaN.
func MaxPool[F float32 | float64](y, x []F, w Window, image [2]int, from, to int) {
	w = w.normal()
	out := w.Out(image)
	for p := from; p < to; p++ {
		plane := x[p*image[0]*image[1]:][:image[0]*image[1]]
		for i := range out[0] {
			row := y[(p*out[0]+i)*out[1]:][:out[1]]
			rows := plane[i*w.Stride[0]*image[1]:]
			if w.Size == [2]int{2, 2} {
				maxOfPairs(row, rows[:image[1]], rows[image[1]:2*image[1]], w.Stride[1])
				continue
			}
			for j := range row {
				best := rows[j*w.Stride[1]]
				for u := range w.Size[0] {
					for _, v := range rows[u*image[1]+j*w.Stride[1]:][:w.Size[1]] {
						best = max(best, v)
					}
				}
				row[j] = best
			}
		}
	}
}

// maxOfPairs pools two rows by 2x2 windows.
func maxOfPairs[F float32 | float64](y, upper, lower []F, step int) {
	lower = lower[:len(upper)]
	for j := range y {
		at := j * step
		y[j] = max(max(upper[at], upper[at+1]), max(lower[at], lower[at+1]))
	}
}

// MaxPoolGrad writes dx, the gradient of x, from that of the pooled planes dy:
// each goes to the window's first maximum, or to its first NaN.
func MaxPoolGrad[F float32 | float64](dx, x, dy []F, w Window, image [2]int, from, to int) {
	w = w.normal()
	out := w.Out(image)
	for p := from; p < to; p++ {
		size := image[0] * image[1]
		plane, grad := x[p*size:][:size], dx[p*size:][:size]
		clear(grad)
		for i := range out[0] {
			for j, d := range dy[(p*out[0]+i)*out[1]:][:out[1]] {
				corner := i*w.Stride[0]*image[1] + j*w.Stride[1]
				if w.Size == [2]int{2, 2} {
					grad[firstOf4(plane, corner, image[1])] += d
				} else {
					grad[firstMaximum(plane, corner, image[1], w.Size)] += d
				}
			}
		}
	}
}

// firstMaximum is the index of a window's first maximum, or of its first NaN.
func firstMaximum[F float32 | float64](x []F, corner, wide int, size [2]int) int {
	best := corner
	for u := range size[0] {
		for v := range size[1] {
			if at := corner + u*wide + v; !(x[at] <= x[best]) && x[best] == x[best] {
				best = at
			}
		}
	}
	return best
}

// firstOf4 is firstMaximum of a 2x2 window, without branches that data decides.
func firstOf4[F float32 | float64](x []F, corner, wide int) int {
	a, b, c, d := x[corner], x[corner+1], x[corner+wide], x[corner+wide+1]
	upper, lower := max(a, b), max(c, d)
	if sum := upper + lower; sum != sum {
		return firstMaximum(x, corner, wide, [2]int{2, 2})
	}
	first, second := corner, corner+wide
	if b > a {
		first = corner + 1
	}
	if d > c {
		second = corner + wide + 1
	}
	if lower > upper {
		first = second
	}
	return first
}

// MeanPool writes the mean of each window of x to y.
func MeanPool[F float32 | float64](y, x []F, w Window, image [2]int, from, to int) {
	w = w.normal()
	out := w.Out(image)
	scale := 1 / F(w.Size[0]*w.Size[1])
	for p := from; p < to; p++ {
		plane := x[p*image[0]*image[1]:][:image[0]*image[1]]
		for i := range out[0] {
			row := y[(p*out[0]+i)*out[1]:][:out[1]]
			for j := range row {
				corner := i*w.Stride[0]*image[1] + j*w.Stride[1]
				var sum F
				for u := range w.Size[0] {
					for _, v := range plane[corner+u*image[1]:][:w.Size[1]] {
						sum += v
					}
				}
				row[j] = sum * scale
			}
		}
	}
}

// MeanPoolGrad writes dx, the gradient of x, from that of the pooled planes dy,
// spread evenly over each window.
func MeanPoolGrad[F float32 | float64](dx, dy []F, w Window, image [2]int, from, to int) {
	w = w.normal()
	out := w.Out(image)
	scale := 1 / F(w.Size[0]*w.Size[1])
	for p := from; p < to; p++ {
		plane := dx[p*image[0]*image[1]:][:image[0]*image[1]]
		clear(plane)
		for i := range out[0] {
			for j, d := range dy[(p*out[0]+i)*out[1]:][:out[1]] {
				corner := i*w.Stride[0]*image[1] + j*w.Stride[1]
				d *= scale
				for u := range w.Size[0] {
					row := plane[corner+u*image[1]:][:w.Size[1]]
					for v := range row {
						row[v] += d
					}
				}
			}
		}
	}
}
