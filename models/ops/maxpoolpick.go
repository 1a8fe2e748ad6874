package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MaxPoolPickOp reads u (B, C, H, W) where each window of x (B, C, H, W) has its
// maximum, the first of several or the first NaN: the transpose of
// [MaxPoolGradOp], and the derivative of [MaxPoolOp] in the direction u.
type MaxPoolPickOp struct {
	base
	Pool
}

func (op MaxPoolPickOp) Arity() int            { return 2 }
func (op MaxPoolPickOp) Type() hm.Type         { return tensors(4, 4, 4) }
func (op MaxPoolPickOp) String() string        { return "MaxPoolPick" + op.Pool.String() }
func (op MaxPoolPickOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op MaxPoolPickOp) Hashcode() uint32      { return hashcode(op) }
func (op MaxPoolPickOp) DiffWRT(int) []bool    { return []bool{false, true} }

func (op MaxPoolPickOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	if !s[0].Eq(s[1]) {
		return nil, fmt.Errorf("ops: %v: images %v and what is picked from, %v, differ in shape", op, s[0], s[1])
	}
	return op.shape(op, in[:1])
}

func (op MaxPoolPickOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op MaxPoolPickOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, maxPoolPick[float32], maxPoolPick[float64])
}

func maxPoolPick[F Float](op MaxPoolPickOp, y []F, in []operand[F]) {
	PoolMaxPick(op.Geometry(in[0].shape), y, in[0].data, in[1].data)
}

// SymDiff gives dL/du; the images only say where.
func (op MaxPoolPickOp) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	du, err := G.ApplyOp(MaxPoolGradOp{Pool: op.Pool}, in[0], dy)
	return G.Nodes{nil, du}, err
}

// PoolMaxPick computes [MaxPoolPickOp].
func PoolMaxPick[F Float](g Geometry, y, x, u []F) {
	g.windows(func(o, at int) { y[o] = u[largest(g, x, at)] })
}
