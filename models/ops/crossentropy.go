package ops

import (
	"fmt"
	"hash"
	"math"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SoftmaxCrossEntropyOp is the loss of logits z (B, N) against targets y (B, N):
//
//	L = -1/B sum_{b,j} y[b,j] log softmax(z[b])[j]
//
// computed as y (log sum exp(z - max z) + max z - z), which stays finite for
// logits of ±1000. Bridle (1990); Goodfellow et al., "Deep Learning", 6.2.2.3.
type SoftmaxCrossEntropyOp struct{ base }

// SoftmaxCrossEntropy adds the operator to a graph.
func SoftmaxCrossEntropy(logits, targets *G.Node) (*G.Node, error) {
	return apply(SoftmaxCrossEntropyOp{}, logits, targets)
}

func (op SoftmaxCrossEntropyOp) ReturnsPtr() bool      { return false } // a scalar
func (op SoftmaxCrossEntropyOp) CallsExtern() bool     { return false }
func (op SoftmaxCrossEntropyOp) Arity() int            { return 2 }
func (op SoftmaxCrossEntropyOp) Type() hm.Type         { return tensors(0, 2, 2) }
func (op SoftmaxCrossEntropyOp) String() string        { return "SoftmaxCrossEntropy" }
func (op SoftmaxCrossEntropyOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op SoftmaxCrossEntropyOp) Hashcode() uint32      { return hashcode(op) }
func (op SoftmaxCrossEntropyOp) DiffWRT(int) []bool    { return []bool{true, false} }

func (op SoftmaxCrossEntropyOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	_, err := sameShapes(op, in, 2, 2)
	return tensor.ScalarShape(), err
}

// sameShapes gives the one shape of logits and targets.
func sameShapes(op fmt.Stringer, in []G.DimSizer, ranks ...int) (tensor.Shape, error) {
	s, err := shapes(op, in, ranks...)
	if err != nil {
		return nil, err
	}
	if !s[0].Eq(s[1]) {
		return nil, fmt.Errorf("ops: %v: logits %v and targets %v differ in shape", op, s[0], s[1])
	}
	return s[0].Clone(), nil
}

func (op SoftmaxCrossEntropyOp) Do(in ...G.Value) (G.Value, error) {
	return op.UsePreallocDo(nil, in...)
}

func (op SoftmaxCrossEntropyOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, softmaxCrossEntropy[float32], softmaxCrossEntropy[float64])
}

func softmaxCrossEntropy[F Float](_ SoftmaxCrossEntropyOp, loss []F, in []operand[F]) {
	loss[0] = CrossEntropy(in[0].shape[1], in[0].data, in[1].data)
}

// SymDiff gives dL/dz; the targets have no gradient.
func (op SoftmaxCrossEntropyOp) SymDiff(in G.Nodes, _, dL *G.Node) (G.Nodes, error) {
	dz, err := G.ApplyOp(SoftmaxCrossEntropyGradOp{}, in[0], in[1], dL)
	return G.Nodes{dz, nil}, err
}

// CrossEntropy computes [SoftmaxCrossEntropyOp] over rows of n logits; its sums
// are float64.
func CrossEntropy[F Float](n int, z, y []F) F {
	loss := 0.0
	for at := 0; at < len(z); at += n {
		top, logSum := logSumExp(z[at : at+n])
		for j, target := range y[at : at+n] {
			if target != 0 {
				loss += float64(float64(target) * (logSum - (float64(z[at+j]) - top)))
			}
		}
	}
	return F(loss / float64(len(z)/n))
}

// logSumExp gives a row's maximum and the log of the sum of exp(z - maximum).
func logSumExp[F Float](row []F) (top, logSum float64) {
	top = math.Inf(-1)
	for _, v := range row {
		top = max(top, float64(v))
	}
	sum := 0.0
	for _, v := range row {
		sum += math.Exp(float64(v) - top)
	}
	return top, math.Log(sum)
}

// SoftmaxCrossEntropyGradOp is dL/dz of [SoftmaxCrossEntropyOp] from logits,
// targets and the incoming scalar g:
//
//	dz[b,j] = g/B (softmax(z[b])[j] sum_i y[b,i] - y[b,j])
type SoftmaxCrossEntropyGradOp struct{ base }

func (op SoftmaxCrossEntropyGradOp) Arity() int            { return 3 }
func (op SoftmaxCrossEntropyGradOp) Type() hm.Type         { return tensors(2, 2, 2, 0) }
func (op SoftmaxCrossEntropyGradOp) String() string        { return "SoftmaxCrossEntropyGrad" }
func (op SoftmaxCrossEntropyGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op SoftmaxCrossEntropyGradOp) Hashcode() uint32      { return hashcode(op) }
func (op SoftmaxCrossEntropyGradOp) DiffWRT(int) []bool    { return []bool{true, false, true} }

func (op SoftmaxCrossEntropyGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return sameShapes(op, in, 2, 2, 0)
}

func (op SoftmaxCrossEntropyGradOp) Do(in ...G.Value) (G.Value, error) {
	return op.UsePreallocDo(nil, in...)
}

func (op SoftmaxCrossEntropyGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, softmaxCrossEntropyGrad[float32], softmaxCrossEntropyGrad[float64])
}

func softmaxCrossEntropyGrad[F Float](_ SoftmaxCrossEntropyGradOp, dz []F, in []operand[F]) {
	CrossEntropyGrad(in[0].shape[1], dz, in[0].data, in[1].data, in[2].data[0])
}

// SymDiff, for dz's own gradient u; with p the softmax of z, row by row
//
//	dz = g/B (sum y) p (u - <p, u>),  dg = <u, dz at g = 1>
func (op SoftmaxCrossEntropyGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	b := &builder{like: u}
	share := b.product(in[2], b.constant(1/float64(u.Shape()[0])))
	dz := b.product(share, b.product(b.rowSums(in[1]), b.softmaxProduct(b.softmax(in[0]), u)))
	dg := b.sum(b.product(u, b.apply(op, in[0], in[1], b.constant(1))))
	return G.Nodes{dz, nil, dg}, b.err
}

// CrossEntropyGrad computes [SoftmaxCrossEntropyGradOp] over rows of n logits.
func CrossEntropyGrad[F Float](n int, dz, z, y []F, g F) {
	scale := float64(g) / float64(len(z)/n)
	for at := 0; at < len(z); at += n {
		top, logSum := logSumExp(z[at : at+n])
		total := 0.0
		for _, target := range y[at : at+n] {
			total += float64(target)
		}
		for j, target := range y[at : at+n] {
			p := math.Exp(float64(z[at+j]) - top - logSum)
			dz[at+j] = F(scale * (float64(p*total) - float64(target)))
		}
	}
}
