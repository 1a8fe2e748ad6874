package ops

import (
	"hash"
	"math"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SoftmaxOp makes probabilities of each row of logits z (B, N):
//
//	p[b,j] = exp(z[b,j]) / sum_i exp(z[b,i])
//
// It differs from gorgonia.SoftMax in that it can be differentiated again.
type SoftmaxOp struct{ base }

// Softmax adds the operator to a graph.
func Softmax(logits *G.Node) (*G.Node, error) { return apply(SoftmaxOp{}, logits) }

func (op SoftmaxOp) Arity() int                                        { return 1 }
func (op SoftmaxOp) Type() hm.Type                                     { return tensors(2, 2) }
func (op SoftmaxOp) String() string                                    { return "SoftmaxOfRows" }
func (op SoftmaxOp) WriteHash(h hash.Hash)                             { writeHash(op, h) }
func (op SoftmaxOp) Hashcode() uint32                                  { return hashcode(op) }
func (op SoftmaxOp) DiffWRT(int) []bool                                { return []bool{true} }
func (op SoftmaxOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) { return matrix(op, in) }
func (op SoftmaxOp) Do(in ...G.Value) (G.Value, error)                 { return op.UsePreallocDo(nil, in...) }

func (op SoftmaxOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, softmax[float32], softmax[float64])
}

func softmax[F Float](_ SoftmaxOp, p []F, in []operand[F]) {
	Probabilities(in[0].shape[1], p, in[0].data)
}

// SymDiff gives dL/dz = p (dp - <p, dp>), row by row.
func (op SoftmaxOp) SymDiff(_ G.Nodes, p, dp *G.Node) (G.Nodes, error) {
	b := &builder{like: dp}
	return G.Nodes{b.softmaxProduct(p, dp)}, b.err
}

// Probabilities computes [SoftmaxOp] over rows of n logits; its sums are float64.
func Probabilities[F Float](n int, p, z []F) {
	for at := 0; at < len(z); at += n {
		top, logSum := logSumExp(z[at : at+n])
		for j, v := range z[at : at+n] {
			p[at+j] = F(math.Exp(float64(v) - top - logSum))
		}
	}
}
