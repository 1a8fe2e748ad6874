package kernel

import "math"

// softmaxRows is how many rows are worked on at once.
const softmaxRows = 64

// expRows sets dst to e^(x - top) for every row of n, top being the row's
// maximum, and gives the tops and the sums of dst. Of a row with a NaN the sum
// is NaN.
func expRows(dst, x []float32, n int, tops, sums *[softmaxRows]float32) {
	rows := len(dst) / n
	x = x[:len(dst)]
	if useAVX2 && 0 < rows && rows <= softmaxRows {
		expRowsAVX2(&dst[0], &x[0], rows, n, &tops[0], &sums[0])
		return
	}
	for i := range rows {
		row, out := x[i*n:(i+1)*n], dst[i*n:(i+1)*n]
		top, sum := row[0], float32(0)
		for _, v := range row[1:] {
			if v > top {
				top = v
			}
		}
		for j, v := range row {
			out[j] = float32(exp(float64(v - top)))
			sum += out[j]
		}
		tops[i], sums[i] = top, sum
	}
}

// Softmax computes dst = softmax(x) for every row of n; dst may be x.
func Softmax(dst, x []float32, n int) {
	var tops, sums [softmaxRows]float32
	for at := 0; at < len(dst); at += softmaxRows * n {
		part := dst[at:min(at+softmaxRows*n, len(dst))]
		expRows(part, x[at:], n, &tops, &sums)
		for i := range len(part) / n {
			row := part[i*n : (i+1)*n]
			MulScalar(row, row, 1/sums[i])
		}
	}
}

// ArgmaxRows sets dst to the first place of the maximum of every row of n.
func ArgmaxRows(dst []int, x []float32, n int) {
	for i := range dst {
		row := x[i*n : (i+1)*n]
		best := 0
		for j, v := range row {
			if v > row[best] {
				best = j
			}
		}
		dst[i] = best
	}
}

// CrossEntropy is the mean over rows of n of sum_j y_j (log sum_i exp(z_i) -
// z_j), the softmax cross-entropy of logits z and targets y. It needs scratch of
// as many elements, which must not be z.
func CrossEntropy(scratch, z, y []float32, n int) float32 {
	return crossEntropy(scratch, z, y, n, nil)
}

// CrossEntropyWithGrad is CrossEntropy and its gradient times g, with the same
// bits as [CrossEntropyGrad]; dz must not be z.
func CrossEntropyWithGrad(dz, z, y []float32, n int, g float32) float32 {
	scale := g / float32(len(dz)/n)
	return crossEntropy(dz, z, y, n, &scale)
}

func crossEntropy(exps, z, y []float32, n int, scale *float32) float32 {
	var tops, sums [softmaxRows]float32
	loss := logSum{product: 1}
	for at := 0; at < len(exps); at += softmaxRows * n {
		part := exps[at:min(at+softmaxRows*n, len(exps))]
		expRows(part, z[at:], n, &tops, &sums)
		for i := range len(part) / n {
			row, targets := z[at+i*n:][:n], y[at+i*n:][:n]
			top, total := tops[i], float32(0)
			for j, target := range targets {
				if target != 0 {
					loss.sum += float64(target) * (float64(top) - float64(row[j]))
					total += target
				}
			}
			loss.add(float64(total), float64(sums[i]))
			if scale != nil {
				crossEntropyGrad(part[i*n:][:n], targets, total/sums[i], *scale)
			}
		}
	}
	return float32(loss.total() / float64(len(exps)/n))
}

// logSum adds up weight log(x) for 1 <= x < 1e38. Numbers of weight 1, the usual
// ones, are multiplied first: one logarithm for many.
type logSum struct{ sum, product float64 }

func (s *logSum) add(weight, x float64) {
	if weight != 1 {
		s.sum += weight * math.Log(x)
		return
	}
	if s.product *= x; s.product > 1e200 {
		s.sum, s.product = s.total(), 1
	}
}

func (s *logSum) total() float64 { return s.sum + math.Log(s.product) }

// CrossEntropyGrad computes the gradient of the mean over rows rows (of which
// dz, z and y may be a part) times g:
//
//	dz_j = g/rows (softmax(z)_j sum_i y_i - y_j)
func CrossEntropyGrad(dz, z, y []float32, n, rows int, g float32) {
	var tops, sums [softmaxRows]float32
	for at := 0; at < len(dz); at += softmaxRows * n {
		part := dz[at:min(at+softmaxRows*n, len(dz))]
		expRows(part, z[at:], n, &tops, &sums)
		for i := range len(part) / n {
			targets := y[at+i*n:][:n]
			total := float32(0)
			for _, target := range targets {
				total += target
			}
			crossEntropyGrad(part[i*n:][:n], targets, total/sums[i], g/float32(rows))
		}
	}
}

// crossEntropyGrad finishes a row's gradient from e^(z - top); share is the
// targets' sum over the row's.
func crossEntropyGrad(row, targets []float32, share, scale float32) {
	for j, target := range targets {
		row[j] = scale * (row[j]*share - target)
	}
}
