package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MeanPoolOp averages each window of x (B, C, H, W):
//
//	y[b,c,i,j] = 1/(sh sw) sum_{u<sh,v<sw} x[b, c, i*stride+u, j*stride+v]
//
// LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to
// document recognition" (1998), II.B, without the trainable coefficient.
type MeanPoolOp struct {
	base
	Pool
}

// MeanPool adds the operator to a graph; sizes and strides must be positive.
func MeanPool(x *G.Node, size, stride [2]int) (*G.Node, error) {
	return apply(MeanPoolOp{Pool: Pool{size, stride}}, x)
}

func (op MeanPoolOp) Arity() int                                        { return 1 }
func (op MeanPoolOp) Type() hm.Type                                     { return tensors(4, 4) }
func (op MeanPoolOp) String() string                                    { return "MeanPool" + op.Pool.String() }
func (op MeanPoolOp) WriteHash(h hash.Hash)                             { writeHash(op, h) }
func (op MeanPoolOp) Hashcode() uint32                                  { return hashcode(op) }
func (op MeanPoolOp) DiffWRT(int) []bool                                { return []bool{true} }
func (op MeanPoolOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) { return op.shape(op, in) }
func (op MeanPoolOp) Do(in ...G.Value) (G.Value, error)                 { return op.UsePreallocDo(nil, in...) }

func (op MeanPoolOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, meanPool[float32], meanPool[float64])
}

func meanPool[F Float](op MeanPoolOp, y []F, in []operand[F]) {
	PoolMean(op.Geometry(in[0].shape), y, in[0].data)
}

// SymDiff gives dL/dx, which needs no images.
func (op MeanPoolOp) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	dx, err := G.ApplyOp(MeanPoolGradOp{Pool: op.Pool, Image: lastTwo(in[0])}, dy)
	return G.Nodes{dx}, err
}

// PoolMean computes [MeanPoolOp].
func PoolMean[F Float](g Geometry, y, x []F) {
	scale := 1 / F(g.Window[0]*g.Window[1])
	g.windows(func(o, at int) {
		var sum F
		for u := range g.Window[0] {
			row := at + u*g.Image[1]
			for _, v := range x[row : row+g.Window[1]] {
				sum += v
			}
		}
		y[o] = sum * scale
	})
}

// MeanPoolGradOp is dL/dx of [MeanPoolOp] from dL/dy: each window's gradient is
// spread evenly over its elements, and adds up where windows overlap:
//
//	dx[b,c,m,n] = 1/(sh sw) sum_{i,j,u<sh,v<sw} dy[b,c,i,j],  m = i*stride+u, n = j*stride+v
type MeanPoolGradOp struct {
	base
	Pool
	Image [2]int
}

func (op MeanPoolGradOp) Arity() int            { return 1 }
func (op MeanPoolGradOp) Type() hm.Type         { return tensors(4, 4) }
func (op MeanPoolGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op MeanPoolGradOp) Hashcode() uint32      { return hashcode(op) }
func (op MeanPoolGradOp) DiffWRT(int) []bool    { return []bool{true} }

func (op MeanPoolGradOp) String() string {
	return fmt.Sprintf("MeanPoolGrad%v{image %v}", op.Pool, op.Image)
}

// Geometry for gradients of a shape (B, C, OH, OW).
func (op MeanPoolGradOp) Geometry(dy []int) Geometry {
	return op.Pool.Geometry([]int{dy[0], dy[1], op.Image[0], op.Image[1]})
}

func (op MeanPoolGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4)
	if err != nil {
		return nil, err
	}
	if err := op.Geometry(s[0]).checkGrad(s[0]); err != nil {
		return nil, fmt.Errorf("ops: %v: gradient %v: %w", op, s[0], err)
	}
	return tensor.Shape{s[0][0], s[0][1], op.Image[0], op.Image[1]}, nil
}

func (op MeanPoolGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op MeanPoolGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, meanPoolGrad[float32], meanPoolGrad[float64])
}

func meanPoolGrad[F Float](op MeanPoolGradOp, dx []F, in []operand[F]) {
	PoolMeanGrad(op.Geometry(in[0].shape), dx, in[0].data)
}

// SymDiff, for dx's own gradient u: spreading is linear, and its transpose the mean.
func (op MeanPoolGradOp) SymDiff(_ G.Nodes, _, u *G.Node) (G.Nodes, error) {
	ddy, err := G.ApplyOp(MeanPoolOp{Pool: op.Pool}, u)
	return G.Nodes{ddy}, err
}

// PoolMeanGrad computes [MeanPoolGradOp].
func PoolMeanGrad[F Float](g Geometry, dx, dy []F) {
	clear(dx)
	scale := 1 / F(g.Window[0]*g.Window[1])
	g.windows(func(o, at int) {
		for u := range g.Window[0] {
			row := dx[at+u*g.Image[1]:][:g.Window[1]]
			for j := range row {
				row[j] += F(scale * dy[o])
			}
		}
	})
}
