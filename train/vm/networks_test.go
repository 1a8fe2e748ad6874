package vm_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
)

// reading chooses what is read of a training graph. What is not read may be
// fused away, so each choice is another program.
type reading func(g *models.TrainingGraph) G.Nodes

var readings = map[string]reading{
	"gradients alone": func(g *models.TrainingGraph) G.Nodes { return g.Grads },
	"as in training":  func(g *models.TrainingGraph) G.Nodes { return slices.Concat(G.Nodes{g.Loss}, g.Grads) },
	"with the output": func(g *models.TrainingGraph) G.Nodes { return slices.Concat(G.Nodes{g.Output, g.Loss}, g.Grads) },
	"every layer":     func(g *models.TrainingGraph) G.Nodes { return slices.Concat(g.Layers, G.Nodes{g.Loss}, g.Grads) },
	"first gradient":  func(g *models.TrainingGraph) G.Nodes { return g.Grads[:1] },
	"last gradient":   func(g *models.TrainingGraph) G.Nodes { return g.Grads[len(g.Grads)-1:] },
	"second gradient": func(g *models.TrainingGraph) G.Nodes { return G.Nodes{g.Loss, g.Grads[min(1, len(g.Grads)-1)]} },
	"all but the first": func(g *models.TrainingGraph) G.Nodes {
		return slices.Concat(G.Nodes{g.Loss}, g.Grads[1:], G.Nodes{g.Input})
	},
}

// training is a network's training graph at one batch size, its inputs, targets
// and masks filled from a seed.
func training(net *models.Network, batch int, read reading) func() (*sample, error) {
	return func() (*sample, error) {
		g, err := net.Training(batch)
		if err != nil {
			return nil, err
		}
		s := &sample{expr: g.Expr, inputs: G.Nodes{g.Input, g.Target}, results: read(g)}
		if err := fill(g.Input.Value().Data(), normal(7, g.Input.Shape()...).values); err != nil {
			return nil, err
		}
		target := make([]float64, g.Target.Shape().TotalSize())
		for b := range batch {
			target[b*net.Outputs()+(b*3+1)%net.Outputs()] = 1
		}
		if err := fill(g.Target.Value().Data(), target); err != nil {
			return nil, err
		}
		for i, m := range g.Masks {
			mask := normal(uint64(i), m.Node.Shape()...).values
			for k, v := range mask {
				mask[k] = truth(v > -0.5) / (1 - m.Drop)
			}
			if err := fill(m.Node.Value().Data(), mask); err != nil {
				return nil, err
			}
			s.inputs = append(s.inputs, m.Node)
		}
		return s, nil
	}
}

// everyReading is a training graph that is read in each way in turn.
func everyReading(net *models.Network, batch int) func() (*sample, error) {
	return func() (*sample, error) {
		choices := map[string]G.Nodes{}
		s, err := training(net, batch, func(g *models.TrainingGraph) G.Nodes {
			for what, read := range readings {
				choices[what] = read(g)
			}
			return slices.Concat(g.Layers, G.Nodes{g.Input, g.Output, g.Loss}, g.Grads)
		})()
		if err != nil {
			return nil, err
		}
		s.choices = choices
		return s, nil
	}
}

func network(t testing.TB, spec models.Spec, dtype tensor.Dtype) *models.Network {
	t.Helper()
	spec.Dtype = dtype
	if spec.Init.Weight == nil {
		spec.Init = models.GlorotUniform()
	}
	spec.Init.Bias = models.Uniform(-0.5, 0.5).Weight
	net, err := spec.New(models.NewRand(3))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Batches of convolutional networks are small, but for LONG=1.
func TestPresets(t *testing.T) {
	images := 2
	if os.Getenv("LONG") != "" {
		images = 7
	}
	for _, c := range []struct {
		spec    models.Spec
		batches []int
	}{
		{models.Neuron(3), []int{1, 4, 7}},
		{models.NeuronWithBias(3), []int{1, 4, 7}},
		{models.TwoLayers(3, 4, 1), []int{1, 4, 7}},
		{models.MLP(784, 128, 10), []int{1, 7, 33}},
		{models.Tutorial(), []int{1, images}},
		{models.LeNet(), []int{1, images}},
	} {
		for dtype, tolerance := range both {
			net := network(t, c.spec, dtype)
			for _, batch := range c.batches {
				if testing.Short() {
					batch = min(batch, 2)
				}
				check(t, fmt.Sprintf("%s, %v, batch of %d", c.spec.Name, dtype, batch), training(net, batch, readings["with the output"]), tolerance)
			}
		}
	}
}

// Without LONG=1 float32 is with, float64 without weight decay.
func TestLayers(t *testing.T) {
	for name, spec := range layerSpecs() {
		t.Run(name, func(t *testing.T) {
			for dtype, tolerance := range both {
				for _, l2 := range []float64{0, 0.01} {
					if os.Getenv("LONG") == "" && (dtype == tensor.Float32) != (l2 > 0) {
						continue
					}
					spec.L2 = l2
					net := network(t, spec, dtype)
					check(t, fmt.Sprintf("%v, L2 %g", dtype, l2), everyReading(net, 3), tolerance)
				}
			}
		})
	}
}

// layerSpecs are small networks with each layer in all its settings.
func layerSpecs() map[string]models.Spec {
	image := func(layers ...models.Layer) models.Spec {
		return models.Sequential([]int{2, 8, 9}, append(layers, models.Flatten{}, models.Dense{Out: 3})...)
	}
	conv := models.Conv2D{Maps: 3, Kernel: 3}
	pool := models.MaxPool{Size: 2}
	return map[string]models.Spec{
		"no bias":                   image(models.Conv2D{Maps: 3, Kernel: 3, NoBias: true}, pool),
		"same padding":              image(models.Conv2D{Maps: 3, Kernel: 3, Same: true}, models.ReLU(), pool),
		"stride":                    image(models.Conv2D{Maps: 3, Kernel: 3, Stride: 2}, models.Tanh()),
		"stride and pool":           image(models.Conv2D{Maps: 3, Kernel: 3, Stride: 2}, models.Tanh(), pool),
		"1x1":                       image(models.Conv2D{Maps: 5, Kernel: 1}, models.Sigmoid(), pool),
		"17 maps":                   image(models.Conv2D{Maps: 17, Kernel: 3}, models.ReLU(), pool),
		"pool before activation":    image(conv, pool, models.Sigmoid()),
		"no activation":             image(conv, pool),
		"nothing but a convolution": image(conv),
		"leaky":                     image(conv, models.LeakyReLU(0.1), pool),
		"mean pool":                 image(conv, models.ReLU(), models.MeanPool{Size: 2}),
		"mean pool with overlap":    image(models.MeanPool{Size: 3, Stride: 2}, conv),
		"max pool with overlap":     image(conv, models.Tanh(), models.MaxPool{Size: 3, Stride: 2}),
		"pool with gaps":            image(conv, models.ReLU(), models.MaxPool{Size: 2, Stride: 3}),
		"pool first":                image(pool, conv, models.ReLU()),
		"pool twice":                image(conv, pool, models.ReLU(), pool),
		"no pool, two":              image(conv, models.ReLU(), conv, models.ReLU()),
		"pooled, then plain":        image(conv, models.ReLU(), pool, models.Conv2D{Maps: 4, Kernel: 2}, models.Tanh()),
		"plain, then pooled":        image(conv, models.Tanh(), conv, models.Sigmoid(), pool),
		"pooled twice":              image(conv, models.ReLU(), pool, models.Conv2D{Maps: 20, Kernel: 2}, models.ReLU(), pool),
		"pooled twice, bare":        image(conv, pool, models.Conv2D{Maps: 4, Kernel: 2}, pool),
		"pooled twice, sigmoid":     image(conv, pool, models.Sigmoid(), models.Conv2D{Maps: 4, Kernel: 2}, pool, models.Sigmoid()),
		"dropout after pool":        image(conv, models.ReLU(), pool, models.Dropout{Drop: 0.3}, models.Conv2D{Maps: 4, Kernel: 2}, pool),
		"dropout of the input":      image(models.Dropout{Drop: 0.3}, conv, models.ReLU(), pool),
		"softmax and squares":       {Name: "softmax", Input: []int{5}, Layers: []models.Layer{models.Dense{Out: 3}, models.Softmax()}, Loss: models.HalfSquaredError()},
		"squares":                   {Name: "squares", Input: []int{5}, Layers: []models.Layer{models.Dense{Out: 3}}, Loss: models.HalfSquaredError()},
		"relu twice":                models.Sequential([]int{5}, models.Dense{Out: 6}, models.ReLU(), models.ReLU(), models.Dense{Out: 3}),
		"activation first":          models.Sequential([]int{5}, models.Tanh(), models.Dense{Out: 3}),
		"linear twice":              models.Sequential([]int{5}, models.Dense{Out: 6}, models.Dense{Out: 3, NoBias: true}),
		"dropout between":           models.Sequential([]int{5}, models.Dense{Out: 6}, models.ReLU(), models.Dropout{Drop: 0.5}, models.Dense{Out: 3}),
		"dropout twice":             models.Sequential([]int{5}, models.Dropout{Drop: 0.2}, models.Dropout{Drop: 0.5}, models.Dense{Out: 3}),
	}
}
