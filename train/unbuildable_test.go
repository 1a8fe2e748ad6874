package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/local"
)

// Layers of a user's that give no graph, one that cannot be compiled and one that
// cannot be run: each is an error of whatever builds the graph.
func TestLayersThatGiveNoGraph(t *testing.T) {
	elsewhere := func(x *G.Node) (*G.Node, error) {
		return G.NewMatrix(G.NewGraph(), tensor.Float32, G.WithShape(x.Shape()...), G.WithName("elsewhere")), nil
	}
	unbound := func(x *G.Node) (*G.Node, error) {
		return G.Add(x, G.NewMatrix(x.Graph(), tensor.Float32, G.WithShape(x.Shape()...), G.WithName("unbound")))
	}
	for _, c := range []struct {
		apply       func(x *G.Node) (*G.Node, error)
		build, runs string
	}{
		{func(*G.Node) (*G.Node, error) { return nil, errors.New("not here") }, "not here", ""},
		{elsewhere, "", "is not a node of the graph"},
		{unbound, "", "vm: the input unbound"},
	} {
		net := network(t, models.Sequential([]int{2}, models.Dense{Out: 3}, models.NewActivation("own", c.apply)), 1)
		_, layers := train.Layers(net, make([]float64, 4))
		_, predict := train.Predict(net, make([]float64, 2))
		set := blobs(4)
		set.Classes = 3
		set.Labels[3] = 0
		_, evaluate := train.Evaluate(t.Context(), net, set)
		trainer := must(train.NewTrainer(net, set, train.Config{}))
		_, step := trainer.Step()
		for name, err := range map[string]error{"layers": layers, "predict": predict, "evaluate": evaluate, "step": step} {
			want := c.build
			if c.runs != "" && (name == "layers" || name == "predict") {
				want = c.runs
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
		if trainer.Gradients() != nil {
			t.Error("gradients of a step that failed")
		}
	}
}

func said(out []train.Prediction, err error) (s string) {
	for _, p := range out {
		s += fmt.Sprintf("%d %.3f ", p.Class, p.Probabilities)
	}
	return s + fmt.Sprint(err)
}

// Every input of a batch has its answer; one that is no number is an error.
func TestPredictionsByHand(t *testing.T) {
	spec := models.Sequential([]int{1}, models.Dense{Out: 2})
	spec.Dtype = tensor.Float64
	net := network(t, spec, 1)
	for i, values := range [][]float64{{0, math.Log(3)}, {0, 0}} {
		if err := net.Params[i].Set(values); err != nil {
			t.Fatal(err)
		}
	}
	p := must(train.NewPredictor(net, 3, nil))
	defer p.Close()
	for _, c := range []struct {
		inputs []float64
		want   string
	}{
		{[]float64{0, 1, -1}, "0 [0.500 0.500] 1 [0.250 0.750] 0 [0.750 0.250] <nil>"},
		{[]float64{1, 0, 0}, "1 [0.250 0.750] 0 [0.500 0.500] 0 [0.500 0.500] <nil>"},
		{[]float64{0, math.NaN(), 0}, "train: predicting: the answer to input 1 has a NaN in it: the network's weights, or the input's numbers, are too large"},
		{[]float64{0, 0}, "train: 2 numbers given, want 3"},
	} {
		out, err := p.Predict(c.inputs)
		if got := said(out, err); got != c.want {
			t.Errorf("%v: %s, want %s", c.inputs, got, c.want)
		}
	}
	if one, err := train.Predict(net, []float64{1}); said([]train.Prediction{one}, err) != "1 [0.250 0.750] <nil>" {
		t.Errorf("%v, %v", one, err)
	}
}

// single multiplies by one number, which is no tensor.
type single struct{}

func (single) Kind() string                                                   { return "single" }
func (single) String() string                                                 { return "single" }
func (single) Shape(in []int) ([]int, error)                                  { return in, nil }
func (single) Weights([]int) []models.Weight                                  { return []models.Weight{{Suffix: "scale", Bias: true}} }
func (single) Apply(_ *models.Builder, x *G.Node, w G.Nodes) (*G.Node, error) { return G.Mul(w[0], x) }

// A gradient that is no slice of numbers is an error in shards too, whoever reads it.
func TestAGradientOfAnotherKind(t *testing.T) {
	for _, c := range []struct{ shards, size int }{{1, 1}, {2, 1}, {2, 2}} {
		for name, machine := range map[string]train.Backend{"own": train.OwnVM(1), "tape": train.TapeMachine()} {
			err := local.Run(t.Context(), c.size, func(_ context.Context, g train.Group) error {
				net, err := models.Sequential([]int{2}, models.Dense{Out: 4}, single{}).New(models.NewRand(1))
				if err != nil {
					return err
				}
				trainer, err := train.NewTrainer(net, blobs(8), train.Config{Shards: c.shards, Group: g, Machine: machine})
				if err == nil {
					_, err = trainer.Step()
				}
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "the gradient of single1.scale is a float32, want 1 numbers of float32") {
				t.Errorf("%d shards of %d processes, %s machine: %v", c.shards, c.size, name, err)
			}
		}
	}
}
