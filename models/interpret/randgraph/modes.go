package randgraph

import (
	"math/rand/v2"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// moded adds an operator that knows training and evaluation.
func (b *builder) moded(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	if len(s) == 0 {
		return nil, nil
	}
	if len(s) < 2 || b.pick(2) == 0 {
		return b.dropout(x)
	}
	row := make(tensor.Shape, len(s))
	for i := range row {
		row[i] = 1
	}
	row[1] = s[1]
	y, _, _, _, err := G.BatchNorm(x, b.like(row), b.like(row), 0.9, []float64{1e-5, 0.1}[b.pick(2)])
	return y, err
}

// dropout drops the same numbers in every run, so that two machines can be
// compared: its source repeats itself after as many draws as x has numbers.
func (b *builder) dropout(x *G.Node) (*G.Node, error) {
	y, err := G.Dropout(x, []float64{0.5, 0.2, 0}[b.pick(3)])
	if err != nil {
		return nil, err
	}
	op, ok := stock.Decode(y.Op()).(stock.Dropout)
	if !ok {
		return y, nil
	}
	r := rand.New(rand.NewPCG(uint64(b.pick(256)), 8))
	draws, next := make([]float64, x.Shape().TotalSize()), 0
	for i := range draws {
		draws[i] = r.Float64()
	}
	*op.Draw = func() float64 {
		next++
		return draws[(next-1)%len(draws)]
	}
	return y, nil
}
