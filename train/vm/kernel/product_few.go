package kernel

// wideCols is how many columns a tile of few rows has.
var wideCols = [...]int{1: 64, 2: 32, 3: 32}

// few computes whole wide tiles of at most three rows with B in place, for it is
// read only once, and returns the first column that is left.
func (p *Product) few(o *operands, r part) int {
	m := r.i1 - r.i0
	t := p.tile(0, p.K)
	t.ldb, t.cols = p.StrideB, wideCols[m]
	var bias []float32
	j := r.j0
	for ; j+t.cols <= r.j1; j += t.cols {
		if o.bias != nil {
			bias = o.bias[j : j+t.cols]
		}
		wideTile(m, &t, o.c[r.i0*p.StrideC+j:], o.a[r.i0*p.rs:], o.b[j:], bias)
	}
	r.j1 = j
	p.activate(o.c, r)
	return j
}

// withoutTerms is a product whose sums are empty.
func (p *Product) withoutTerms(o *operands, r part) {
	for i := r.i0; i < r.i1; i++ {
		row := o.c[i*p.StrideC:][r.j0:r.j1]
		if !p.Accumulate {
			clear(row)
		}
		if o.bias != nil {
			Add(row, row, o.bias[r.j0:r.j1])
		}
		if p.Activation == ReLUActivation {
			ReLU(row, row)
		}
	}
	p.activate(o.c, r)
}

// activate applies what the tiles do not.
func (p *Product) activate(c []float32, r part) {
	apply := Sigmoid
	switch p.Activation {
	case NoActivation, ReLUActivation:
		return
	case TanhActivation:
		apply = Tanh
	}
	for i := r.i0; i < r.i1; i++ {
		row := c[i*p.StrideC:][r.j0:r.j1]
		apply(row, row)
	}
}
