package ops

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// AddBiasOp adds b (N) along axis 1 of x (B, N) or of images x (B, N, H, W):
//
//	y[i,n,...] = x[i,n,...] + b[n]
type AddBiasOp struct {
	base
	Dims int // of x: 2 or 4
}

// AddBias adds the operator to a graph: x (B, N) or (B, N, H, W), b (N).
func AddBias(x, b *G.Node) (*G.Node, error) {
	var op AddBiasOp
	if x != nil {
		op.Dims = x.Shape().Dims()
	}
	return apply(op, x, b)
}

func (op AddBiasOp) Arity() int            { return 2 }
func (op AddBiasOp) Type() hm.Type         { return tensors(op.Dims, op.Dims, 1) }
func (op AddBiasOp) String() string        { return fmt.Sprintf("AddBias{%d}", op.Dims) }
func (op AddBiasOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op AddBiasOp) Hashcode() uint32      { return hashcode(op) }
func (op AddBiasOp) DiffWRT(int) []bool    { return []bool{true, true} }

func (op AddBiasOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, op.Dims, 1)
	if err != nil {
		return nil, err
	}
	if op.Dims != 2 && op.Dims != 4 || s[0][1] != s[1][0] {
		return nil, fmt.Errorf("ops: %v: x %v and bias %v: want (B, N) or (B, N, H, W) and (N)", op, s[0], s[1])
	}
	return s[0].Clone(), nil
}

func (op AddBiasOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op AddBiasOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, addBias[float32], addBias[float64])
}

func addBias[F Float](_ AddBiasOp, y []F, in []operand[F]) {
	n, area := channels(in[0].shape)
	PlusBias(n, area, y, in[0].data, in[1].data)
}

// channels gives, of a shape (B, N, ...), N and the count of numbers after it.
func channels(s tensor.Shape) (n, area int) {
	area = 1
	for _, d := range s[2:] {
		area *= d
	}
	return s[1], area
}

// SymDiff: dL/dx is the node dL/dy itself, dL/db its sum over all axes but 1.
func (op AddBiasOp) SymDiff(in G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	db, err := G.ApplyOp(BiasGradOp{Dims: op.Dims}, dy)
	return G.Nodes{dy, db}, err
}

// PlusBias computes [AddBiasOp] for n biases over areas of numbers.
func PlusBias[F Float](n, area int, y, x, b []F) {
	for at := 0; at < len(x); at += area {
		c := b[at/area%n]
		out := y[at : at+area]
		for j, v := range x[at : at+area] {
			out[j] = v + c
		}
	}
}

// BiasGradOp is dL/db (N) of [AddBiasOp] from dL/dy:
//
//	db[n] = sum_{i,...} dy[i,n,...]
type BiasGradOp struct {
	base
	Dims int
}

func (op BiasGradOp) Arity() int            { return 1 }
func (op BiasGradOp) Type() hm.Type         { return tensors(1, op.Dims) }
func (op BiasGradOp) String() string        { return fmt.Sprintf("BiasGrad{%d}", op.Dims) }
func (op BiasGradOp) WriteHash(h hash.Hash) { writeHash(op, h) }
func (op BiasGradOp) Hashcode() uint32      { return hashcode(op) }
func (op BiasGradOp) DiffWRT(int) []bool    { return []bool{true} }

func (op BiasGradOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, op.Dims)
	if err != nil {
		return nil, err
	}
	if op.Dims != 2 && op.Dims != 4 {
		return nil, fmt.Errorf("ops: %v: gradient %v: want (B, N) or (B, N, H, W)", op, s[0])
	}
	return tensor.Shape{s[0][1]}, nil
}

func (op BiasGradOp) Do(in ...G.Value) (G.Value, error) { return op.UsePreallocDo(nil, in...) }

func (op BiasGradOp) UsePreallocDo(dst G.Value, in ...G.Value) (G.Value, error) {
	return run(op, dst, in, biasGrad[float32], biasGrad[float64])
}

func biasGrad[F Float](_ BiasGradOp, db []F, in []operand[F]) {
	n, area := channels(in[0].shape)
	SumBias(n, area, db, in[0].data)
}

// SymDiff, for db's own gradient u: u in every place that was summed up.
func (op BiasGradOp) SymDiff(in G.Nodes, _, u *G.Node) (G.Nodes, error) {
	spread := SpreadBiasOp{Batch: in[0].Shape()[0]}
	if op.Dims == 4 {
		spread.Image = lastTwo(in[0])
	}
	ddy, err := G.ApplyOp(spread, u)
	return G.Nodes{ddy}, err
}

// SumBias computes [BiasGradOp] for n biases over areas of numbers.
func SumBias[F Float](n, area int, db, dy []F) {
	clear(db)
	for at := 0; at < len(dy); at += area {
		var sum F
		for _, v := range dy[at : at+area] {
			sum += v
		}
		db[at/area%n] += sum
	}
}
