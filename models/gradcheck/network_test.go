package gradcheck

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"symgrad/models"
)

// batchOf draws inputs from N(0, 1) and, for cross-entropy, one-hot targets.
func batchOf(net *models.Network, batch int, seed uint64) (x, target []float64) {
	r := rand.New(rand.NewPCG(seed, 9))
	size := 1
	for _, d := range net.Input {
		size *= d
	}
	for range batch * size {
		x = append(x, r.NormFloat64())
	}
	target = make([]float64, batch*net.Outputs())
	for b := range batch {
		if net.Loss.Mean {
			target[b*net.Outputs()+r.IntN(net.Outputs())] = 1
			continue
		}
		for j := range net.Outputs() {
			target[b*net.Outputs()+j] = r.Float64()
		}
	}
	return x, target
}

func check(t interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
}, spec models.Spec, batch int, dtype tensor.Dtype) {
	t.Helper()
	spec.Dtype = dtype
	net, err := spec.New(models.NewRand(uint64(batch)))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 3))
	for _, p := range net.Params { // biases off zero, so that no unit stands at its kink
		if p.Bias {
			values := p.Float64s()
			for i := range values {
				values[i] = r.NormFloat64() / 4
			}
			if err := p.Set(values); err != nil {
				t.Fatal(err)
			}
		}
	}
	x, target := batchOf(net, batch, uint64(batch))
	report, err := Network(net, x, target, batch, Tolerances{})
	if err != nil {
		t.Errorf("%s, batch of %d: %v\n%v", spec.Name, batch, err, report)
	}
}

func TestTheThreeNetworks(t *testing.T) {
	for _, batch := range []int{1, 2, 7, 32} {
		for _, spec := range []models.Spec{models.Neuron(3), models.NeuronWithBias(3), models.TwoLayers(3, 4, 1), models.MLP(20, 16, 10)} {
			check(t, spec, batch, tensor.Float64)
			check(t, spec, batch, tensor.Float32)
		}
	}
	small := models.Tutorial()
	small.Input = []int{1, 13, 11}
	small.Layers[0], small.Layers[4] = models.Conv2D{Maps: 3, Kernel: 5}, models.Dense{Out: 12}
	lenet := models.LeNet()
	lenet.Input = []int{1, 15, 17}
	lenet.Layers[0], lenet.Layers[3], lenet.Layers[7] = models.Conv2D{Maps: 3, Kernel: 3}, models.Conv2D{Maps: 4, Kernel: 3}, models.Dense{Out: 9}
	for _, batch := range []int{1, 2, 7, 32} {
		check(t, small, batch, tensor.Float64)
		check(t, small, batch, tensor.Float32)
		check(t, lenet, batch, tensor.Float64)
	}
}

// The presets at their real size, against hand-written gradients and random directions.
func TestPresets(t *testing.T) {
	if testing.Short() {
		t.Skip("the networks at full size take some seconds")
	}
	check(t, models.Tutorial(), 2, tensor.Float64)
	check(t, models.LeNet(), 1, tensor.Float64)
	check(t, models.MLP(784, 128, 10), 2, tensor.Float64)
}

func TestEveryLayerLossAndActivation(t *testing.T) {
	image := []int{2, 9, 7}
	end := []models.Layer{models.Flatten{}, models.Dense{Out: 3}}
	stacks := map[string][]models.Layer{
		"conv":         {models.Conv2D{Maps: 3, Kernel: 3}},
		"conv same":    {models.Conv2D{Maps: 3, Kernel: 3, Same: true}},
		"conv stride":  {models.Conv2D{Maps: 2, Kernel: 3, Stride: 2}},
		"conv no bias": {models.Conv2D{Maps: 2, Kernel: 1, NoBias: true}},
		"same stride":  {models.Conv2D{Maps: 2, Kernel: 5, Same: true, Stride: 3}},
		"max-pool":     {models.Conv2D{Maps: 2, Kernel: 2}, models.MaxPool{Size: 2}},
		"overlapping":  {models.Conv2D{Maps: 2, Kernel: 2}, models.MaxPool{Size: 3, Stride: 1}},
		"mean-pool":    {models.Conv2D{Maps: 2, Kernel: 2}, models.MeanPool{Size: 2}},
		"mean overlap": {models.Conv2D{Maps: 2, Kernel: 2}, models.MeanPool{Size: 3, Stride: 2}},
		"dropout":      {models.Conv2D{Maps: 2, Kernel: 2}, models.Dropout{Drop: 0.3}},
		"two convs":    {models.Conv2D{Maps: 2, Kernel: 3, Same: true}, models.Tanh(), models.Conv2D{Maps: 2, Kernel: 3, Same: true}},
	}
	for _, a := range models.Activations() {
		stacks[a.Name] = []models.Layer{models.Conv2D{Maps: 2, Kernel: 3}, a}
	}
	for name, layers := range stacks {
		for _, batch := range []int{1, 2, 7} {
			spec := models.Sequential(image, append(append([]models.Layer{}, layers...), end...)...)
			spec.Name = name
			check(t, spec, batch, tensor.Float64)
			spec.L2 = 0.1
			check(t, spec, batch, tensor.Float64)
			spec.Loss = models.HalfSquaredError()
			check(t, spec, batch, tensor.Float64)
			spec.Layers = append(spec.Layers, models.Softmax())
			check(t, spec, batch, tensor.Float64)
		}
	}
}

func TestRandomArchitectures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := []int{rapid.IntRange(1, 3).Draw(t, "channels"), rapid.IntRange(3, 11).Draw(t, "height"), rapid.IntRange(3, 11).Draw(t, "width")}
		spec := models.Sequential(shape)
		in := shape
		for i := range rapid.IntRange(0, 4).Draw(t, "image layers") {
			l := imageLayer(t, i)
			if out, err := l.Shape(in); err == nil {
				spec.Layers, in = append(spec.Layers, l), out
			}
		}
		spec.Layers = append(spec.Layers, models.Flatten{})
		for range rapid.IntRange(0, 2).Draw(t, "hidden layers") {
			spec.Layers = append(spec.Layers, models.Dense{Out: rapid.IntRange(1, 6).Draw(t, "width")}, models.Activations()[rapid.IntRange(0, 3).Draw(t, "activation")])
		}
		spec.Layers = append(spec.Layers, models.Dense{Out: rapid.IntRange(2, 5).Draw(t, "classes")})
		spec.L2 = rapid.SampledFrom([]float64{0, 0.01}).Draw(t, "L2")
		spec.Name = fmt.Sprint(spec.Layers)
		check(t, spec, rapid.IntRange(1, 4).Draw(t, "batch"), tensor.Float64)
	})
}

func imageLayer(t *rapid.T, i int) models.Layer {
	name := fmt.Sprint("layer ", i)
	switch size := rapid.IntRange(1, 3).Draw(t, name+" size"); rapid.IntRange(0, 4).Draw(t, name) {
	case 0, 1:
		return models.Conv2D{Maps: rapid.IntRange(1, 3).Draw(t, name+" maps"), Kernel: size, Stride: rapid.IntRange(1, 2).Draw(t, name+" stride"), Same: size%2 == 1 && rapid.Bool().Draw(t, name+" same")}
	case 2:
		return models.MaxPool{Size: size}
	case 3:
		return models.MeanPool{Size: size}
	}
	return models.Activations()[rapid.IntRange(0, 3).Draw(t, name+" activation")]
}

func TestAWrongWeightIsNamed(t *testing.T) {
	spec := models.MLP(4, 3, 2)
	spec.Dtype = tensor.Float64
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	x, target := batchOf(net, 2, 1)
	_, err = Network(net, x, target, 2, Tolerances{HandWritten: 1e-300, Difference: 1e-300})
	var m Mismatch
	if !errors.As(err, &m) || m.Param == "" {
		t.Errorf("an impossible tolerance gave %v", err)
	}
}
