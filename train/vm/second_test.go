package vm_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/repair"
)

// curved adds to a training sample the Hessian times a random direction, read in
// the ways that are named.
func curved(net *models.Network, batch int, names ...string) func() (*sample, error) {
	return func() (*sample, error) {
		var g *models.TrainingGraph
		s, err := training(net, batch, func(t *models.TrainingGraph) G.Nodes { g = t; return nil })()
		if err != nil {
			return nil, err
		}
		var directions G.Nodes
		for i, p := range g.Params {
			a := normal(uint64(40+i), p.Shape()...)
			v := G.NewTensor(g.Expr, p.Dtype(), p.Dims(), G.WithShape(p.Shape()...), G.WithName(fmt.Sprint("v", i)), G.WithValue(tensor.New(tensor.Of(p.Dtype()), tensor.WithShape(p.Shape()...))))
			if err := fill(v.Value().Data(), a.values); err != nil {
				return nil, err
			}
			directions = append(directions, v)
		}
		hv, err := repair.Grad(alongDirections(g.Grads, directions), g.Params...)
		if err != nil {
			return nil, err
		}
		s.inputs = append(s.inputs, directions...)
		s.results, s.choices = slices.Concat(g.Layers, G.Nodes{g.Loss}, g.Grads, hv), map[string]G.Nodes{}
		for _, name := range names {
			s.choices[name] = curvatures[name](g, hv)
		}
		return s, nil
	}
}

// alongDirections is sum <g, v>.
func alongDirections(grads, directions G.Nodes) *G.Node {
	var terms G.Nodes
	for i, g := range grads {
		products := G.Must(G.HadamardProd(g, directions[i]))
		terms = append(terms, G.Must(G.Sum(G.Must(G.Reshape(products, tensor.Shape{g.Shape().TotalSize()})))))
	}
	return G.Must(G.ReduceAdd(terms))
}

// What is read of a second derivative: what is not read may be fused away.
var curvatures = map[string]func(g *models.TrainingGraph, hv G.Nodes) G.Nodes{
	"the product alone": func(g *models.TrainingGraph, hv G.Nodes) G.Nodes { return hv },
	"with the gradient": func(g *models.TrainingGraph, hv G.Nodes) G.Nodes { return slices.Concat(G.Nodes{g.Loss}, g.Grads, hv) },
	"the first":         func(g *models.TrainingGraph, hv G.Nodes) G.Nodes { return hv[:1] },
	"the last":          func(g *models.TrainingGraph, hv G.Nodes) G.Nodes { return hv[len(hv)-1:] },
	"with every layer":  func(g *models.TrainingGraph, hv G.Nodes) G.Nodes { return slices.Concat(g.Layers, hv) },
}

// Batches of 1 of the larger networks with LONG=1, and lenet in float64.
func TestSecondDerivativesOfPresets(t *testing.T) {
	for _, c := range []struct {
		spec    models.Spec
		batches []int
	}{
		{models.Neuron(3), []int{1, 4}},
		{models.NeuronWithBias(3), []int{1, 4}},
		{models.TwoLayers(3, 4, 1), []int{1, 4}},
		{models.MLP(784, 128, 10), []int{1, 7}},
		{models.Tutorial(), []int{1, 3}},
		{models.LeNet(), []int{2}},
	} {
		for dtype, tolerance := range both {
			net := network(t, c.spec, dtype)
			for _, batch := range c.batches {
				if os.Getenv("LONG") == "" && net.Size() > 1000 && (batch == 1 || dtype == tensor.Float64 && len(c.batches) == 1) {
					continue
				}
				check(t, fmt.Sprintf("%s, %v, batch of %d", c.spec.Name, dtype, batch), curved(net, batch, "with the gradient"), tolerance)
			}
		}
	}
}

// With LONG=1 every reading, else one of them.
func TestSecondDerivativesOfLayers(t *testing.T) {
	names := []string{"with the gradient"}
	if os.Getenv("LONG") != "" {
		names = slices.Collect(maps.Keys(curvatures))
	}
	for name, spec := range layerSpecs() {
		t.Run(name, func(t *testing.T) {
			for dtype, tolerance := range both {
				spec.L2 = 0.01
				check(t, dtype.String(), curved(network(t, spec, dtype), 3, names...), tolerance)
			}
		})
	}
}

// The gradient of the gradient's length, by some parameters: unlike in a product
// with a fixed vector, everything hangs on everything here, so that what is fused
// must not wait for itself. In float32 by all and by the input; with LONG=1 by the
// others too, and in float64, where less is fused.
func TestGradientsOfTheGradientsLength(t *testing.T) {
	for name, spec := range layerSpecs() {
		t.Run(name, func(t *testing.T) {
			for dtype, tolerance := range both {
				net := network(t, spec, dtype)
				for what, by := range map[string]func(g *models.TrainingGraph) G.Nodes{
					"all":    func(g *models.TrainingGraph) G.Nodes { return g.Params },
					"biases": func(g *models.TrainingGraph) G.Nodes { return every(2, 1, g.Params) },
					"input":  func(g *models.TrainingGraph) G.Nodes { return G.Nodes{g.Input} },
				} {
					if os.Getenv("LONG") == "" && (what == "biases" || dtype == tensor.Float64) {
						continue
					}
					check(t, fmt.Sprintf("%v, %s", dtype, what), steepness(net, 3, by), 10*tolerance)
				}
			}
		})
	}
}

// every takes each n-th node.
func every(n, from int, nodes G.Nodes) (some G.Nodes) {
	for i := from; i < len(nodes); i += n {
		some = append(some, nodes[i])
	}
	return some
}

// steepness is a training sample with the length of some gradients, differentiated
// by all parameters.
func steepness(net *models.Network, batch int, by func(g *models.TrainingGraph) G.Nodes) func() (*sample, error) {
	return func() (*sample, error) {
		var g *models.TrainingGraph
		s, err := training(net, batch, func(t *models.TrainingGraph) G.Nodes { g = t; return nil })()
		if err != nil {
			return nil, err
		}
		nodes := by(g)
		if len(nodes) == 0 {
			nodes = g.Params
		}
		grads, err := repair.Grad(g.Loss, nodes...)
		if err != nil {
			return nil, err
		}
		steep, err := repair.Grad(G.Must(G.Sqrt(alongDirections(grads, grads))), g.Params...)
		s.results = slices.Concat(grads, steep)
		return s, err
	}
}
