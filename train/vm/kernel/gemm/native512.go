package gemm

// What AVX-512 has of its own: tiles of up to 14 rows and two vectors, and B read
// in place for few rows. Strips of B are as ever, of 64 bytes, but two are used at
// a time.

// wideRows is how many rows a tile of two vectors may have.
const wideRows = 14

// fewRows512 is how many rows are worth B in place: two tiles of rows read it
// twice, which costs no more than to copy it.
const fewRows512 = 2 * wideRows

// aliasRows is how many rows a tile may have where A's rows lie 4 KiB apart, or a
// multiple of that: they share one set of a first-level cache of eight ways.
const aliasRows = 8

// tallest is how many rows a tile may have.
func (p *Product[F]) tallest() int {
	if !p.TransA && p.rs*64/stripCols[F]()%4096 == 0 {
		return aliasRows
	}
	return wideRows
}

// block512 is [Product.block].
func (p *Product[F]) block512(work []F, o *operands[F], r part, fresh, once bool) {
	t := p.tile(r.k0, r.k1)
	t.next = o.next
	cols := stripCols[F]()
	m, a := r.i1-r.i0, o.a[r.i0*p.rs+r.k0*p.cs:]
	groups := splitEvenly(m, p.tallest())
	if p.packsColumns(r) {
		width := groups[0].rows
		groups = [2]rowGroup{{width, m / width}, {max(m%width, 1), min(m%width, 1)}}
		columns := work[p.packedB():]
		packGroups(columns, a, p.StrideA, m, t.k, width)
		a, t.rs, t.cs, t.step = columns, 1, width, t.k
	}
	var bias []F
	for j := r.j0; j < r.j1; j += 2 * cols {
		t.cols = min(2*cols, r.j1-j)
		if o.bias != nil && r.k1 == p.K {
			bias = o.bias[j : j+t.cols]
		}
		strips := p.place(work, o, r, j, once)[:(t.cols+cols-1)/cols*cols*t.k]
		if fresh && p.TransB {
			for q := 0; q < t.cols; q += cols {
				p.packStrip(strips[q*t.k:(q+cols)*t.k], o.b, part{j0: j + q, j1: j + min(q+cols, t.cols), k0: r.k0, k1: r.k1})
			}
		}
		t.far = j == r.j0 && t.cs == 1
		c, row := o.c[r.i0*p.StrideC+j:], 0
		for _, g := range groups {
			if g.count > 0 && row == 0 && fresh && !p.TransB {
				t.packTile512(g.rows, strips, c, a, o.b[r.k0*p.StrideB+j:], p.StrideB, bias)
				row = g.rows
				g.count--
			}
			if g.count > 0 {
				t.tiles512(g.rows, g.count, c[row*t.ldc:], a[row*t.step:], strips, bias)
				row += g.rows * g.count
			}
		}
	}
}

// splitEvenly cuts m rows into tiles as equal as can be.
func splitEvenly(m, tallest int) [2]rowGroup {
	tiles := (m + tallest - 1) / tallest
	least, more := m/tiles, m%tiles
	if more == 0 {
		return [2]rowGroup{{least, tiles}}
	}
	return [2]rowGroup{{least + 1, more}, {least, tiles - more}}
}

// packGroups copies m columns of k elements in groups of width, each k x width.
func packGroups[F Float](dst, src []F, stride, m, k, width int) {
	for i := 0; i < m; i += width {
		d, n := dst[i*k:], min(width, m-i)
		for p := range k {
			copy(d[p*width:p*width+n], src[p*stride+i:][:n])
		}
	}
}

// few512 computes at most fewRows512 rows with B in place.
func (p *Product[F]) few512(o *operands[F], r part) {
	t := p.tile(0, p.K)
	t.ldb = p.StrideB
	cols, widest := stripCols[F](), 2
	groups := splitEvenly(r.i1-r.i0, p.tallest())
	switch rows := groups[0].rows; {
	case rows <= 3:
		widest = 8
	case rows <= 6:
		widest = 4
	}
	var bias []F
	for j := r.j0; j < r.j1; j += t.cols {
		n := widest
		for n > 1 && r.j1-j <= cols*(n-1) { // only the last vector is masked
			n /= 2
		}
		t.cols = min(cols*n, r.j1-j)
		if o.bias != nil {
			bias = o.bias[j : j+t.cols]
		}
		t.far = j == r.j0 && t.cs == 1
		i := r.i0
		for _, g := range groups {
			for range g.count {
				t.wide512(g.rows, o.c[i*p.StrideC+j:], o.a[i*p.rs:], o.b[j:], bias)
				i += g.rows
			}
		}
	}
	p.activate(o.c, r)
}

// lastMask has a bit for each of the last vector's columns.
func (t *tileShape[F]) lastMask() int { return 1<<((t.cols-1)%stripCols[F]()+1) - 1 }

// check512 proves that the last elements of C, A and the bias are there, and gives
// the place of the vectors' number in the tables.
func (t *tileShape[F]) check512(rows, count int, c, a, bias []F) (n int) {
	_ = c[(rows*count-1)*t.ldc+t.cols-1]
	_ = a[(count-1)*rows*t.step+(rows-1)*t.rs+(t.k-1)*t.cs]
	if bias != nil {
		_ = bias[t.cols-1]
	}
	return (t.cols - 1) / stripCols[F]()
}

// tiles512 computes count tiles of at most two vectors one under the other.
func (t *tileShape[F]) tiles512(rows, count int, c, a, b, bias []F) {
	n, strip := t.check512(rows, count, c, a, bias), t.k*stripCols[F]()
	_ = b[(n+1)*strip-1]
	if stripCols[F]() == 16 {
		zTiles32[n][rows](count, t.k, p32(a), t.rs, t.cs, rows*t.step, p32(b), strip, p32(c), t.ldc, t.next, p32(bias), t.lastMask(), t.flags())
	} else {
		zTiles64[n][rows](count, t.k, p64(a), t.rs, t.cs, rows*t.step, p64(b), strip, p64(c), t.ldc, t.next, p64(bias), t.lastMask(), t.flags())
	}
}

// packTile512 copies at most two strips of B and computes one tile.
func (t *tileShape[F]) packTile512(rows int, strips, c, a, b []F, stride int, bias []F) {
	n, strip := t.check512(rows, 1, c, a, bias), t.k*stripCols[F]()
	_, _ = strips[(n+1)*strip-1], b[(t.k-1)*stride+t.cols-1]
	if stripCols[F]() == 16 {
		zPacks32[n][rows](p32(strips), strip, t.k, p32(a), t.rs, t.cs, p32(b), stride, p32(c), t.ldc, p32(bias), t.lastMask(), t.flags())
	} else {
		zPacks64[n][rows](p64(strips), strip, t.k, p64(a), t.rs, t.cs, p64(b), stride, p64(c), t.ldc, p64(bias), t.lastMask(), t.flags())
	}
}

// wide512 computes one tile with B where it is stored.
func (t *tileShape[F]) wide512(rows int, c, a, b, bias []F) {
	n := t.check512(rows, 1, c, a, bias)
	_ = b[(t.k-1)*t.ldb+t.cols-1]
	if stripCols[F]() == 16 {
		zWides32[n][rows](t.k, p32(a), t.rs, t.cs, p32(b), t.ldb, p32(c), t.ldc, p32(bias), t.lastMask(), t.flags())
	} else {
		zWides64[n][rows](t.k, p64(a), t.rs, t.cs, p64(b), t.ldb, p64(c), t.ldc, p64(bias), t.lastMask(), t.flags())
	}
}
