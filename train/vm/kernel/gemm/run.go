package gemm

const (
	tileRows = 6
	blockB   = 10240 // rows of strips in a block of B, of 64 bytes: 640 KiB
)

// blocks is how operands are cut (Goto & van de Geijn 2008, "Anatomy of
// high-performance matrix multiplication"): the most terms of a sum, and the size of
// a block of A, in 64 bytes. A strip of B has 64 bytes a term, which every tile
// reads once; a block of A is read by every strip; a block of B, packed, is kept for
// all of A. Tiles begin and end the less often the more terms there are.
type blocks struct{ terms, sizeA int }

// blocking is what is fastest: a strip of 50 KiB and a block of 240 KiB, both in the
// second-level cache (measured on Zen 3 and Sapphire Rapids: 3 to 5 % faster than half
// of that, with AVX2 and AVX-512), but where AVX-512 copies the columns of a
// transposed A: two strips in the first-level cache are 15 % faster there.
func blocking(transA bool) blocks {
	if transA && has.AVX512 {
		return blocks{MostOnto, 1920}
	}
	return blocks{800, 3840}
}

// width is how many columns a block of B has.
func (p *Product[F]) width() int {
	return blockB / max(p.kBlock, 1) * stripCols[F]()
}

// WorkspaceLen is how many numbers [Product.Run] needs to work on.
func (p *Product[F]) WorkspaceLen() int { return p.packedB() + p.packedA() }

// packedB is the numbers of a block of B, or of two strips if A is one block.
func (p *Product[F]) packedB() int {
	cols := stripCols[F]()
	if p.M <= p.rows {
		return 2 * p.kBlock * cols // AVX-512 works on two strips
	}
	return p.kBlock * min(p.width(), p.paddedN())
}

// packedA is the numbers of a block of A, whose last tile may lack rows.
func (p *Product[F]) packedA() int {
	rows := min(p.rows, p.M) + wideRows
	if !p.packsColumns(part{i1: p.M, j1: p.N, k1: p.kBlock}) {
		return 0
	}
	return p.kBlock * rows
}

// kBlock cuts k into equal blocks, but for the end of the last one.
func (b blocks) kBlock(k int) int {
	n := max((k+b.terms-1)/b.terms, 1)
	return min(((k+n-1)/n+3)&^3, k)
}

// rows of a block of A, in whole tiles.
func (b blocks) rows(kBlock, stripCols, tile int) int {
	return max(b.sizeA*stripCols/max(kBlock, 1)/tile, 1) * tile
}

// operands of a product. B's strips are kept, if there is room for them; they may
// be packed there already.
type operands[F Float] struct {
	c, a, b, bias, kept []F
	packed              bool
	next                int // bytes from C to what is written next
}

// part is rows [i0, i1), columns [j0, j1), and terms [k0, k1) of the sums.
type part struct{ i0, i1, j0, j1, k0, k1 int }

func (p *Product[F]) run(work []F, o operands[F], r part) {
	if r.i0 < 0 || r.j0 < 0 || r.i1 > p.M || r.j1 > p.N {
		panic("kernel: a product's part lies outside of it")
	}
	if r.i0 >= r.i1 || r.j0 >= r.j1 {
		return
	}
	work = work[:p.WorkspaceLen()]
	o.c, o.a = stored(o.c, p.M, p.N, p.StrideC, false), stored(o.a, p.M, p.K, p.StrideA, p.TransA)
	o.b = stored(o.b, p.K, p.N, p.StrideB, p.TransB)
	if o.bias != nil {
		o.bias = o.bias[:p.N]
	}
	switch {
	case p.K == 0:
		p.withoutTerms(&o, r)
		return
	case has.AVX512 && r.i1-r.i0 <= fewRows512 && !p.TransB:
		p.few512(&o, r)
		return
	case readsInPlace(r.i1-r.i0) && !p.TransB:
		r.j0 = p.few(&o, r)
	}
	width := p.width()
	for ; r.j0 < r.j1; r.j0 += width {
		p.columns(work, &o, part{r.i0, r.i1, r.j0, min(r.j0+width, r.j1), 0, 0})
	}
}

// columns computes columns whose k blocks of B fit the workspace. If a block of
// A is all that is needed, every strip of B is used at once and never again.
func (p *Product[F]) columns(work []F, o *operands[F], r part) {
	i0, i1 := r.i0, r.i1
	once := i1-i0 <= p.rows
	for r.k0 = 0; r.k0 < p.K; r.k0 = r.k1 {
		r.k1 = min(r.k0+p.kBlock, p.K)
		for r.i0 = i0; r.i0 < i1; r.i0 = r.i1 {
			r.i1 = min(r.i0+p.rows, i1)
			p.block(work, o, r, r.i0 == i0 && !o.packed, once)
			if r.k1 == p.K {
				p.activate(o.c, r)
			}
		}
	}
}

// block computes one block of A times one of B, strip by strip of B; fresh
// strips must be packed first.
func (p *Product[F]) block(work []F, o *operands[F], r part, fresh, once bool) {
	if has.AVX512 {
		p.block512(work, o, r, fresh, once)
		return
	}
	t := p.tile(r.k0, r.k1)
	m, a := r.i1-r.i0, o.a[r.i0*p.rs+r.k0*p.cs:]
	packed := p.packsColumns(r)
	if packed {
		columns := work[p.packedB():]
		packColumns(columns, a, p.StrideA, m, t.k)
		a, t.rs, t.cs, t.step = columns, 1, tileRows, t.k
	}
	var bias []F
	cols := stripCols[F]()
	for j := r.j0; j < r.j1; j += cols {
		t.cols = min(cols, r.j1-j)
		if o.bias != nil && r.k1 == p.K {
			bias = o.bias[j : j+t.cols]
		}
		strip := p.place(work, o, r, j, once)[:t.k*cols]
		c := o.c[r.i0*p.StrideC+j:]
		if fresh && p.TransB {
			p.packStrip(strip, o.b, part{j0: j, j1: j + t.cols, k0: r.k0, k1: r.k1})
		}
		row := 0
		for _, g := range splitRows(m, packed) {
			if g.count > 0 && row == 0 && fresh && !p.TransB {
				t.packTile(g.rows, strip, c, a, o.b[r.k0*p.StrideB+j:], p.StrideB, bias)
				row = g.rows
				g.count--
			}
			if g.count > 0 {
				t.tiles(g.rows, g.count, c[row*t.ldc:], a[row*t.step:], strip, bias)
				row += g.rows * g.count
			}
		}
	}
}

// place is where the strips of B from column j on are packed.
func (p *Product[F]) place(work []F, o *operands[F], r part, j int, once bool) []F {
	switch {
	case o.kept != nil:
		return o.kept[r.k0*p.paddedN()+j*(r.k1-r.k0):]
	case once:
		return work
	}
	return work[(j-r.j0)*(r.k1-r.k0):]
}

// paddedN is N in whole strips.
func (p *Product[F]) paddedN() int {
	cols := stripCols[F]()
	return (p.N + cols - 1) / cols * cols
}

// tile describes the tiles of a k block.
func (p *Product[F]) tile(k0, k1 int) tileShape[F] {
	return tileShape[F]{
		k: k1 - k0, rs: p.rs, cs: p.cs, step: p.rs, ldb: stripCols[F](), ldc: p.StrideC, cols: stripCols[F](),
		load: p.Accumulate || k0 > 0, relu: k1 == p.K && p.Activation == ReLU, onto: p.Onto,
	}
}

// rowGroup is count tiles of so many rows.
type rowGroup struct{ rows, count int }

// splitRows cuts m rows into tiles. The last two share their rows evenly, for
// tiles of few rows wait for their own sums; packed rows come in sixes.
func splitRows(m int, packed bool) [3]rowGroup {
	full, rest := m/tileRows, m%tileRows
	if rest == 0 || rest > 3 || full == 0 || packed {
		return [3]rowGroup{{tileRows, full}, {max(rest, 1), min(rest, 1)}}
	}
	rest += tileRows
	return [3]rowGroup{{tileRows, full - 1}, {(rest + 1) / 2, 1}, {rest / 2, 1}}
}
