package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv2DOp is the cross-correlation of images x (B, C, H, W) with filters w
// (K, C, kh, kw):
//
//	y[b,k,i,j] = sum_{c,u,v} x[b, c, i*stride+u-pad, j*stride+v-pad] w[k,c,u,v]
//
// x is zero outside the image. y is (B, K, OH, OW). Dumoulin and Visin, "A
// guide to convolution arithmetic for deep learning" (2016).
type Conv2DOp struct {
	base
	Stride, Pad [2]int
}

// Conv2D adds the operator to a graph; a stride of 0 means 1.
func Conv2D(x, w *G.Node, stride, pad [2]int) (*G.Node, error) {
	return apply(Conv2DOp{Stride: orOne(stride), Pad: pad}, x, w)
}

// Geometry of the operator for an image and a filter shape.
func (op Conv2DOp) Geometry(x, w []int) Geometry {
	return Geometry{Batch: x[0], Channels: x[1], Maps: w[0], Image: [2]int{x[2], x[3]}, Window: [2]int{w[2], w[3]}, Stride: op.Stride, Pad: op.Pad}
}

func (op Conv2DOp) Arity() int    { return 2 }
func (op Conv2DOp) Type() hm.Type { return tensors(4, 4, 4) }
func (op Conv2DOp) String() string {
	return fmt.Sprintf("Conv2D{stride %v, pad %v}", op.Stride, op.Pad)
}
func (op Conv2DOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op Conv2DOp) Hashcode() uint32      { return hashcode(op) }
func (op Conv2DOp) DiffWRT(int) []bool    { return []bool{true, true} }

func (op Conv2DOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4, 4)
	if err != nil {
		return nil, err
	}
	if s[0][1] != s[1][1] {
		return nil, fmt.Errorf("ops: %v: images %v have %d channels, filters %v have %d", op, s[0], s[0][1], s[1], s[1][1])
	}
	g := op.Geometry(s[0], s[1])
	if err := g.check(); err != nil {
		return nil, fmt.Errorf("ops: %v: images %v, filters %v: %w", op, s[0], s[1], err)
	}
	out := g.Out()
	return tensor.Shape{s[0][0], s[1][0], out[0], out[1]}, nil
}

func (op Conv2DOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op Conv2DOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, conv2D[float32], conv2D[float64])
}

func conv2D[F Float](op Conv2DOp, y []F, in []operand[F]) {
	Convolve(op.Geometry(in[0].shape, in[1].shape), y, in[0].data, in[1].data)
}

// SymDiff gives dL/dx and dL/dw as nodes.
func (op Conv2DOp) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	b := &builder{}
	dx := b.apply(Conv2DInputGradOp{Stride: op.Stride, Pad: op.Pad, Image: lastTwo(in[0])}, in[1], dy)
	dw := b.apply(Conv2DWeightGradOp{Stride: op.Stride, Pad: op.Pad, Kernel: lastTwo(in[1])}, in[0], dy)
	return G.Nodes{dx, dw}, b.err
}

// Convolve computes [Conv2DOp]: y (B, K, OH, OW) from x (B, C, H, W) and w
// (K, C, kh, kw).
func Convolve[F Float](g Geometry, y, x, w []F) {
	clear(y)
	step := g.Stride[1]
	g.Rows(0, g.Out()[0], func(yAt, xAt, wAt, length int) {
		row, c := y[yAt:yAt+length], w[wAt]
		if step == 1 {
			for j, v := range x[xAt:][:len(row)] {
				row[j] += F(c * v)
			}
			return
		}
		for j := range row {
			row[j] += F(c * x[xAt+j*step])
		}
	})
}

// Rows visits, in a fixed order and of the output rows [first, end), every pair of an
// output row's stretch and the input row's stretch that one weight multiplies:
// y[yAt+j] belongs to w[wAt] x[xAt+j*stride] for j < length.
func (g Geometry) Rows(first, end int, visit func(yAt, xAt, wAt, length int)) {
	out := g.Out()
	for b := range g.Batch {
		for k := range g.Maps {
			for c := range g.Channels {
				for i := first; i < end; i++ {
					yRow := ((b*g.Maps+k)*out[0] + i) * out[1]
					uFrom, uTo := g.span(0, i)
					for u := uFrom; u < uTo; u++ {
						xRow := ((b*g.Channels+c)*g.Image[0] + i*g.Stride[0] + u - g.Pad[0]) * g.Image[1]
						wRow := ((k*g.Channels+c)*g.Window[0] + u) * g.Window[1]
						for v := range g.Window[1] {
							if from, to := g.columns(v, out[1]); from < to {
								visit(yRow+from, xRow+from*g.Stride[1]+v-g.Pad[1], wRow+v, to-from)
							}
						}
					}
				}
			}
		}
	}
}

// columns gives the output columns whose window offset v falls on the image.
func (g Geometry) columns(v, out int) (from, to int) {
	step, shift := g.Stride[1], g.Pad[1]-v
	if step == 1 { // a division takes longer than a short row
		from = max(0, shift)
		return from, max(from, min(out, g.Image[1]+shift))
	}
	from = max(0, (shift+step-1)/step)
	return from, max(from, min(out, (g.Image[1]-1+shift+step)/step))
}
