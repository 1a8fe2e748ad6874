package interpret

import (
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// factors are the matrices that a product multiplies: batch times (m, k) by (k, n).
type factors struct {
	transA, transB bool
	batch, m, k, n int
}

// factorsOf reads the sizes of a product off its operands' shapes.
func factorsOf(op any, a, b tensor.Shape) (f factors, ok bool) {
	switch op := op.(type) {
	case stock.MatMul:
		f = factors{transA: op.TransA, transB: op.TransB, batch: 1}
	case stock.BatchMul:
		last := len(a) - 2
		f = factors{transA: op.TransA, transB: op.TransB, batch: a[:last].TotalSize()}
		a, b = a[last:], b[last:]
	case stock.MatVec:
		f, b = factors{transA: op.TransA, batch: 1}, tensor.Shape{b.TotalSize(), 1}
	case stock.Dot:
		f, a, b = factors{batch: 1}, tensor.Shape{1, a.TotalSize()}, tensor.Shape{b.TotalSize(), 1}
	case stock.Outer:
		f, a, b = factors{batch: 1}, tensor.Shape{a.TotalSize(), 1}, tensor.Shape{1, b.TotalSize()}
	default:
		return f, false
	}
	if f.m, f.k, f.n = a[0], a[1], b[1]; f.transA {
		f.m, f.k = a[1], a[0]
	}
	if f.transB {
		f.n = b[0]
	}
	return f, true
}

// product sums in the order of k.
func (f factors) product(a, b []float64) []float64 {
	out := make([]float64, f.batch*f.m*f.n)
	rowA, colA, rowB, colB := f.k, 1, f.n, 1
	if f.transA {
		rowA, colA = 1, f.m
	}
	if f.transB {
		rowB, colB = 1, f.k
	}
	for to := range out {
		of, i, j := to/(f.m*f.n), to/f.n%f.m, to%f.n
		for p := range f.k {
			out[to] += a[of*f.m*f.k+i*rowA+p*colA] * b[of*f.k*f.n+p*rowB+j*colB]
		}
	}
	return out
}
