package kernel

// tileShape is what the tiles of one strip of B have in common: C's rows x cols
// elements are sums of k terms. rs and cs are the distances of op(A)'s rows and
// columns inside a tile, step is how far apart tiles are, per row.
type tileShape struct {
	k, rs, cs, step int
	ldb, ldc, cols  int
	load, relu      bool
}

// columnMasks has a sign bit for every lane of the first columns of 16.
var columnMasks = func() (masks [tileCols + 1][tileCols]int32) {
	for n := range masks {
		for j := range n {
			masks[n][j] = -1
		}
	}
	return masks
}()

// tileGo computes rows x cols elements. B has whole groups of eight columns.
func tileGo(rows int, t *tileShape, c, a, b, bias []float32) {
	for i := range rows {
		for j := 0; j < t.cols; j += 8 {
			out := c[i*t.ldc+j:][:min(8, t.cols-j)]
			var sums [8]float32
			if t.load {
				copy(sums[:], out)
			}
			t.dots(&sums, a[i*t.rs:], b[j:])
			for q := range out {
				s := sums[q]
				if bias != nil {
					s += bias[j+q]
				}
				if t.relu {
					s = relu(s)
				}
				out[q] = s
			}
		}
	}
}

// dots adds a row of A times eight columns of B. It is the only place where the
// twins multiply, so that the compiler fuses all products with their sums, or
// none.
func (t *tileShape) dots(s *[8]float32, a, b []float32) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	cs, ldb := t.cs, t.ldb
	for p := range t.k {
		x, y := a[p*cs], (*[8]float32)(b[p*ldb:])
		s0 += x * y[0]
		s1 += x * y[1]
		s2 += x * y[2]
		s3 += x * y[3]
		s4 += x * y[4]
		s5 += x * y[5]
		s6 += x * y[6]
		s7 += x * y[7]
	}
	*s = [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}

func tiles16Go(rows, count int, t *tileShape, c, a, b, bias []float32) {
	for i := range count {
		tileGo(rows, t, c[i*rows*t.ldc:], a[i*rows*t.step:], b, bias)
	}
}

// packTileGo copies a strip of B, and computes the tile.
func packTileGo(rows int, strip []float32, t *tileShape, c, a, b []float32, stride int, bias []float32) {
	for p := range t.k {
		n := copy(strip[p*tileCols:(p+1)*tileCols], b[p*stride:][:t.cols])
		clear(strip[p*tileCols+n : (p+1)*tileCols])
	}
	tileGo(rows, t, c, a, strip, bias)
}
