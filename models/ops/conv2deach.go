package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv2DEachGradOp is dL/dw of [Conv2DOp] as [Conv2DWeightGradOp] gives it, but of
// each image alone, and with that of a bias: (B, K (CUV + 1)), where an image's row
// has, of each map k, the filter's gradient and the bias's,
//
//	dw[b,k,c,u,v] = sum_{i,j} dy[b,k,i,j] x[b, c, i*stride+u-pad, j*stride+v-pad]
//	db[b,k]       = sum_{i,j} dy[b,k,i,j]
type Conv2DEachGradOp struct {
	base
	Stride, Pad, Kernel [2]int
}

// Conv2DEachGrad adds the operator to a graph.
func Conv2DEachGrad(x, dy *G.Node, kernel, stride, pad [2]int) (*G.Node, error) {
	return apply(Conv2DEachGradOp{Kernel: kernel, Stride: orOne(stride), Pad: pad}, x, dy)
}

// Geometry of the convolution for an image and a gradient shape.
func (op Conv2DEachGradOp) Geometry(x, dy []int) Geometry {
	return Conv2DWeightGradOp{Stride: op.Stride, Pad: op.Pad, Kernel: op.Kernel}.Geometry(x, dy)
}

func (op Conv2DEachGradOp) Arity() int    { return 2 }
func (op Conv2DEachGradOp) Type() hm.Type { return tensors(2, 4, 4) }
func (op Conv2DEachGradOp) String() string {
	return fmt.Sprintf("Conv2DEachGrad{stride %v, pad %v, kernel %v}", op.Stride, op.Pad, op.Kernel)
}
func (op Conv2DEachGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op Conv2DEachGradOp) Hashcode() uint32      { return hashcode(op) }
func (op Conv2DEachGradOp) DiffWRT(int) []bool    { return []bool{true, true} }

func (op Conv2DEachGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	g := op.Geometry(s[0], s[1])
	if err := g.checkGrad(s[1]); err != nil {
		return nil, fmt.Errorf("ops: %v: images %v, gradient %v: %w", op, s[0], s[1], err)
	}
	return tensor.Shape{g.Batch, g.Maps * (g.taps() + 1)}, nil
}

// taps are the numbers of a filter.
func (g Geometry) taps() int { return g.Channels * g.Window[0] * g.Window[1] }

func (op Conv2DEachGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op Conv2DEachGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, conv2DEachGrad[float32], conv2DEachGrad[float64])
}

func conv2DEachGrad[F Float](op Conv2DEachGradOp, out []F, in []operand[F]) {
	ConvolveEachGrad(op.Geometry(in[0].shape, in[1].shape), out, in[0].data, in[1].data)
}

// ConvolveEachGrad computes [Conv2DEachGradOp].
func ConvolveEachGrad[F Float](g Geometry, out, x, dy []F) {
	image, maps, taps := g, g.Batch*g.Maps, g.taps()
	image.Batch, image.Maps = 1, 1
	for m := range maps { // of all images
		row, slope := out[m*(taps+1):(m+1)*(taps+1)], dy[m*len(dy)/maps:(m+1)*len(dy)/maps]
		b := m / g.Maps
		ConvolveWeightGrad(image, row[:taps], x[b*len(x)/g.Batch:(b+1)*len(x)/g.Batch], slope)
		SumBias(1, len(slope), row[taps:], slope)
	}
}

// SymDiff goes image by image: of the row's own gradient u, an image's part is
// filters and biases of its own.
func (op Conv2DEachGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	b := &builder{like: u}
	x, dy := in[0], in[1]
	g := op.Geometry(x.Shape(), dy.Shape())
	var dx, ddy G.Nodes
	for i := range g.Batch {
		row := b.reshape(b.row(u, i, g.Batch), g.Maps, g.taps()+1)
		filters := b.reshape(b.columns(row, 0, g.taps(), g.taps()+1), g.Maps, g.Channels, g.Window[0], g.Window[1])
		bias := b.reshape(b.columns(row, g.taps(), 1, g.taps()+1), g.Maps)
		dx = append(dx, b.apply(Conv2DInputGradOp{Stride: op.Stride, Pad: op.Pad, Image: g.Image}, filters, b.image(dy, i)))
		ddy = append(ddy, b.apply(AddBiasOp{Dims: 4}, b.apply(Conv2DOp{Stride: op.Stride, Pad: op.Pad}, b.image(x, i), filters), bias))
	}
	return G.Nodes{b.batch(dx), b.batch(ddy)}, b.err
}
