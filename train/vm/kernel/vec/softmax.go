package vec

// softmaxRows is how many rows are worked on at once.
const softmaxRows = 64

// isShort tells whether a row of n is one vector of AVX-512, if there is that.
func isShort[F Float](n int) bool { return has.AVX512 && n <= 512/bits[F]() }

// expRows sets dst to e^(x - top) for every row of n, top being the row's
// maximum, and gives the tops and the sums of dst. Of a row with a NaN the sum
// is NaN.
func expRows[F Float](dst, x []F, n int, tops, sums *[softmaxRows]F) {
	rows := len(dst) / n
	x = x[:len(dst)]
	if native() && 0 < rows && rows <= softmaxRows {
		short := isShort[F](n)
		switch {
		case bits[F]() == 32 && short:
			zExpRows32(p32(dst), p32(x), rows, n, p32(tops[:]), p32(sums[:]))
		case bits[F]() == 32:
			expRows32(p32(dst), p32(x), rows, n, p32(tops[:]), p32(sums[:]))
		case short:
			zExpRows64(p64(dst), p64(x), rows, n, p64(tops[:]), p64(sums[:]))
		default:
			expRows64(p64(dst), p64(x), rows, n, p64(tops[:]), p64(sums[:]))
		}
		return
	}
	for i := range rows {
		row, out := x[i*n:(i+1)*n], dst[i*n:(i+1)*n]
		top := row[0]
		for _, v := range row[1:] {
			if v > top {
				top = v
			}
		}
		for j, v := range row {
			out[j] = exp(v - top)
		}
		tops[i], sums[i] = top, sumRow(out)
	}
}

// sumRow adds up x as the assembly does: element j goes to lane j mod 8 (float64: 4),
// those past the last whole vector first, and lanes are added pairwise.
func sumRow[F Float](x []F) F {
	var all [8]F
	lanes := all[:256/bits[F]()]
	whole := len(x) / len(lanes) * len(lanes)
	copy(lanes, x[whole:])
	for j, v := range x[:whole] {
		lanes[j%len(lanes)] += v
	}
	for half := len(lanes) / 2; half > 0; half /= 2 {
		for j := range half {
			lanes[j] += lanes[j+half]
		}
	}
	return lanes[0]
}

// Softmax computes dst = softmax(x) for every row of n; dst may be x.
func Softmax[F Float](dst, x []F, n int) {
	if rows := len(dst) / n; isShort[F](n) && rows > 0 {
		x = x[:len(dst)]
		if bits[F]() == 32 {
			zSoftmax32(p32(dst), p32(x), rows, n)
		} else {
			zSoftmax64(p64(dst), p64(x), rows, n)
		}
		return
	}
	var tops, sums [softmaxRows]F
	for at := 0; at < len(dst); at += softmaxRows * n {
		part := dst[at:min(at+softmaxRows*n, len(dst))]
		expRows(part, x[at:], n, &tops, &sums)
		for i := range len(part) / n {
			row := part[i*n : (i+1)*n]
			MulScalar(row, row, 1/sums[i])
		}
	}
}

// CrossEntropyWorkspaceLen is the numbers that [CrossEntropy] needs to work on
// rows of n.
func CrossEntropyWorkspaceLen(rows, n int) int { return min(rows, softmaxRows) * n }

// CrossEntropy is the mean over rows of n of sum_j y_j (log sum_i exp(z_i) -
// z_j), the softmax cross-entropy of logits z and targets y. work has
// [CrossEntropyWorkspaceLen] numbers or more.
func CrossEntropy[F Float](work, z, y []F, n int) F {
	var tops, sums [softmaxRows]F
	loss := logSum{product: 1}
	for at := 0; at < len(z); at += softmaxRows * n {
		rows := min(softmaxRows, (len(z)-at)/n)
		expRows(work[:rows*n], z[at:], n, &tops, &sums)
		for i := range rows {
			row, targets := z[at+i*n:][:n], y[at+i*n:][:n]
			top, total := tops[i], F(0)
			for j, target := range targets {
				if target != 0 {
					loss.sum += float64(float64(target) * (float64(top) - float64(row[j])))
					total += target
				}
			}
			if total != 0 { // a row without targets has no part in the loss, not even NaN
				loss.add(float64(total), float64(sums[i]))
			}
		}
	}
	return F(loss.total() / float64(len(z)/n))
}

// logSum adds up weight log(x) for 1 <= x < 1e38. Numbers of weight 1, the usual
// ones, are multiplied first: one logarithm for many.
type logSum struct{ sum, product float64 }

func (s *logSum) add(weight, x float64) {
	if weight != 1 {
		s.sum += float64(weight * logDouble(x))
		return
	}
	if s.product *= x; s.product > 1e200 {
		s.sum, s.product = s.total(), 1
	}
}

func (s *logSum) total() float64 { return s.sum + logDouble(s.product) }

// CrossEntropyGrad computes the gradient of the mean over rows rows (of which
// dz, z and y may be a part) times g:
//
//	dz_j = g/rows (softmax(z)_j sum_i y_i - y_j)
func CrossEntropyGrad[F Float](dz, z, y []F, n, rows int, g F) {
	var tops, sums [softmaxRows]F
	scale := g / F(rows)
	for at := 0; at < len(dz); at += softmaxRows * n {
		part := dz[at:min(at+softmaxRows*n, len(dz))]
		expRows(part, z[at:], n, &tops, &sums)
		for i := range len(part) / n {
			row, targets := part[i*n:][:n], y[at+i*n:][:n]
			total := F(0)
			for _, target := range targets {
				total += target
			}
			share := total / sums[i]
			for j, target := range targets {
				row[j] = scale * (F(row[j]*share) - target)
			}
		}
	}
}
