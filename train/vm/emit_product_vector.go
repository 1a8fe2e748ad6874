package vm

import "symgrad/train/vm/kernel/vec"

// vectorProduct emits a product with a vector in it, which needs no packing: a
// matrix times a vector, a vector times a matrix, or a column times a row.
func (c *compiled[F]) vectorProduct(v *value, op product, out *slot[F], in []*slot[F]) bool {
	a, b := in[0], in[1]
	switch {
	case op.bias || op.batch > 1:
		return false
	case op.k == 1:
		c.outer(v, op, out, a, b)
	case op.n == 1 && !op.transA:
		c.matVec(v, op.m, op.k, out, a, b)
	case op.n == 1:
		c.vecMat(v, op.m, op.k, out, b, a)
	case op.m == 1 && op.transB:
		c.matVec(v, op.n, op.k, out, b, a)
	case op.m == 1:
		c.vecMat(v, op.n, op.k, out, a, b)
	default:
		return false
	}
	return true
}

// matVec emits a scalar product for each of m rows of k numbers.
func (c *compiled[F]) matVec(v *value, m, k int, out, a, x *slot[F]) {
	c.ranges(v, m, rowPieces(m, k), func(_, from, to int) {
		vec.MatVec(out.data[from:to], a.data[from*k:to*k], x.data)
	})
}

// vecMat emits the sum of k rows of n numbers, each times one of x.
func (c *compiled[F]) vecMat(v *value, n, k int, out, x, a *slot[F]) {
	const strip = 64
	c.strips(v, n, strip, rowPieces(n, k), func(_, from, to int) {
		vec.VecMat(out.data[from:to], x.data, a.data[from:], n)
	})
}

// outer emits a column times a row.
func (c *compiled[F]) outer(v *value, op product, out, x, y *slot[F]) {
	m, n := op.m, op.n
	c.ranges(v, m, rowPieces(m, n), func(_, from, to int) {
		vec.Outer(out.data[from*n:to*n], x.data[from:to], y.data)
	})
}
