package gemm

import "symgrad/train/vm/kernel/vec"

// packStrip copies at most a strip of columns of a transposed B, filled up with
// zeros.
func (p *Product[F]) packStrip(dst, b []F, r part) {
	cols, width := r.j1-r.j0, stripCols[F]()
	if cols < width {
		clear(dst)
	}
	vec.Transpose(dst, width, b[r.j0*p.StrideB+r.k0:], p.StrideB, cols, r.k1-r.k0)
}

// packsColumns tells whether six neighbouring columns of a transposed A are
// copied together: as stored they lie far apart, in few sets of the cache, and
// every strip of B needs them again.
func (p *Product[F]) packsColumns(r part) bool {
	return p.TransA && r.k1-r.k0 > 64 && r.j1-r.j0 > 2*stripCols[F]() && r.i1-r.i0 >= tileRows
}

// packColumns copies m columns of k elements in sixes, each k x 6.
func packColumns[F Float](dst, src []F, stride, m, k int) {
	for i := 0; i < m; i += tileRows {
		d := dst[i*k : (i+tileRows)*k]
		if n := m - i; n < tileRows {
			for p := range k {
				copy(d[p*tileRows:(p+1)*tileRows], src[p*stride+i:][:n])
			}
			continue
		}
		packSix(d, src[i:], stride, k)
	}
}
