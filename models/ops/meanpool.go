package ops

import (
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MeanPoolOp averages each window.
type MeanPoolOp struct {
	base
	Pool
}

// MeanPool adds the operator to a graph.
func MeanPool(x *G.Node, size, stride [2]int) (*G.Node, error) {
	return G.ApplyOp(MeanPoolOp{Pool: Pool{size, stride}}, x)
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
	g := op.Geometry(in[0].Shape())
	out := g.Out()
	return run(op, dst, tensor.Shape{g.Batch, g.Channels, out[0], out[1]}, in,
		func(y []float32, in [][]float32) { PoolMean(g, y, in[0]) },
		func(y []float64, in [][]float64) { PoolMean(g, y, in[0]) })
}

func (op MeanPoolOp) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	s := in[0].Shape()
	dx, err := G.ApplyOp(MeanPoolGradOp{Pool: op.Pool, Image: [2]int{s[2], s[3]}}, dy)
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
// spread evenly.
type MeanPoolGradOp struct {
	gradient
	Pool
	Image [2]int
}

func (op MeanPoolGradOp) Arity() int            { return 1 }
func (op MeanPoolGradOp) Type() hm.Type         { return tensors(4, 4) }
func (op MeanPoolGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op MeanPoolGradOp) Hashcode() uint32      { return hashcode(op) }
func (op MeanPoolGradOp) DiffWRT(int) []bool    { return []bool{false} }

func (op MeanPoolGradOp) String() string {
	return "MeanPoolGrad" + op.Pool.String() + fmtImage(op.Image)
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
	return tensor.Shape{s[0][0], s[0][1], op.Image[0], op.Image[1]}, nil
}

func (op MeanPoolGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op MeanPoolGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	g := op.Geometry(in[0].Shape())
	return run(op, dst, tensor.Shape{g.Batch, g.Channels, g.Image[0], g.Image[1]}, in,
		func(dx []float32, in [][]float32) { PoolMeanGrad(g, dx, in[0]) },
		func(dx []float64, in [][]float64) { PoolMeanGrad(g, dx, in[0]) })
}

// PoolMeanGrad computes [MeanPoolGradOp].
func PoolMeanGrad[F Float](g Geometry, dx, dy []F) {
	clear(dx)
	scale := 1 / F(g.Window[0]*g.Window[1])
	g.windows(func(o, at int) {
		for u := range g.Window[0] {
			row := dx[at+u*g.Image[1]:][:g.Window[1]]
			for j := range row {
				row[j] += scale * dy[o]
			}
		}
	})
}
