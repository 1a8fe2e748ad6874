package reference

import "math"

// HalfSquaredErrorForward: L = 1/2 sum (out - target)^2 over batch and outputs,
// a sum and no mean, as in the tutorials. Rumelhart, Hinton and Williams (1986),
// equation 3.
func HalfSquaredErrorForward(out, target []float64) float64 {
	sum := 0.0
	for i, o := range out {
		sum += (o - target[i]) * (o - target[i])
	}
	return sum / 2
}

// HalfSquaredErrorBackward: dL/dout = out - target. The same, equation 4.
func HalfSquaredErrorBackward(dout, out, target []float64) {
	for i, o := range out {
		dout[i] = o - target[i]
	}
}

// SoftmaxCrossEntropyForward: with p = softmax(logits) of each row of N and m
// the row's maximum, which keeps every exponential finite,
//
//	L = -1/B sum_{b,j} target[b,j] log p[b,j],  log p_j = x_j - m - log sum_k exp(x_k - m)
//
// logits, target: (B, N); a row of target is one-hot or any distribution.
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
//
// Bishop (2006), equation 4.109, where the targets sum to 1.
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

// L2Forward: L = lambda/2 sum w^2.
func L2Forward(weight []float64, lambda float64) float64 {
	sum := 0.0
	for _, w := range weight {
		sum += w * w
	}
	return lambda / 2 * sum
}

// L2Backward adds dL/dw = lambda w to dweight. Krogh and Hertz, "A simple weight
// decay can improve generalization" (1992).
func L2Backward(dweight, weight []float64, lambda float64) {
	for i, w := range weight {
		dweight[i] += lambda * w
	}
}
