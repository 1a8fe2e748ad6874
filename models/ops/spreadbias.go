package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SpreadBiasOp repeats b (N) to (B, N), or to images (B, N, H, W) where Image is
// not zero: the transpose of [BiasGradOp].
//
//	y[i,n,...] = b[n]
type SpreadBiasOp struct {
	base
	Batch int
	Image [2]int // height and width
}

func (op SpreadBiasOp) dims() int {
	if op.Image == [2]int{} {
		return 2
	}
	return 4
}

func (op SpreadBiasOp) Arity() int            { return 1 }
func (op SpreadBiasOp) Type() hm.Type         { return tensors(op.dims(), 1) }
func (op SpreadBiasOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op SpreadBiasOp) Hashcode() uint32      { return hashcode(op) }
func (op SpreadBiasOp) DiffWRT(int) []bool    { return []bool{true} }

func (op SpreadBiasOp) String() string {
	return fmt.Sprintf("SpreadBias{batch %d, image %v}", op.Batch, op.Image)
}

func (op SpreadBiasOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 1)
	if err != nil {
		return nil, err
	}
	out := tensor.Shape{op.Batch, s[0][0]}
	if op.dims() == 4 {
		out = append(out, op.Image[:]...)
	}
	for _, n := range out {
		if n < 1 {
			return nil, fmt.Errorf("ops: %v: bias %v: no shape %v", op, s[0], out)
		}
	}
	return out, nil
}

func (op SpreadBiasOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op SpreadBiasOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, spreadBias[float32], spreadBias[float64])
}

func spreadBias[F Float](op SpreadBiasOp, y []F, in []operand[F]) {
	SpreadBias(len(y)/op.Batch/len(in[0].data), y, in[0].data)
}

// SymDiff gives dL/db.
func (op SpreadBiasOp) SymDiff(_ G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	db, err := G.ApplyOp(BiasGradOp{Dims: op.dims()}, dy)
	return G.Nodes{db}, err
}

// SpreadBias computes [SpreadBiasOp] over areas of numbers.
func SpreadBias[F Float](area int, y, b []F) {
	for at := 0; at < len(y); at += area {
		row, v := y[at:at+area], b[at/area%len(b)]
		for j := range row {
			row[j] = v
		}
	}
}
