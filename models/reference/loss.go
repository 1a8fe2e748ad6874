package reference

import "math"

// HalfSquaredErrorForward: L = 1/2 sum (out - target)^2 over everything.
func HalfSquaredErrorForward(out, target []float64) float64 {
	sum := 0.0
	for i, o := range out {
		sum += (o - target[i]) * (o - target[i])
	}
	return sum / 2
}

// HalfSquaredErrorBackward: dL/dout = out - target.
func HalfSquaredErrorBackward(dout, out, target []float64) {
	for i, o := range out {
		dout[i] = o - target[i]
	}
}

// SoftmaxCrossEntropyForward: with p = softmax(logits) of each row of N,
//
//	L = -1/B sum_{b,j} target[b,j] log p[b,j],  log p_j = x_j - m - log sum_k exp(x_k - m)
func SoftmaxCrossEntropyForward(logits, target []float64, B, N int) float64 {
	loss := 0.0
	for b := range B {
		row := logits[b*N : (b+1)*N]
		top, sum := math.Inf(-1), 0.0
		for _, x := range row {
			top = math.Max(top, x)
		}
		for _, x := range row {
			sum += math.Exp(x - top)
		}
		for j, x := range row {
			loss -= target[b*N+j] * (x - top - math.Log(sum))
		}
	}
	return loss / float64(B)
}

// SoftmaxCrossEntropyBackward: d log p_j/dx_k = 1[j=k] - p_k, so
//
//	dlogits[b,k] = (p[b,k] sum_j target[b,j] - target[b,k]) / B
func SoftmaxCrossEntropyBackward(dlogits, logits, target []float64, B, N int) {
	SoftmaxForward(dlogits, logits, B, N)
	for b := range B {
		total := 0.0
		for _, t := range target[b*N : (b+1)*N] {
			total += t
		}
		for k := b * N; k < (b+1)*N; k++ {
			dlogits[k] = (dlogits[k]*total - target[k]) / float64(B)
		}
	}
}
