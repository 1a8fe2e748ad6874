package ops_test

import "math"

// The witnesses: each operator's formula as loops over every index.

func naiveConv(x, w array, stride, pad [2]int) array {
	maps, kh, kw := w.shape[0], w.shape[2], w.shape[3]
	y := zeros(x.shape[0], maps, (x.shape[2]+2*pad[0]-kh)/stride[0]+1, (x.shape[3]+2*pad[1]-kw)/stride[1]+1)
	y.each(func(b, k, i, j int) float64 {
		sum := 0.0
		for c := range x.shape[1] {
			for u := range kh {
				for v := range kw {
					sum += x.image(b, c, i*stride[0]+u-pad[0], j*stride[1]+v-pad[1]) * w.get(k, c, u, v)
				}
			}
		}
		return sum
	})
	return y
}

func naiveEachGrad(x, dy array, kernel, stride, pad [2]int) array {
	channels, maps := x.shape[1], dy.shape[1]
	row := channels*kernel[0]*kernel[1] + 1
	y := zeros(x.shape[0], maps*row)
	for at := range y.data {
		b, k, tap := at/(maps*row), at/row%maps, at%row
		c, u, v := tap/(kernel[0]*kernel[1]), tap/kernel[1]%kernel[0], tap%kernel[1]
		for i := range dy.shape[2] {
			for j := range dy.shape[3] {
				pixel := 1.0 // of a bias
				if tap < row-1 {
					pixel = x.image(b, c, i*stride[0]+u-pad[0], j*stride[1]+v-pad[1])
				}
				y.data[at] += dy.get(b, k, i, j) * pixel
			}
		}
	}
	return y
}

// each sets every element of an array (B, C, H, W).
func (a array) each(f func(b, c, i, j int) float64) {
	for b := range a.shape[0] {
		for c := range a.shape[1] {
			for i := range a.shape[2] {
				for j := range a.shape[3] {
					a.data[a.index(b, c, i, j)] = f(b, c, i, j)
				}
			}
		}
	}
}

// naivePool folds each window's elements, in row-major order.
func naivePool(x array, size, stride [2]int, fold func(window []float64) float64) array {
	y := zeros(x.shape[0], x.shape[1], (x.shape[2]-size[0])/stride[0]+1, (x.shape[3]-size[1])/stride[1]+1)
	y.each(func(b, c, i, j int) float64 {
		var window []float64
		for u := range size[0] {
			for v := range size[1] {
				window = append(window, x.get(b, c, i*stride[0]+u, j*stride[1]+v))
			}
		}
		return fold(window)
	})
	return y
}

func largest(window []float64) float64 {
	top := window[0]
	for _, v := range window {
		top = math.Max(top, v) // NaN if either is
	}
	return top
}

func mean(window []float64) float64 {
	sum := 0.0
	for _, v := range window {
		sum += v
	}
	return sum / float64(len(window))
}

func naiveBias(x, b array) array {
	y := zeros(x.shape...)
	area := 1
	for _, n := range x.shape[2:] {
		area *= n
	}
	for i := range y.data {
		y.data[i] = x.data[i] + b.data[i/area%x.shape[1]]
	}
	return y
}

// naiveCrossEntropy takes the logarithm of each probability, which is fine for small logits.
func naiveCrossEntropy(z, y array) array {
	loss := zeros()
	for b := range z.shape[0] {
		sum := 0.0
		for j := range z.shape[1] {
			sum += math.Exp(z.get(b, j))
		}
		for j := range z.shape[1] {
			loss.data[0] -= y.get(b, j) * math.Log(math.Exp(z.get(b, j))/sum) / float64(z.shape[0])
		}
	}
	return loss
}
