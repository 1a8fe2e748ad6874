package train_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/models/onnx"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// swish is x sigmoid(x): Ramachandran, Zoph and Le, "Searching for Activation
// Functions" (2017).
func swish() models.Activation {
	return models.NewActivation("swish", func(x *G.Node) (*G.Node, error) {
		s, err := G.Sigmoid(x)
		if err != nil {
			return nil, err
		}
		return G.HadamardProd(x, s)
	})
}

// meanSquare is the mean of (output - target)^2 over the batch.
func meanSquare() models.Loss {
	return models.Loss{Name: "mean square", Mean: true, Apply: func(output, target *G.Node) (*G.Node, error) {
		d, err := G.Sub(output, target)
		if err != nil {
			return nil, err
		}
		square, err := G.Square(d)
		if err != nil {
			return nil, err
		}
		return G.Mean(square)
	}}
}

// signSGD moves each weight by the rate, against its gradient's sign: Bernstein
// et al., "signSGD" (2018).
func signSGD() train.Optimizer {
	return train.Optimizer{Name: "sign", Rule64: func(w, g []float64, _ [][]float64, rate float64, _ int) {
		for i, d := range g {
			if d > 0 {
				w[i] -= rate
			} else if d < 0 {
				w[i] += rate
			}
		}
	}}
}

func ownSpec() models.Spec {
	return models.Spec{Name: "own", Input: []int{3}, Layers: []models.Layer{models.Dense{Out: 8}, swish(), models.Dense{Out: 1}},
		Loss: meanSquare(), Dtype: tensor.Float64}
}

// An activation, a loss and an optimizer that this project does not know learn
// XOR together.
func ExampleOptimizer() {
	net, err := ownSpec().New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := train.Config{Epochs: 500, Batch: 4, Rate: 0.01, Optimizer: signSGD(), Schedule: train.Cosine(), Test: truth.XOR()}
	var last train.Epoch
	for epoch, err := range train.Epochs(context.Background(), net, truth.XOR(), cfg) {
		if err != nil {
			fmt.Println(err)
			return
		}
		last = epoch
	}
	fmt.Println(last.Loss < 1e-3, last.Test.Accuracy)
	// Output: true 1
}

// Their gradients are right, and what cannot describe them says so.
func TestOwnParts(t *testing.T) {
	gradcheck.Test(t, func(p G.Nodes) (*G.Node, error) {
		y, err := swish().Apply(nil, p[0], nil)
		if err != nil {
			return nil, err
		}
		return meanSquare().Apply(y, p[1])
	}, []gradcheck.Tensor{{Name: "x", Shape: []int{2, 2}, Values: []float64{-2, -0.5, 0.5, 3}}, {Name: "t", Shape: []int{2, 2}, Values: []float64{1, 0, 1, 0}}}, gradcheck.Options{})

	net := must(ownSpec().New(models.NewRand(1)))
	known := ownSpec()
	known.Loss = models.HalfSquaredError()
	activation := must(known.New(models.NewRand(1)))
	single := known
	single.Dtype = tensor.Float32
	_, noRule := train.NewTrainer(must(single.New(models.NewRand(1))), truth.XOR(), train.Config{Optimizer: signSGD()})
	_, noTwin := gradcheck.Reference(activation)
	for want, err := range map[string]error{
		"no loss \"mean square\"": checkpoint.Write(&bytes.Buffer{}, net, checkpoint.Meta{}),
		"layer 2 is the activation swish, which a file cannot describe": checkpoint.Write(&bytes.Buffer{}, activation, checkpoint.Meta{}),
		"swish (a models.Activation) has no operator in ONNX":           onnx.Export(&bytes.Buffer{}, activation),
		"no hand-written twin of the activation swish":                  noTwin,
		"train: the optimizer sign has no rule for float32":             noRule,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
