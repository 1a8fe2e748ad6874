package kernel

// PackedLen is how many floats a packed B has.
func (p *Product) PackedLen() int { return (p.N + tileCols - 1) / tileCols * tileCols * p.K }

// Pack copies columns [j0, j1) of op(B) to where they belong in dst, which has
// PackedLen floats; j0 is a multiple of 16, and so is j1 unless it is N. It is
// worth it if several workers, or several products, need the same columns.
func (p *Product) Pack(dst, b []float32, j0, j1 int) {
	if p.K == 0 {
		return
	}
	dst, b = dst[:p.PackedLen()], stored(b, p.K, p.N, p.StrideB, p.TransB)
	for j := j0; j < j1; j += tileCols {
		p.packStrip(dst[j*p.K:(j+tileCols)*p.K], b, part{j0: j, j1: min(j1, j+tileCols), k1: p.K})
	}
}

// packStrip copies at most 16 columns of op(B) to rows of 16, filled up with
// zeros.
func (p *Product) packStrip(dst, b []float32, r part) {
	cols := r.j1 - r.j0
	if cols < tileCols {
		clear(dst)
	}
	if p.TransB {
		transpose(dst, tileCols, b[r.j0*p.StrideB+r.k0:], p.StrideB, cols, r.k1-r.k0)
		return
	}
	for k := r.k0; k < r.k1; k++ {
		row := b[k*p.StrideB+r.j0:][:cols]
		if cols == tileCols {
			*(*[tileCols]float32)(dst) = *(*[tileCols]float32)(row)
		} else {
			copy(dst, row)
		}
		dst = dst[tileCols:]
	}
}

// packsColumns tells whether six neighbouring columns of a transposed A are
// copied together: as stored they lie far apart, in few sets of the cache, and
// every strip of B needs them again.
func (p *Product) packsColumns(r part) bool {
	return p.TransA && r.k1-r.k0 > 64 && r.j1-r.j0 > 2*tileCols && r.i1-r.i0 >= tileRows
}

// packColumns copies m columns of k elements in sixes, each k x 6.
func packColumns(dst, src []float32, stride, m, k int) {
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

func packSixGo(dst, src []float32, stride, k int) {
	for p := range k {
		*(*[tileRows]float32)(dst[p*tileRows:]) = *(*[tileRows]float32)(src[p*stride:])
	}
}
