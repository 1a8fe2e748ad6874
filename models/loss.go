package models

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// Loss turns a network's output (B, N) and the targets (B, N) into a scalar. One
// of your own is a name and an Apply.
type Loss struct {
	Name string
	Mean bool // over the batch; else a sum

	// Apply adds the loss to the output's graph.
	Apply func(output, target *G.Node) (*G.Node, error)
	// Answer turns the output into what a prediction reports: probabilities. A
	// nil Answer reports the output itself.
	Answer func(output *G.Node) (*G.Node, error)
}

func (l Loss) answer(output *G.Node) (*G.Node, error) {
	if l.Answer == nil {
		return output, nil
	}
	return l.Answer(output)
}

// HalfSquaredError is 1/2 sum (output - target)^2 over outputs and batch, whose
// gradient is the neuron tutorial's: X^T [(output - target) output (1 - output)].
func HalfSquaredError() Loss {
	return Loss{Name: "half squared error",
		Apply: func(output, target *G.Node) (*G.Node, error) {
			err, e := G.Sub(output, target)
			if e != nil {
				return nil, e
			}
			return half(err, 1)
		},
	}
}

// SoftmaxCrossEntropy is -sum_j target_j log softmax(logits)_j, averaged over
// the batch. It stays finite for logits of ±1000.
func SoftmaxCrossEntropy() Loss {
	return Loss{Name: "softmax cross-entropy", Mean: true,
		Apply:  ops.SoftmaxCrossEntropy,
		Answer: func(logits *G.Node) (*G.Node, error) { return G.SoftMax(logits, 1) },
	}
}

// half is factor/2 times the sum of x's squares.
func half(x *G.Node, factor float64) (*G.Node, error) {
	squares, err := G.Square(x)
	if err != nil {
		return nil, err
	}
	sum, err := G.Sum(squares)
	if err != nil {
		return nil, err
	}
	return times(sum, factor/2)
}

// times is a constant times x.
func times(x *G.Node, by float64) (*G.Node, error) {
	c, err := scalar(x, by)
	if err != nil {
		return nil, err
	}
	return G.HadamardProd(c, x)
}

// scalar is a constant of x's dtype.
func scalar(x *G.Node, v float64) (*G.Node, error) {
	switch x.Dtype() {
	case tensor.Float32:
		return G.NewConstant(float32(v)), nil
	case tensor.Float64:
		return G.NewConstant(v), nil
	}
	return nil, fmt.Errorf("dtype %v, want float32 or float64", x.Dtype())
}

// penalised adds lambda/2 sum w^2 over the weights, biases left out.
func penalised(loss *G.Node, lambda float64, params []*Param, nodes G.Nodes) (*G.Node, error) {
	for i, p := range params {
		if p.Bias || lambda == 0 {
			continue
		}
		term, err := half(nodes[i], lambda)
		if err != nil {
			return nil, err
		}
		if loss, err = G.Add(loss, term); err != nil {
			return nil, err
		}
	}
	return loss, nil
}
