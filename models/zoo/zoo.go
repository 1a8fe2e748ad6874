// Package zoo holds small models as users of Gorgonia write them: with its stock
// operators alone and nothing of this module. Tests run each on more than one
// machine, and a benchmark compares the machines' speed.
package zoo

import (
	"fmt"
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Model is a training graph: a loss with the gradients by all parameters. Every
// input is bound to numbers that depend on the model's name alone.
type Model struct {
	Expr   *G.ExprGraph
	Inputs G.Nodes // examples and targets
	Params G.Nodes
	Loss   *G.Node
}

// Size says how much work a model is.
type Size int

// The sizes: Small is for tests, Full for benchmarks.
const (
	Small Size = iota
	Full
)

// Names are the models', in the order of a table.
func Names() (names []string) {
	for _, e := range entries {
		names = append(names, e.name)
	}
	return names
}

var entries = []struct {
	name  string
	build func(b *builder) (loss *G.Node)
}{
	{"linear regression", linearRegression},
	{"iris", iris},
	{"logistic regression", logisticRegression},
	{"MLP", mlp},
	{"tied autoencoder", tiedAutoencoder},
	{"convnet", convnet},
	{"residual block", residual},
	{"LSTM", lstm},
	{"char-RNN", charRNN},
	{"attention", attention},
	{"BatchNorm MLP", batchNormMLP},
	{"conv1d", conv1d},
	{"embedding", embedding},
}

// New builds a model by name, for float64 or float32.
func New(name string, dtype tensor.Dtype, size Size) (m *Model, err error) {
	for _, e := range entries {
		if e.name == name {
			return build(e.name, e.build, dtype, size)
		}
	}
	return nil, fmt.Errorf("zoo: no model %q", name)
}

func build(name string, f func(*builder) *G.Node, dtype tensor.Dtype, size Size) (m *Model, err error) {
	defer func() { // gorgonia.Must panics
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("zoo: %s: %v", name, r)
		}
	}()
	seed := uint64(0)
	for _, c := range name {
		seed = seed*31 + uint64(c)
	}
	b := &builder{Model: Model{Expr: G.NewGraph()}, dtype: dtype, size: size, rand: rand.New(rand.NewPCG(seed, 1))}
	b.Loss = f(b)
	if _, err := G.Grad(b.Loss, b.Params...); err != nil {
		return nil, fmt.Errorf("zoo: %s: %w", name, err)
	}
	return &b.Model, nil
}

type builder struct {
	Model
	dtype tensor.Dtype
	size  Size
	rand  *rand.Rand
}

// of chooses a number by size.
func (b *builder) of(small, full int) int {
	if b.size == Full {
		return full
	}
	return small
}

// input adds examples: numbers around 0.
func (b *builder) input(name string, shape ...int) *G.Node {
	n := b.node(name, shape, b.rand.NormFloat64)
	b.Inputs = append(b.Inputs, n)
	return n
}

// fractions adds targets between 0 and 1.
func (b *builder) fractions(name string, shape ...int) *G.Node {
	n := b.node(name, shape, b.rand.Float64)
	b.Inputs = append(b.Inputs, n)
	return n
}

// oneHot adds targets: in each row a 1 for its class.
func (b *builder) oneHot(name string, rows, classes int) *G.Node {
	at, class := 0, 0
	n := b.node(name, []int{rows, classes}, func() float64 {
		if at%classes == 0 {
			class = b.rand.IntN(classes)
		}
		at++
		if (at-1)%classes == class {
			return 1
		}
		return 0
	})
	b.Inputs = append(b.Inputs, n)
	return n
}

// param adds a parameter: normal numbers with deviation 1/sqrt(fanIn).
func (b *builder) param(name string, fanIn int, shape ...int) *G.Node {
	scale := 1 / math.Sqrt(float64(fanIn))
	n := b.node(name, shape, func() float64 { return scale * b.rand.NormFloat64() })
	b.Params = append(b.Params, n)
	return n
}

// zeros adds a tensor that is no parameter, as a first state is.
func (b *builder) zeros(name string, shape ...int) *G.Node {
	return b.node(name, shape, func() float64 { return 0 })
}

func (b *builder) node(name string, shape []int, draw func() float64) *G.Node {
	if len(shape) == 0 {
		return G.NewScalar(b.Expr, b.dtype, G.WithName(name), G.WithValue(b.number(draw())))
	}
	t := tensor.New(tensor.Of(b.dtype), tensor.WithShape(shape...))
	switch data := t.Data().(type) {
	case []float64:
		for i := range data {
			data[i] = draw()
		}
	case []float32:
		for i := range data {
			data[i] = float32(draw())
		}
	default:
		panic(fmt.Sprintf("dtype %v", b.dtype))
	}
	return G.NewTensor(b.Expr, b.dtype, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(t))
}

// number is a Go number of the model's type.
func (b *builder) number(v float64) any {
	if b.dtype == tensor.Float32 {
		return float32(v)
	}
	return v
}

func (b *builder) constant(v float64) *G.Node { return G.NewConstant(b.number(v)) }
