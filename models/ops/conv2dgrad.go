package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv2DInputGradOp is dL/dx of [Conv2DOp] from the filters w and dL/dy:
//
//	dx[b,c,m,n] = sum_{k,u,v} dy[b,k,i,j] w[k,c,u,v],  m = i*stride+u-pad, n = j*stride+v-pad
type Conv2DInputGradOp struct {
	base
	Stride, Pad, Image [2]int
}

// Geometry of the convolution for a filter and a gradient shape.
func (op Conv2DInputGradOp) Geometry(w, dy []int) Geometry {
	return Geometry{Batch: dy[0], Channels: w[1], Maps: w[0], Image: op.Image, Window: [2]int{w[2], w[3]}, Stride: op.Stride, Pad: op.Pad}
}

func (op Conv2DInputGradOp) Arity() int    { return 2 }
func (op Conv2DInputGradOp) Type() hm.Type { return tensors(4, 4, 4) }
func (op Conv2DInputGradOp) String() string {
	return fmt.Sprintf("Conv2DInputGrad{stride %v, pad %v, image %v}", op.Stride, op.Pad, op.Image)
}
func (op Conv2DInputGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op Conv2DInputGradOp) Hashcode() uint32      { return hashcode(op) }
func (op Conv2DInputGradOp) DiffWRT(int) []bool    { return []bool{true, true} }

func (op Conv2DInputGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	if err := op.Geometry(s[0], s[1]).checkGrad(s[1]); err != nil {
		return nil, fmt.Errorf("ops: %v: filters %v, gradient %v: %w", op, s[0], s[1], err)
	}
	return tensor.Shape{s[1][0], s[0][1], op.Image[0], op.Image[1]}, nil
}

func (op Conv2DInputGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op Conv2DInputGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, conv2DInputGrad[float32], conv2DInputGrad[float64])
}

func conv2DInputGrad[F Float](op Conv2DInputGradOp, dx []F, in []operand[F]) {
	ConvolveInputGrad(op.Geometry(in[0].shape, in[1].shape), dx, in[0].data, in[1].data)
}

// SymDiff, for dx's own gradient u: a convolution is linear in the images and in
// the filters, so <u, dx> = <Conv2D(u, w), dy>.
func (op Conv2DInputGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	b := &builder{}
	dw := b.apply(Conv2DWeightGradOp{Stride: op.Stride, Pad: op.Pad, Kernel: lastTwo(in[0])}, u, in[1])
	ddy := b.apply(Conv2DOp{Stride: op.Stride, Pad: op.Pad}, u, in[0])
	return G.Nodes{dw, ddy}, b.err
}

// lastTwo are the height and width of images or filters.
func lastTwo(n *G.Node) [2]int { return [2]int(n.Shape()[2:]) }

// ConvolveInputGrad computes [Conv2DInputGradOp].
func ConvolveInputGrad[F Float](g Geometry, dx, w, dy []F) {
	clear(dx)
	step := g.Stride[1]
	g.Rows(0, g.Out()[0], func(yAt, xAt, wAt, length int) {
		row, c := dy[yAt:yAt+length], w[wAt]
		if step == 1 {
			out := dx[xAt:][:len(row)]
			for j, d := range row {
				out[j] += F(c * d)
			}
			return
		}
		for j, d := range row {
			dx[xAt+j*step] += F(c * d)
		}
	})
}

// Conv2DWeightGradOp is dL/dw of [Conv2DOp] from the images x and dL/dy:
//
//	dw[k,c,u,v] = sum_{b,i,j} dy[b,k,i,j] x[b, c, i*stride+u-pad, j*stride+v-pad]
type Conv2DWeightGradOp struct {
	base
	Stride, Pad, Kernel [2]int
}

// Geometry of the convolution for an image and a gradient shape.
func (op Conv2DWeightGradOp) Geometry(x, dy []int) Geometry {
	return Geometry{Batch: x[0], Channels: x[1], Maps: dy[1], Image: [2]int{x[2], x[3]}, Window: op.Kernel, Stride: op.Stride, Pad: op.Pad}
}

func (op Conv2DWeightGradOp) Arity() int    { return 2 }
func (op Conv2DWeightGradOp) Type() hm.Type { return tensors(4, 4, 4) }
func (op Conv2DWeightGradOp) String() string {
	return fmt.Sprintf("Conv2DWeightGrad{stride %v, pad %v, kernel %v}", op.Stride, op.Pad, op.Kernel)
}
func (op Conv2DWeightGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op Conv2DWeightGradOp) Hashcode() uint32      { return hashcode(op) }
func (op Conv2DWeightGradOp) DiffWRT(int) []bool    { return []bool{true, true} }

func (op Conv2DWeightGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	if err := op.Geometry(s[0], s[1]).checkGrad(s[1]); err != nil {
		return nil, fmt.Errorf("ops: %v: images %v, gradient %v: %w", op, s[0], s[1], err)
	}
	return tensor.Shape{s[1][1], s[0][1], op.Kernel[0], op.Kernel[1]}, nil
}

func (op Conv2DWeightGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op Conv2DWeightGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, conv2DWeightGrad[float32], conv2DWeightGrad[float64])
}

func conv2DWeightGrad[F Float](op Conv2DWeightGradOp, dw []F, in []operand[F]) {
	ConvolveWeightGrad(op.Geometry(in[0].shape, in[1].shape), dw, in[0].data, in[1].data)
}

// SymDiff, for dw's own gradient u: <u, dw> = <Conv2D(x, u), dy>.
func (op Conv2DWeightGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	b := &builder{}
	dx := b.apply(Conv2DInputGradOp{Stride: op.Stride, Pad: op.Pad, Image: lastTwo(in[0])}, u, in[1])
	ddy := b.apply(Conv2DOp{Stride: op.Stride, Pad: op.Pad}, in[0], u)
	return G.Nodes{dx, ddy}, b.err
}

// ConvolveWeightGrad computes [Conv2DWeightGradOp].
func ConvolveWeightGrad[F Float](g Geometry, dw, x, dy []F) {
	clear(dw)
	step := g.Stride[1]
	g.Rows(0, g.Out()[0], func(yAt, xAt, wAt, length int) {
		row := dy[yAt : yAt+length]
		var sum F
		if step == 1 {
			for j, v := range x[xAt:][:len(row)] {
				sum += F(row[j] * v)
			}
		} else {
			for j, d := range row {
				sum += F(d * x[xAt+j*step])
			}
		}
		dw[wAt] += sum
	})
}
