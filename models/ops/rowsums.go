package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// RowSumsOp puts the sum of each row of x (B, N) in all of the row's places:
//
//	y[b,j] = sum_i x[b,i]
//
// It is its own transpose.
type RowSumsOp struct{ base }

func (op RowSumsOp) Arity() int                                        { return 1 }
func (op RowSumsOp) Type() hm.Type                                     { return tensors(2, 2) }
func (op RowSumsOp) String() string                                    { return "RowSums" }
func (op RowSumsOp) WriteHash(h hash.Hash)                             { writeHash(op, h) }
func (op RowSumsOp) Hashcode() uint32                                  { return hashcode(op) }
func (op RowSumsOp) DiffWRT(int) []bool                                { return []bool{true} }
func (op RowSumsOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) { return matrix(op, in) }
func (op RowSumsOp) Do(in ...G.Value) (G.Value, error)                 { return op.UsePreallocDo(nil, in...) }

// matrix gives the shape of the one operand, (B, N).
func matrix(op fmt.Stringer, in []G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 2)
	if err != nil {
		return nil, err
	}
	return s[0].Clone(), nil
}

func (op RowSumsOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, rowSums[float32], rowSums[float64])
}

func rowSums[F Float](_ RowSumsOp, y []F, in []operand[F]) {
	SumRows(in[0].shape[1], y, in[0].data)
}

// SymDiff gives dL/dx, the row sums of dL/dy.
func (op RowSumsOp) SymDiff(_ G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	dx, err := G.ApplyOp(op, dy)
	return G.Nodes{dx}, err
}

// SumRows computes [RowSumsOp] over rows of n numbers; its sums are float64.
func SumRows[F Float](n int, y, x []F) {
	for at := 0; at < len(x); at += n {
		sum := 0.0
		for _, v := range x[at : at+n] {
			sum += float64(v)
		}
		row := y[at : at+n]
		for j := range row {
			row[j] = F(sum)
		}
	}
}
