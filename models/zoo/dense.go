package zoo

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// linearRegression fits y = m x + c, two scalars.
func linearRegression(b *builder) *G.Node {
	n := b.of(7, 100)
	x, y := b.input("x", n), b.input("y", n)
	m, c := b.param("m", 1), b.param("c", 1)
	return meanSquare(G.Must(G.Sub(G.Must(G.Add(G.Must(G.Mul(m, x)), c)), y)))
}

// iris fits a class's number to four measures and a bias, a vector of weights.
func iris(b *builder) *G.Node {
	n := b.of(9, 150)
	x, y := b.input("x", n, 5), b.input("y", n)
	return meanSquare(G.Must(G.Sub(G.Must(G.Mul(x, b.param("theta", 5, 5))), y)))
}

// logisticRegression is 1/(1+exp(-xw)) with the binary cross-entropy written out
// and the square of the weights.
func logisticRegression(b *builder) *G.Node {
	n := b.of(8, 2000)
	x, y, w := b.input("x", n, 10), b.fractions("y", n), b.param("w", 10, 10)
	one := b.constant(1)
	p := G.Must(G.Sigmoid(G.Must(G.Mul(x, w))))
	hit := G.Must(G.HadamardProd(y, G.Must(G.Log(p))))
	miss := G.Must(G.HadamardProd(G.Must(G.Sub(one, y)), G.Must(G.Log(G.Must(G.Sub(one, p))))))
	loss := G.Must(G.Neg(G.Must(G.Mean(G.Must(G.Add(hit, miss))))))
	return G.Must(G.Add(loss, G.Must(G.Mul(b.constant(0.01), G.Must(G.Sum(G.Must(G.Square(w))))))))
}

// mlp is two dense layers without bias, as in Gorgonia's example 286.
func mlp(b *builder) *G.Node {
	n, in, hidden := b.of(5, 64), b.of(12, 784), b.of(7, 300)
	h := G.Must(G.Rectify(G.Must(G.Mul(b.input("x", n, in), b.param("w0", in, in, hidden)))))
	return crossEntropy(G.Must(G.Mul(h, b.param("w1", hidden, hidden, 10))), b.oneHot("y", n, 10))
}

// tiedAutoencoder decodes with the transposed weights of its encoder.
func tiedAutoencoder(b *builder) *G.Node {
	n, in, hidden := b.of(4, 64), b.of(9, 784), b.of(5, 128)
	x, w := b.fractions("x", n, in), b.param("w", in, in, hidden)
	code := G.Must(G.Sigmoid(b.bias(G.Must(G.Mul(x, w)), "b")))
	back := G.Must(G.Sigmoid(b.bias(G.Must(G.Mul(code, G.Must(G.Transpose(w)))), "c")))
	return meanSquare(G.Must(G.Sub(back, x)))
}

// batchNormMLP normalises each of two hidden layers.
func batchNormMLP(b *builder) *G.Node {
	n, in, hidden := b.of(6, 64), b.of(8, 256), b.of(5, 128)
	h := b.input("x", n, in)
	for _, name := range []string{"0", "1"} {
		size := h.Shape()[1]
		h = G.Must(G.Mul(h, b.param("w"+name, size, size, hidden)))
		scale, shift := b.param("scale"+name, 1, 1, hidden), b.param("shift"+name, 4, 1, hidden)
		normal, _, _, _, err := G.BatchNorm(h, scale, shift, 0.9, 1e-5)
		h = G.Must(G.Rectify(G.Must(normal, err)))
	}
	return crossEntropy(G.Must(G.Mul(h, b.param("out", hidden, hidden, 10))), b.oneHot("y", n, 10))
}

// embedding looks up words and classifies them.
func embedding(b *builder) *G.Node {
	words, rows, width := b.of(6, 64), b.of(11, 1000), b.of(3, 64)
	which := make([]int, words)
	for i := range which {
		which[i] = b.rand.IntN(rows)
	}
	index := G.NewVector(b.Expr, tensor.Int, G.WithShape(words), G.WithName("index"), G.WithValue(tensor.New(tensor.WithBacking(which))))
	found := G.Must(G.ByIndices(b.param("table", 1, rows, width), index, 0))
	h := G.Must(G.Tanh(G.Must(G.Mul(found, b.param("w", width, width, width)))))
	return crossEntropy(G.Must(G.Mul(h, b.param("out", width, width, 10))), b.oneHot("y", words, 10))
}

// bias adds a new parameter to every row of x.
func (b *builder) bias(x *G.Node, name string) *G.Node {
	return G.Must(G.BroadcastAdd(x, b.param(name, 4, 1, x.Shape()[1]), nil, []byte{0}))
}

func meanSquare(x *G.Node) *G.Node { return G.Must(G.Mean(G.Must(G.Square(x)))) }

// crossEntropy is the mean over rows of minus y times the logarithm of softmax.
func crossEntropy(logits, y *G.Node) *G.Node {
	each := G.Must(G.Sum(G.Must(G.HadamardProd(G.Must(G.LogSoftMax(logits, 1)), y)), 1))
	return G.Must(G.Neg(G.Must(G.Mean(each))))
}
