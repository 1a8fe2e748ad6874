package gemm

import "unsafe"

// The methods of this file choose between assembly and twin, and check that what
// the assembly will touch is there.

// check proves that the last elements a tile touches are there.
func (t *tileShape[F]) check(rows, count, cols int, c, a, b, bias []F) {
	_ = c[(rows*count-1)*t.ldc+t.cols-1]
	_ = a[(count-1)*rows*t.step+(rows-1)*t.rs+(t.k-1)*t.cs]
	_ = b[(t.k-1)*t.ldb+cols-1]
	if bias != nil {
		_ = bias[t.cols-1]
	}
}

// flags are what the assembly wants to know: whether sums start from C, ReLU,
// whether they are added to C, and whether A is worth fetching ahead.
func (t *tileShape[F]) flags() (f int) {
	if t.load {
		f = 1
	}
	if t.relu {
		f |= 2
	}
	if t.onto {
		f |= 4
	}
	if t.far {
		f |= 8
	}
	return f
}

// masks[n] has the sign bits of the first n of 16 words set.
var masks = func() (masks [17][16]int32) {
	for n := range masks {
		for j := range n {
			masks[n][j] = -1
		}
	}
	return masks
}()

// mask selects the first of 64 bytes of columns.
func (t *tileShape[F]) mask() *int32 { return &masks[t.cols*16/stripCols[F]()][0] }

func p32[F Float](x []F) *float32 { return (*float32)(unsafe.Pointer(unsafe.SliceData(x))) }
func p64[F Float](x []F) *float64 { return (*float64)(unsafe.Pointer(unsafe.SliceData(x))) }

// tiles computes count tiles one under the other.
func (t *tileShape[F]) tiles(rows, count int, c, a, b, bias []F) {
	if has.NEON {
		t.neonTiles(rows, count, c, a, b, bias)
		return
	}
	if !has.AVX2 {
		for i := range count {
			t.tileGo(rows, c[i*rows*t.ldc:], a[i*rows*t.step:], b, bias)
		}
		return
	}
	var mask *int32
	if t.cols < stripCols[F]() {
		mask = t.mask()
	}
	t.check(rows, count, stripCols[F](), c, a, b, bias)
	variant := rows
	if rows == tileRows && t.rs == 1 && t.cs > tileRows {
		variant = 0 // a transposed A, not packed
	}
	if stripCols[F]() == 16 {
		tiles32[variant](count, t.k, p32(a), t.rs, t.cs, rows*t.step, p32(b), t.ldb, p32(c), t.ldc, p32(bias), mask, t.flags())
	} else {
		tiles64[variant](count, t.k, p64(a), t.rs, t.cs, rows*t.step, p64(b), t.ldb, p64(c), t.ldc, p64(bias), mask, t.flags())
	}
}

// packTile copies a strip of B and computes one tile.
func (t *tileShape[F]) packTile(rows int, strip, c, a, b []F, stride int, bias []F) {
	if has.NEON {
		t.neonPack(rows, strip, c, a, b, stride, bias)
		return
	}
	if !has.AVX2 {
		t.packTileGo(rows, strip, c, a, b, stride, bias)
		return
	}
	t.check(rows, 1, stripCols[F](), c, a, strip, bias)
	_ = b[(t.k-1)*stride+t.cols-1]
	if stripCols[F]() == 16 {
		packTiles32[rows](p32(strip), t.k, p32(a), t.rs, t.cs, p32(b), stride, p32(c), t.ldc, p32(bias), t.mask(), t.flags())
	} else {
		packTiles64[rows](p64(strip), t.k, p64(a), t.rs, t.cs, p64(b), stride, p64(c), t.ldc, p64(bias), t.mask(), t.flags())
	}
}

// wide computes one tile of few rows and many columns.
func (t *tileShape[F]) wide(rows int, c, a, b, bias []F) {
	if has.NEON {
		t.neonWide(rows, c, a, b, bias)
		return
	}
	if !has.AVX2 {
		t.tileGo(rows, c, a, b, bias)
		return
	}
	t.check(rows, 1, t.cols, c, a, b, bias)
	if stripCols[F]() == 16 {
		wide32[rows](t.k, p32(a), t.rs, t.cs, p32(b), t.ldb, p32(c), t.ldc, p32(bias), t.flags())
	} else {
		wide64[rows](t.k, p64(a), t.rs, t.cs, p64(b), t.ldb, p64(c), t.ldc, p64(bias), t.flags())
	}
}

// packSix copies six numbers of each of k rows to consecutive places.
func packSix[F Float](dst, src []F, stride, k int) {
	if !has.AVX2 && !has.NEON {
		packSixGo(dst, src, stride, k)
		return
	}
	_, _ = dst[k*tileRows-1], src[(k-1)*stride+tileRows-1]
	if has.NEON {
		neonSix(dst, src, stride, k)
		return
	}
	if stripCols[F]() == 16 {
		packColumns32(p32(dst), p32(src), stride, k)
	} else {
		packColumns64(p64(dst), p64(src), stride, k)
	}
}

// The assembly by number of rows; tiles at 0 look ahead, for six rows.
var (
	tiles32     = [...]func(count, k int, a *float32, rs, cs, step int, b *float32, ldb int, c *float32, ldc int, bias *float32, mask *int32, flags int){tileAhead32, tile1x32, tile2x32, tile3x32, tile4x32, tile5x32, tile6x32}
	tiles64     = [...]func(count, k int, a *float64, rs, cs, step int, b *float64, ldb int, c *float64, ldc int, bias *float64, mask *int32, flags int){tileAhead64, tile1x64, tile2x64, tile3x64, tile4x64, tile5x64, tile6x64}
	packTiles32 = [...]func(dst *float32, k int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, bias *float32, mask *int32, flags int){nil, packTile1x32, packTile2x32, packTile3x32, packTile4x32, packTile5x32, packTile6x32}
	packTiles64 = [...]func(dst *float64, k int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, bias *float64, mask *int32, flags int){nil, packTile1x64, packTile2x64, packTile3x64, packTile4x64, packTile5x64, packTile6x64}
	wide32      = [...]func(k int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, bias *float32, flags int){nil, wide1x32, wide2x32, wide3x32, wide4x32, wide5x32, wide6x32}
	wide64      = [...]func(k int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, bias *float64, flags int){nil, wide1x64, wide2x64, wide3x64, wide4x64, wide5x64, wide6x64}
)
