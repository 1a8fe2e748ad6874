package gradcheck

import (
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// wrongOp adds a bias, with a bias gradient that is half too large.
type wrongOp struct{ ops.AddBiasOp }

func (wrongOp) String() string          { return "wrong bias" }
func (w wrongOp) WriteHash(h hash.Hash) { _, _ = h.Write([]byte(w.String())) }
func (w wrongOp) Hashcode() uint32      { h := fnv.New32a(); w.WriteHash(h); return h.Sum32() }

func (w wrongOp) SymDiff(in G.Nodes, out, dy *G.Node) (G.Nodes, error) {
	n, err := w.AddBiasOp.SymDiff(in, out, dy)
	if err == nil {
		n[1], err = G.HadamardProd(n[1], G.NewConstant(1.5))
	}
	return n, err
}

// steepRectify is max(x, 0) with a slope of 3 where x >= 0.
type steepRectify struct{}

func (steepRectify) Arity() int { return 1 }
func (steepRectify) Type() hm.Type {
	a := G.TensorType{Dims: 4, Of: hm.TypeVariable('a')}
	return hm.NewFnType(a, a)
}
func (steepRectify) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}
func (steepRectify) Do(in ...G.Value) (G.Value, error) {
	x := in[0].(*tensor.Dense).Clone().(*tensor.Dense)
	for i, v := range x.Float64s() {
		x.Float64s()[i] = max(v, 0)
	}
	return x, nil
}
func (steepRectify) ReturnsPtr() bool        { return true }
func (steepRectify) CallsExtern() bool       { return false }
func (steepRectify) OverwritesInput() int    { return -1 }
func (s steepRectify) WriteHash(h hash.Hash) { _, _ = h.Write([]byte(s.String())) }
func (s steepRectify) Hashcode() uint32      { h := fnv.New32a(); s.WriteHash(h); return h.Sum32() }
func (steepRectify) String() string          { return "steep" }
func (steepRectify) DiffWRT(int) []bool      { return []bool{true} }
func (steepRectify) SymDiff(_ G.Nodes, _, dy *G.Node) (G.Nodes, error) {
	d, err := G.HadamardProd(dy, G.NewConstant(3.0))
	return G.Nodes{d}, err
}
