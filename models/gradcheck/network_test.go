package gradcheck

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"symgrad/models"
	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
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
	report, err := Network(net, x, target, batch, NetworkOptions{})
	if err != nil {
		t.Errorf("%s, batch of %d: %v\n%v", spec.Name, batch, err, report)
	}
}

// Batches of 2 and 32 as well with LONG=1, and of convolutional networks of 7.
func TestTheThreeNetworks(t *testing.T) {
	batches := []int{1, 7}
	if long() {
		batches = []int{1, 2, 7, 32}
	}
	for _, batch := range batches {
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
	if !long() {
		batches = []int{1}
	}
	for _, batch := range batches {
		check(t, small, batch, tensor.Float64)
		check(t, small, batch, tensor.Float32)
		check(t, lenet, batch, tensor.Float64)
	}
}

// The presets at their real size, against hand-written gradients and random
// directions; lenet, which takes long, with LONG=1, and more than one image.
func TestPresets(t *testing.T) {
	if testing.Short() {
		t.Skip("the networks at full size take some seconds")
	}
	batch := 1
	if long() {
		batch = 2
		check(t, models.LeNet(), 1, tensor.Float64)
	}
	check(t, models.Tutorial(), batch, tensor.Float64)
	check(t, models.MLP(784, 128, 10), batch, tensor.Float64)
}

// Batches of 1 and 7 as well with LONG=1, and each change by itself.
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
	batches := []int{2}
	if long() {
		batches = []int{1, 2, 7}
	}
	for name, layers := range stacks {
		for _, batch := range batches {
			spec := models.Sequential(image, append(append([]models.Layer{}, layers...), end...)...)
			spec.Name = name
			check(t, spec, batch, tensor.Float64)
			spec.L2 = 0.1
			if long() {
				check(t, spec, batch, tensor.Float64)
			}
			spec.Loss = models.HalfSquaredError()
			if long() {
				check(t, spec, batch, tensor.Float64)
			}
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

// tampered changes what a machine gives as a result's value.
type tampered struct {
	Runner
	change func(n *G.Node, v G.Value) G.Value
}

func (t tampered) Value(n *G.Node) G.Value { return t.change(n, t.Runner.Value(n)) }

func tamper(change func(n *G.Node, v G.Value) G.Value) Machine {
	return func(g *G.ExprGraph, results ...*G.Node) (Runner, error) {
		r, err := TapeMachine()(g, results...)
		return tampered{r, change}, err
	}
}

// off multiplies the last number of a value.
func off(v G.Value, by float64) G.Value {
	x := audit.Numbers(v)
	x[len(x)-1] *= by
	return interpret.Float(v.Dtype(), v.Shape(), x)
}

// wrongTwin is a hand-written gradient with one number changed.
type wrongTwin struct{ witness }

func (w wrongTwin) gradients() (float64, [][]float64, error) {
	loss, grads, err := w.witness.gradients()
	grads[1][0] += 1e-6
	return loss, grads, err
}

// A wrong number planted in any of the witnesses is caught, and the parameter named.
func TestPlantedErrors(t *testing.T) {
	net, err := models.MLP(4, 3, 2).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	x, target := batchOf(net, 2, 1)
	run := func(m Machine, twin bool) error {
		e, err := newExam(net, x, target, 2, NetworkOptions{Machine: m}.filled())
		if err != nil {
			t.Fatal(err)
		}
		defer e.close()
		if twin {
			e.witness = wrongTwin{e.witness}
		}
		return e.run()
	}
	if err := run(TapeMachine(), false); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		err           error
		kind          finding.Kind
		param, expect string
	}{
		"gradient": {run(tamper(func(n *G.Node, v G.Value) G.Value {
			if n.Dtype() == tensor.Float64 && n.Shape().Eq(tensor.Shape{3, 2}) {
				return off(v, 1+1e-9)
			}
			return v
		}), false), finding.Gradient, "fc2.weight", "hand-written"},
		"hand-written": {run(TapeMachine(), true), finding.Gradient, "fc1.bias", "hand-written"},
		"float32": {run(tamper(func(n *G.Node, v G.Value) G.Value {
			if n.Dtype() == tensor.Float32 && n.Shape().Eq(tensor.Shape{4, 3}) {
				return off(v, 1.1)
			}
			return v
		}), false), finding.Single, "fc1.weight", "float64"},
		"loss": {run(tamper(func(n *G.Node, v G.Value) G.Value {
			if n.IsScalar() {
				return off(v, 1.001)
			}
			return v
		}), false), finding.Gradient, "loss", "hand-written"},
	} {
		var f Finding
		if !errors.As(c.err, &f) || f.Kind != c.kind || f.Param != c.param || !strings.Contains(f.Witness, c.expect) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

// The differences do not lean on the hand-written loss: a machine whose loss alone,
// not its gradients, has another slope than both is caught by them.
func TestPlantedSlope(t *testing.T) {
	net, err := models.MLP(4, 3, 2).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	x, target := batchOf(net, 2, 1)
	e, err := newExam(net, x, target, 2, NetworkOptions{}.filled())
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	e.loss.machine = tampered{e.loss.machine, func(n *G.Node, v G.Value) G.Value { return off(v, 1+1e-3) }}
	var f Finding
	if err := e.run(); !errors.As(err, &f) || f.Witness != "finite difference" {
		t.Errorf("%v", err)
	}
}
