package gemm

import "symgrad/train/vm/kernel/vec"

// wideStrips is how many strips wide a tile of few rows is.
var wideStrips = [...]int{1: 4, 2: 2, 3: 2, 4: 1, 5: 1, 6: 1}

// readsInPlace tells whether so many rows are worth B in place: one tile reads it
// once, two read it twice, which costs no more than to copy it. (Seven rows are a
// tile of four and one of three of other widths.)
func readsInPlace(m int) bool { return m <= 2*tileRows && m != tileRows+1 }

// few computes whole wide tiles with B in place, and returns the first column that
// is left.
func (p *Product[F]) few(o *operands[F], r part) int {
	m := r.i1 - r.i0
	t := p.tile(0, p.K)
	first := m
	if m > tileRows {
		first = (m + 1) / 2
	}
	t.ldb, t.cols = p.StrideB, wideStrips[first]*stripCols[F]()
	var bias []F
	j := r.j0
	for ; j+t.cols <= r.j1; j += t.cols {
		if o.bias != nil {
			bias = o.bias[j : j+t.cols]
		}
		t.wide(first, o.c[r.i0*p.StrideC+j:], o.a[r.i0*p.rs:], o.b[j:], bias)
		if first < m {
			i := r.i0 + first
			t.wide(m-first, o.c[i*p.StrideC+j:], o.a[i*p.rs:], o.b[j:], bias)
		}
	}
	r.j1 = j
	p.activate(o.c, r)
	return j
}

// withoutTerms is a product whose sums are empty.
func (p *Product[F]) withoutTerms(o *operands[F], r part) {
	for i := r.i0; i < r.i1; i++ {
		row := o.c[i*p.StrideC:][r.j0:r.j1]
		switch {
		case p.Onto:
			vec.AddScalar(row, row, 0) // -0 becomes 0
		case !p.Accumulate:
			clear(row)
		}
		if o.bias != nil {
			vec.Add(row, row, o.bias[r.j0:r.j1])
		}
		if p.Activation == ReLU {
			vec.ReLU(row, row)
		}
	}
	p.activate(o.c, r)
}

// activate applies what the tiles do not.
func (p *Product[F]) activate(c []F, r part) {
	apply := vec.Sigmoid[F]
	switch p.Activation {
	case NoActivation, ReLU:
		return
	case Tanh:
		apply = vec.Tanh[F]
	}
	for i := r.i0; i < r.i1; i++ {
		row := c[i*p.StrideC:][r.j0:r.j1]
		apply(row, row)
	}
}
