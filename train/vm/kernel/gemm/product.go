package gemm

import "fmt"

// Float is what matrices are made of.
type Float interface{ float32 | float64 }

// Activation is what a product applies to its result.
type Activation uint8

const (
	NoActivation Activation = iota
	ReLU
	Sigmoid
	Tanh
)

// Shape describes the matrix product
//
//	C = act(op(A) op(B) + bias)
//
// of op(A) (M, K) and op(B) (K, N), row-major. A transposed operand is stored
// as (K, M) or (N, K). A stride is the distance from one stored row to the
// next; zero means that the rows are adjacent. With Accumulate the sum starts
// from C's old value.
type Shape struct {
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
// parts. (The Go twins multiply and add as the platform does: the same bits for
// every cut, but not the assembly's.)
type Product[F Float] struct {
	Shape
	kBlock int
	rs, cs int // distances of op(A)'s rows and columns
	rows   int // of A, for one block in the second-level cache
}

// New prepares a product.
func New[F Float](s Shape) (*Product[F], error) {
	if s.M < 0 || s.N < 0 || s.K < 0 {
		return nil, fmt.Errorf("gemm: product of (%d, %d) by (%d, %d): a size is negative", s.M, s.K, s.K, s.N)
	}
	if s.Activation > Tanh {
		return nil, fmt.Errorf("gemm: product: unknown activation %d", s.Activation)
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
			return nil, fmt.Errorf("gemm: product of (%d, %d) by (%d, %d): the rows of %s, as stored, have %d elements, its stride is %d",
				s.M, s.K, s.K, s.N, x.name, x.cols, *x.stride)
		}
	}
	p := &Product[F]{Shape: s, rs: s.StrideA, cs: 1, kBlock: kBlockOf(s.K)}
	if s.TransA {
		p.rs, p.cs = 1, s.StrideA
	}
	p.rows = max(stripsA*stripCols[F]()*maxK/max(p.kBlock, 1)/tileRows, 1) * tileRows
	return p, nil
}

// Run computes rows [i0, i1) and columns [j0, j1) of C. bias has an element a
// column, or is nil. C must not overlap the operands. work is [Product.WorkspaceLen]
// numbers or more that nobody else uses meanwhile; what they hold does not matter.
func (p *Product[F]) Run(work, c, a, b, bias []F, i0, i1, j0, j1 int) {
	p.run(work, operands[F]{c: c, a: a, b: b, bias: bias}, part{i0: i0, i1: i1, j0: j0, j1: j1})
}

// stored is x cut to a matrix of rows x cols elements, or of cols x rows.
func stored[F Float](x []F, rows, cols, stride int, trans bool) []F {
	if trans {
		rows, cols = cols, rows
	}
	if rows == 0 || cols == 0 {
		return x[:0]
	}
	return x[:(rows-1)*stride+cols]
}
