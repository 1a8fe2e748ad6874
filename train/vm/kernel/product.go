package kernel

import "fmt"

// Activation is what a product applies to its result.
type Activation uint8

const (
	NoActivation Activation = iota
	ReLUActivation
	SigmoidActivation
	TanhActivation
)

// ProductShape describes the matrix product
//
//	C = act(op(A) op(B) + bias)
//
// of op(A) (M, K) and op(B) (K, N), row-major. A transposed operand is stored
// as (K, M) or (N, K). A stride is the distance from one stored row to the
// next; zero means that the rows are adjacent. With Accumulate the sum starts
// from C's old value.
type ProductShape struct {
	M, N, K                   int
	TransA, TransB            bool
	StrideA, StrideB, StrideC int
	Accumulate                bool
	Activation                Activation
}

// Product is a matrix product prepared for one shape. It is immutable and may
// be shared; its methods are sequential, allocate nothing, and compute rows
// [i0, i1) and columns [j0, j1) of C.
//
// Every element is one chain of fused multiply-adds in the order of k, then the
// bias, then the activation. So C is the same to the bit however it is cut into
// parts, and with B packed or not. (The Go twins multiply and add as the
// platform does: the same bits for every cut, but not the assembly's.)
type Product struct {
	ProductShape
	kBlock int
	rs, cs int // distances of op(A)'s rows and columns
	rows   int // of A, for one block in the second-level cache
}

// NewProduct prepares a product.
func NewProduct(s ProductShape) (*Product, error) {
	if s.M < 0 || s.N < 0 || s.K < 0 {
		return nil, fmt.Errorf("kernel: product of (%d, %d) by (%d, %d): a size is negative", s.M, s.K, s.K, s.N)
	}
	if s.Activation > TanhActivation {
		return nil, fmt.Errorf("kernel: product: unknown activation %d", s.Activation)
	}
	wideA, wideB := s.K, s.N
	if s.TransA {
		wideA = s.M
	}
	if s.TransB {
		wideB = s.K
	}
	for _, x := range []struct {
		name   string
		stride *int
		cols   int
	}{{"A", &s.StrideA, wideA}, {"B", &s.StrideB, wideB}, {"C", &s.StrideC, s.N}} {
		if *x.stride == 0 {
			*x.stride = x.cols
		}
		if *x.stride < x.cols {
			return nil, fmt.Errorf("kernel: product of (%d, %d) by (%d, %d): the rows of %s, as stored, have %d elements, its stride is %d",
				s.M, s.K, s.K, s.N, x.name, x.cols, *x.stride)
		}
	}
	p := &Product{ProductShape: s, rs: s.StrideA, cs: 1, kBlock: kBlockOf(s.K)}
	if s.TransA {
		p.rs, p.cs = 1, s.StrideA
	}
	p.rows = max(blockA/max(p.kBlock, 1)/tileRows, 1) * tileRows
	return p, nil
}

// Workspace is one worker's working memory for products; the zero value is
// ready.
type Workspace struct {
	b [blockB]float32
	a [blockA]float32
}

// Run computes rows [i0, i1) and columns [j0, j1) of C. bias has an element a
// column, or is nil. C must not overlap the operands.
func (p *Product) Run(w *Workspace, c, a, b, bias []float32, i0, i1, j0, j1 int) {
	p.run(w, operands{c: c, a: a, b: b, bias: bias}, part{i0: i0, i1: i1, j0: j0, j1: j1})
}

// RunPacked is Run with B from [Product.Pack]; j0 is a multiple of 16.
func (p *Product) RunPacked(w *Workspace, c, a, packed, bias []float32, i0, i1, j0, j1 int) {
	packed = packed[:p.PackedLen()]
	p.run(w, operands{c: c, a: a, packed: packed, bias: bias}, part{i0: i0, i1: i1, j0: j0, j1: j1})
}

// stored is x cut to a matrix of rows x cols elements, or of cols x rows.
func stored(x []float32, rows, cols, stride int, trans bool) []float32 {
	if trans {
		rows, cols = cols, rows
	}
	if rows == 0 || cols == 0 {
		return x[:0]
	}
	return x[:(rows-1)*stride+cols]
}
