package repair

import (
	"fmt"
	"hash"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// CTCLoss is the negative logarithm of the probability that frames spell targets
// (Graves, Fernández, Gomez and Schmidhuber 2006): logProbs (T, B, C), label 0 the
// blank, targets (B, S) or one after the other, and two times B lengths, all of
// them whole numbers. With ReductionMean each is divided by its target's length,
// and the sum by B.
//
// Gorgonia's gradient is that by what a log-softmax before it is made of; it is
// not divided, and -Inf beyond a sequence's end. There is a second derivative, and no
// third.
func CTCLoss(logProbs, targets, inputLengths, targetLengths *G.Node, reduction G.Reduction) (*G.Node, error) {
	g := G.NewGraph()
	n, err := G.CTCLoss(alike(g, "p", logProbs), alike(g, "t", targets), alike(g, "i", inputLengths), alike(g, "l", targetLengths), reduction)
	if err != nil {
		return nil, err
	}
	return G.ApplyOp(Op{n.Op()}, logProbs, targets, inputLengths, targetLengths)
}

// ctcGradOp is the gradient of [CTCLoss] by the logarithms of probabilities:
// Gorgonia's, put right.
type ctcGradOp struct {
	G.Op // Gorgonia's gradient; (logProbs, targets, inputLengths, targetLengths, dy)
	loss G.Op
}

func ctcGrad(in G.Nodes, y, dy *G.Node, _ []bool) (G.Nodes, error) {
	loss, ok := stock.Of(y.Op()).(G.SDOp)
	if !ok {
		return nil, fmt.Errorf("no CTC loss")
	}
	g := G.NewGraph()
	var scratch G.Nodes
	for i, n := range in {
		scratch = append(scratch, alike(g, fmt.Sprint("x", i), n))
	}
	grads, err := loss.SymDiff(scratch, alike(g, "y", y), alike(g, "dy", dy))
	if err != nil {
		return nil, err
	}
	dx, err := G.ApplyOp(ctcGradOp{grads[0].Op(), loss}, in[0], in[1], in[2], in[3], dy)
	return G.Nodes{dx, nil, nil, nil}, err
}

func (op ctcGradOp) WriteHash(h hash.Hash) { fmt.Fprintf(h, "symgrad/ctc/%p", op.loss) }
func (op ctcGradOp) Hashcode() uint32      { return hashcode(op) }
func (ctcGradOp) OverwritesInput() int     { return -1 }
func (ctcGradOp) ReturnsPtr() bool         { return false }
func (ctcGradOp) CallsExtern() bool        { return false }

func (ctcGradOp) DiffWRT(int) []bool { return []bool{true, false, false, false, true} }

// SymDiff, for the gradient's own gradient u: the Hessian by u, and what the gradient
// would be of a loss alone, times u.
func (op ctcGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	var b builder
	alone := b.apply(op, in[0], in[1], in[2], in[3], b.number(in[4], 1))
	ddy := b.keep(Sum(b.mul(alone, u)))
	d := b.apply(ctcCurvatureOp{stock.Decode(op.loss).(stock.CTCLoss).Mean, in[1].Dims()}, in[0], in[1], in[2], in[3], in[4], u)
	return G.Nodes{d, nil, nil, nil, ddy}, b.err
}

// Do runs the loss first, which leaves what its gradient reads.
func (op ctcGradOp) Do(in ...G.Value) (G.Value, error) {
	if _, err := op.loss.Do(in[:4]...); err != nil {
		return nil, err
	}
	v, err := op.Op.Do(in...)
	if err != nil {
		return nil, err
	}
	dx, ok := v.(*tensor.Dense)
	lengths, whole := in[2].Data().([]int)
	targets, too := in[3].Data().([]int)
	if !ok || !whole || !too {
		return nil, fmt.Errorf("repair: %v: lengths of %v and %v: want whole numbers", op, in[2].Dtype(), in[3].Dtype())
	}
	dx = dx.Materialize().(*tensor.Dense)
	if !stock.Decode(op.loss).(stock.CTCLoss).Mean {
		targets = nil
	}
	switch d := dx.Data().(type) {
	case []float64:
		putRight(d, in[0].Data().([]float64), in[4].Data().(float64), dx.Shape(), lengths, targets)
	case []float32:
		putRight(d, in[0].Data().([]float32), in[4].Data().(float32), dx.Shape(), lengths, targets)
	}
	return dx, nil
}

// putRight takes off what a log-softmax before the loss would, divides where
// target lengths are given, and is 0 beyond a sequence's end.
func putRight[F float32 | float64](dx, logProbs []F, dy F, shape tensor.Shape, lengths, targets []int) {
	batch, labels := shape[1], shape[2]
	for i := range dx {
		t, b := i/(batch*labels), i/labels%batch
		if t >= lengths[b] {
			dx[i] = 0
			continue
		}
		dx[i] -= F(math.Exp(float64(logProbs[i]))) * dy
		if targets != nil {
			dx[i] /= F(max(1, targets[b]) * batch)
		}
	}
}
