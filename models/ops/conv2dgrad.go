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
	gradient
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
func (op Conv2DInputGradOp) DiffWRT(int) []bool    { return []bool{false, false} }

func (op Conv2DInputGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	return tensor.Shape{s[1][0], s[0][1], op.Image[0], op.Image[1]}, nil
}

func (op Conv2DInputGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op Conv2DInputGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	g := op.Geometry(in[0].Shape(), in[1].Shape())
	return run(op, dst, tensor.Shape{g.Batch, g.Channels, g.Image[0], g.Image[1]}, in,
		func(dx []float32, in [][]float32) { ConvolveInputGrad(g, dx, in[0], in[1]) },
		func(dx []float64, in [][]float64) { ConvolveInputGrad(g, dx, in[0], in[1]) })
}

// ConvolveInputGrad computes [Conv2DInputGradOp].
func ConvolveInputGrad[F Float](g Geometry, dx, w, dy []F) {
	clear(dx)
	g.rows(func(yAt, xAt, wAt, length int) {
		step, c := g.Stride[1], w[wAt]
		for j, d := range dy[yAt : yAt+length] {
			dx[xAt+j*step] += c * d
		}
	})
}

// Conv2DWeightGradOp is dL/dw of [Conv2DOp] from the images x and dL/dy:
//
//	dw[k,c,u,v] = sum_{b,i,j} dy[b,k,i,j] x[b, c, i*stride+u-pad, j*stride+v-pad]
type Conv2DWeightGradOp struct {
	gradient
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
func (op Conv2DWeightGradOp) DiffWRT(int) []bool    { return []bool{false, false} }

func (op Conv2DWeightGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	return tensor.Shape{s[1][1], s[0][1], op.Kernel[0], op.Kernel[1]}, nil
}

func (op Conv2DWeightGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op Conv2DWeightGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	g := op.Geometry(in[0].Shape(), in[1].Shape())
	return run(op, dst, tensor.Shape{g.Maps, g.Channels, g.Window[0], g.Window[1]}, in,
		func(dw []float32, in [][]float32) { ConvolveWeightGrad(g, dw, in[0], in[1]) },
		func(dw []float64, in [][]float64) { ConvolveWeightGrad(g, dw, in[0], in[1]) })
}

// ConvolveWeightGrad computes [Conv2DWeightGradOp].
func ConvolveWeightGrad[F Float](g Geometry, dw, x, dy []F) {
	clear(dw)
	g.rows(func(yAt, xAt, wAt, length int) {
		step := g.Stride[1]
		var sum F
		for j, d := range dy[yAt : yAt+length] {
			sum += d * x[xAt+j*step]
		}
		dw[wAt] += sum
	})
}
