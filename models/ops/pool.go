package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Pool is the geometry of pooling: windows of Size every Stride, those that do
// not fit at the right or the bottom left out, no padding.
type Pool struct{ Size, Stride [2]int }

// Geometry for images of a shape (B, C, H, W).
func (p Pool) Geometry(x []int) Geometry {
	return Geometry{Batch: x[0], Channels: x[1], Maps: x[1], Image: [2]int{x[2], x[3]}, Window: p.Size, Stride: p.Stride}
}

func (p Pool) String() string { return fmt.Sprintf("{size %v, stride %v}", p.Size, p.Stride) }

func (p Pool) shape(op fmt.Stringer, in []G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4)
	if err != nil {
		return nil, err
	}
	g := p.Geometry(s[0])
	if err := g.check(); err != nil {
		return nil, fmt.Errorf("ops: %v: images %v: %w", op, s[0], err)
	}
	out := g.Out()
	return tensor.Shape{s[0][0], s[0][1], out[0], out[1]}, nil
}

// windows visits every window of every channel: o is the output's index, at
// that of the window's first element in the image.
func (g Geometry) windows(visit func(o, at int)) {
	out := g.Out()
	o := 0
	for plane := range g.Batch * g.Channels {
		for i := range out[0] {
			for j := range out[1] {
				visit(o, (plane*g.Image[0]+i*g.Stride[0])*g.Image[1]+j*g.Stride[1])
				o++
			}
		}
	}
}

// MaxPoolOp keeps the maximum of each window. A NaN in a window gives NaN.
type MaxPoolOp struct {
	base
	Pool
}

// MaxPool adds the operator to a graph.
func MaxPool(x *G.Node, size, stride [2]int) (*G.Node, error) {
	return G.ApplyOp(MaxPoolOp{Pool: Pool{size, stride}}, x)
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
	g := op.Geometry(in[0].Shape())
	out := g.Out()
	return run(op, dst, tensor.Shape{g.Batch, g.Channels, out[0], out[1]}, in,
		func(y []float32, in [][]float32) { PoolMax(g, y, in[0]) },
		func(y []float64, in [][]float64) { PoolMax(g, y, in[0]) })
}

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

// MaxPoolGradOp is dL/dx of [MaxPoolOp] from x and dL/dy: the whole gradient
// goes to the first maximum of each window.
type MaxPoolGradOp struct {
	gradient
	Pool
}

func (op MaxPoolGradOp) Arity() int            { return 2 }
func (op MaxPoolGradOp) Type() hm.Type         { return tensors(4, 4, 4) }
func (op MaxPoolGradOp) String() string        { return "MaxPoolGrad" + op.Pool.String() }
func (op MaxPoolGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op MaxPoolGradOp) Hashcode() uint32      { return hashcode(op) }
func (op MaxPoolGradOp) DiffWRT(int) []bool    { return []bool{false, false} }

func (op MaxPoolGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	return s[0].Clone(), nil
}

func (op MaxPoolGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op MaxPoolGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	g := op.Geometry(in[0].Shape())
	return run(op, dst, in[0].Shape().Clone(), in,
		func(dx []float32, in [][]float32) { PoolMaxGrad(g, dx, in[0], in[1]) },
		func(dx []float64, in [][]float64) { PoolMaxGrad(g, dx, in[0], in[1]) })
}

// PoolMaxGrad computes [MaxPoolGradOp].
func PoolMaxGrad[F Float](g Geometry, dx, x, dy []F) {
	clear(dx)
	g.windows(func(o, at int) { dx[largest(g, x, at)] += dy[o] })
}
