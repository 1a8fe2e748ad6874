package zoo

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// lstm is a long short-term memory with forget gates over a batch of sequences,
// unrolled (Hochreiter and Schmidhuber 1997; Gers and others 2000).
func lstm(b *builder) *G.Node {
	n, in, hidden, steps := b.of(3, 32), b.of(4, 32), b.of(5, 64), b.of(3, 8)
	gates := b.gates(in, hidden, func(name string, from int) *G.Node { return b.param(name, from, from, hidden) },
		func(name string) *G.Node { return b.param(name, 4, 1, hidden) })
	h, cell := b.zeros("h", n, hidden), b.zeros("cell", n, hidden)
	for t := range steps {
		x := b.input(fmt.Sprint("x", t), n, in)
		h, cell = remember(gates, cell, func(g gate) *G.Node {
			sum := G.Must(G.Add(G.Must(G.Mul(x, g.x)), G.Must(G.Mul(h, g.h))))
			return G.Must(G.BroadcastAdd(sum, g.bias, nil, []byte{0}))
		})
	}
	return crossEntropy(G.Must(G.Mul(h, b.param("out", hidden, hidden, 10))), b.oneHot("y", n, 10))
}

// charRNN is the same by vectors, one character after the other: one-hot
// characters through an embedding, the next character's probability as a slice
// of softmax, as in Gorgonia's example of that name.
func charRNN(b *builder) *G.Node {
	letters, width, hidden, steps := b.of(6, 64), b.of(3, 10), b.of(5, 100), b.of(3, 8)
	embedding := b.param("embedding", width, letters, width)
	gates := b.gates(width, hidden, func(name string, from int) *G.Node { return b.param(name, from, hidden, from) },
		func(name string) *G.Node { return b.param(name, 4, hidden) })
	out, bias := b.param("out", hidden, letters, hidden), b.param("bias", 4, letters)
	h, cell := b.zeros("h", hidden), b.zeros("cell", hidden)
	var loss *G.Node
	for t := range steps {
		x := G.Must(G.Slice(embedding, G.S(b.rand.IntN(letters))))
		h, cell = remember(gates, cell, func(g gate) *G.Node {
			sum := G.Must(G.Add(G.Must(G.Mul(g.x, x)), G.Must(G.Mul(g.h, h))))
			return G.Must(G.Add(sum, g.bias))
		})
		p := G.Must(G.SoftMax(G.Must(G.Add(G.Must(G.Mul(out, h)), bias))))
		surprise := G.Must(G.Neg(G.Must(G.Log(G.Must(G.Sum(G.Must(G.HadamardProd(p, b.letter(fmt.Sprint("y", t), letters)))))))))
		if loss == nil {
			loss = surprise
			continue
		}
		loss = G.Must(G.Add(loss, surprise))
	}
	return loss
}

// letter adds a one-hot vector.
func (b *builder) letter(name string, letters int) *G.Node {
	at, which := -1, b.rand.IntN(letters)
	n := b.node(name, []int{letters}, func() float64 {
		if at++; at == which {
			return 1
		}
		return 0
	})
	b.Inputs = append(b.Inputs, n)
	return n
}

// gate is the parameters of one of a memory's four gates.
type gate struct{ x, h, bias *G.Node }

func (b *builder) gates(in, hidden int, weight func(name string, from int) *G.Node, bias func(name string) *G.Node) (gates [4]gate) {
	for i, name := range []string{"in", "forget", "out", "write"} {
		gates[i] = gate{weight("x-"+name, in), weight("h-"+name, hidden), bias("b-" + name)}
	}
	return gates
}

// remember is one step of a memory: its new output and cell.
func remember(gates [4]gate, cell *G.Node, sum func(gate) *G.Node) (h, next *G.Node) {
	in, forget, out := G.Must(G.Sigmoid(sum(gates[0]))), G.Must(G.Sigmoid(sum(gates[1]))), G.Must(G.Sigmoid(sum(gates[2])))
	write := G.Must(G.Tanh(sum(gates[3])))
	next = G.Must(G.Add(G.Must(G.HadamardProd(forget, cell)), G.Must(G.HadamardProd(in, write))))
	return G.Must(G.HadamardProd(out, G.Must(G.Tanh(next)))), next
}

// attention is one head of scaled dot products over a batch of sequences
// (Vaswani and others 2017, equation 1) that answers with fixed targets.
func attention(b *builder) *G.Node {
	n, steps, width := b.of(2, 16), b.of(3, 32), b.of(4, 64)
	x, y := b.input("x", n*steps, width), b.input("y", n, steps, width)
	project := func(name string) *G.Node {
		return G.Must(G.Reshape(G.Must(G.Mul(x, b.param(name, width, width, width))), []int{n, steps, width}))
	}
	scores := G.Must(G.BatchedMatMul(project("q"), project("k"), false, true))
	scores = G.Must(G.HadamardProd(scores, b.constant(0.125)))
	weights := G.Must(G.SoftMax(scores, 2))
	return meanSquare(G.Must(G.Sub(G.Must(G.BatchedMatMul(weights, project("v"))), y)))
}
