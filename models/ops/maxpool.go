package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MaxPoolOp keeps the maximum of each window of x (B, C, H, W):
//
//	y[b,c,i,j] = max_{u<sh,v<sw} x[b, c, i*stride+u, j*stride+v]
//
// A NaN in a window gives NaN. Ranzato, Huang, Boureau and LeCun, "Unsupervised
// learning of invariant feature hierarchies" (2007).
type MaxPoolOp struct {
	base
	Pool
}

// MaxPool adds the operator to a graph; sizes and strides must be positive.
func MaxPool(x *G.Node, size, stride [2]int) (*G.Node, error) {
	return apply(MaxPoolOp{Pool: Pool{size, stride}}, x)
}

func (op MaxPoolOp) Arity() int                                        { return 1 }
func (op MaxPoolOp) Type() hm.Type                                     { return tensors(4, 4) }
func (op MaxPoolOp) String() string                                    { return "MaxPool" + op.Pool.String() }
func (op MaxPoolOp) WriteHash(h hash.Hash)                             { writeHash(op, h) }
func (op MaxPoolOp) Hashcode() uint32                                  { return hashcode(op) }
func (op MaxPoolOp) DiffWRT(int) []bool                                { return []bool{true} }
func (op MaxPoolOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) { return op.shape(op, in) }
func (op MaxPoolOp) Do(in ...G.Value) (G.Value, error)                 { return op.UsePreallocDo(nil, in...) }

func (op MaxPoolOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, maxPool[float32], maxPool[float64])
}

func maxPool[F Float](op MaxPoolOp, y []F, in []operand[F]) {
	PoolMax(op.Geometry(in[0].shape), y, in[0].data)
}

// SymDiff gives dL/dx, which finds the maxima again.
func (op MaxPoolOp) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	dx, err := G.ApplyOp(MaxPoolGradOp{Pool: op.Pool}, in[0], dy)
	return G.Nodes{dx}, err
}

// PoolMax computes [MaxPoolOp].
func PoolMax[F Float](g Geometry, y, x []F) {
	g.windows(func(o, at int) { y[o] = x[largest(g, x, at)] })
}

// largest is the index of a window's first maximum, or of its first NaN.
func largest[F Float](g Geometry, x []F, at int) int {
	best := at
	for u := range g.Window[0] {
		row := at + u*g.Image[1]
		for i := row; i < row+g.Window[1]; i++ {
			if x[best] != x[best] {
				return best
			}
			if x[i] > x[best] || x[i] != x[i] {
				best = i
			}
		}
	}
	return best
}

// MaxPoolGradOp is dL/dx of [MaxPoolOp] from x and dL/dy: the whole gradient of
// a window goes to its first maximum in row-major order, or to its first NaN,
// and adds up where windows overlap.
type MaxPoolGradOp struct {
	base
	Pool
}

func (op MaxPoolGradOp) Arity() int            { return 2 }
func (op MaxPoolGradOp) Type() hm.Type         { return tensors(4, 4, 4) }
func (op MaxPoolGradOp) String() string        { return "MaxPoolGrad" + op.Pool.String() }
func (op MaxPoolGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op MaxPoolGradOp) Hashcode() uint32      { return hashcode(op) }
func (op MaxPoolGradOp) DiffWRT(int) []bool    { return []bool{false, true} }

func (op MaxPoolGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	if err := op.Geometry(s[0]).checkGrad(s[1]); err != nil {
		return nil, fmt.Errorf("ops: %v: images %v, gradient %v: %w", op, s[0], s[1], err)
	}
	return s[0].Clone(), nil
}

func (op MaxPoolGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op MaxPoolGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, maxPoolGrad[float32], maxPoolGrad[float64])
}

func maxPoolGrad[F Float](op MaxPoolGradOp, dx []F, in []operand[F]) {
	PoolMaxGrad(op.Geometry(in[0].shape), dx, in[0].data, in[1].data)
}

// SymDiff, for dx's own gradient u: where the maxima are does not move with x, and
// dx is linear in dy.
func (op MaxPoolGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	ddy, err := G.ApplyOp(MaxPoolPickOp{Pool: op.Pool}, in[0], u)
	return G.Nodes{nil, ddy}, err
}

// PoolMaxGrad computes [MaxPoolGradOp].
func PoolMaxGrad[F Float](g Geometry, dx, x, dy []F) {
	clear(dx)
	g.windows(func(o, at int) { dx[largest(g, x, at)] += dy[o] })
}
