package vec

// Argmax sets into to the index of the largest number, the first of equal ones, of
// every row of n > 0. A NaN is passed over, but as the first number, which nothing is
// larger than.
func Argmax[F Float](into []int, x []F, n int) {
	x = x[:len(into)*n]
	switch {
	case !isShort[F](n) || len(into) == 0:
	case bits[F]() == 32:
		zArgmax32(&into[0], p32(x), len(into), n)
		return
	default:
		zArgmax64(&into[0], p64(x), len(into), n)
		return
	}
	for i := range into {
		row, best := x[i*n:(i+1)*n], 0
		for j, v := range row {
			if v > row[best] {
				best = j
			}
		}
		into[i] = best
	}
}
