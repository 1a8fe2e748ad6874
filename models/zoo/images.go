package zoo

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convnet is two stock convolutions with pooling and a dense layer.
func convnet(b *builder) *G.Node {
	n, side, maps := b.of(2, 32), b.of(8, 28), b.of(2, 8)
	x := b.input("x", n, 1, side, side)
	h := pool(G.Must(G.Rectify(b.conv(x, "w0", maps))))
	h = pool(G.Must(G.Rectify(b.conv(h, "w1", 2*maps))))
	return b.classify(h, n)
}

// residual is a block of two convolutions around which its input is led, then
// the mean of each map.
func residual(b *builder) *G.Node {
	n, side, maps := b.of(2, 16), b.of(5, 16), b.of(3, 8)
	x := G.Must(G.Rectify(b.conv(b.input("x", n, 2, side, side), "stem", maps)))
	h := b.conv(G.Must(G.Rectify(b.conv(x, "w0", maps))), "w1", maps)
	h = G.Must(G.Rectify(G.Must(G.Add(h, x))))
	means := G.Must(G.Mean(G.Must(G.Reshape(h, tensor.Shape{n * maps, side * side})), 1))
	return b.classify(G.Must(G.Reshape(means, tensor.Shape{n, maps})), n)
}

// conv1d slides filters along series and classifies what they find.
func conv1d(b *builder) *G.Node {
	n, channels, length, maps := b.of(2, 32), b.of(2, 4), b.of(8, 64), b.of(3, 16)
	x := b.input("x", n, channels, 1, length)
	w := b.param("w", 3*channels, maps, channels, 1, 3)
	h := G.Must(G.Rectify(G.Must(G.Conv1d(x, w, 3, 1, 1, 1))))
	return b.classify(h, n)
}

// conv is a convolution by 3 x 3 that keeps the size.
func (b *builder) conv(x *G.Node, name string, maps int) *G.Node {
	channels := x.Shape()[1]
	w := b.param(name, 9*channels, maps, channels, 3, 3)
	return G.Must(G.Conv2d(x, w, tensor.Shape{3, 3}, []int{1, 1}, []int{1, 1}, []int{1, 1}))
}

func pool(x *G.Node) *G.Node {
	return G.Must(G.MaxPool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2}))
}

// classify is a dense layer to 10 classes with the cross-entropy.
func (b *builder) classify(x *G.Node, n int) *G.Node {
	size := x.Shape().TotalSize() / n
	flat := G.Must(G.Reshape(x, tensor.Shape{n, size}))
	return crossEntropy(G.Must(G.Mul(flat, b.param("out", size, size, 10))), b.oneHot("y", n, 10))
}
