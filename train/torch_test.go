package train_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/curvature"
	"symgrad/train/vm"
)

// odd is the network of that name in testdata/pytorch_optimizers.py.
func odd() models.Spec {
	s := models.Sequential([]int{2, 11, 9},
		models.Conv2D{Maps: 5, Kernel: 3, Same: true}, models.Tanh(),
		models.Conv2D{Maps: 4, Kernel: 1, NoBias: true}, models.LeakyReLU(0.01), models.MaxPool{Size: 3, Stride: 2},
		models.Conv2D{Maps: 6, Kernel: 5, Same: true, Stride: 2, NoBias: true}, models.MeanPool{Size: 2},
		models.Flatten{},
		models.Dense{Out: 9}, models.LeakyReLU(0.01),
		models.Dense{Out: 10},
	)
	s.Name, s.L2 = "odd", 0.02
	return s
}

// Gradients, and 20 steps of five optimisers, of the four presets and of an odd
// network, as PyTorch computes them in float64. Without LONG=1 lenet's are left out
// and the two other convolutional presets take two optimisers each.
func TestPyTorchOptimizersAgree(t *testing.T) {
	content, err := os.ReadFile("testdata/pytorch_optimizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]map[string]torchRun
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	rates := map[string]float64{"sgd": 0.05, "nesterov": 0.02, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001}
	rules := []train.Optimizer{train.SGD(), train.Nesterov(0.9), train.RMSProp(0.9, 1e-6), train.Adam(0.9, 0.999, 1e-6), train.AdamW(0.9, 0.999, 1e-6, 0.01)}
	batches := map[string]int{"tutorial": 4, "lenet": 2, "small": 3, "mlp": 5, "odd": 3}
	skip := map[string][]string{"lenet": {"sgd", "nesterov", "rmsprop", "adam", "adamw"}, "tutorial": {"nesterov", "rmsprop", "adam"}, "small": {"sgd", "rmsprop", "adamw"}}
	for _, spec := range []models.Spec{models.Tutorial(), models.LeNet(), models.Small(), models.MLP(784, 128, 10), odd()} {
		for _, rule := range rules {
			want, ok := file[spec.Name][rule.Name]
			if !ok {
				t.Fatalf("no run of %s with %s", spec.Name, rule.Name)
			}
			t.Run(fmt.Sprint(spec.Name, " ", rule.Name), func(t *testing.T) {
				if os.Getenv("LONG") == "" && slices.Contains(skip[spec.Name], rule.Name) {
					t.Skip("takes a while in float64; LONG=1 does it")
				}
				spec.Dtype = tensor.Float64
				optimizerAgainstTorch(t, spec, batches[spec.Name], rule, rates[rule.Name], want)
			})
		}
	}
}

func optimizerAgainstTorch(t *testing.T, spec models.Spec, batch int, rule train.Optimizer, rate float64, want torchRun) {
	net, set := asInTorch(t, spec, batch)
	trainer, err := train.NewTrainer(net, set, train.Config{Batch: batch, Rate: rate, Optimizer: rule, Ordered: true, Epochs: 20})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	for i, loss := range want.Losses {
		s, err := trainer.Step()
		if err != nil {
			t.Fatal(err)
		}
		if off := math.Abs(s.Loss-loss) / loss; !(off <= 1e-9) {
			t.Errorf("loss of step %d: %.12g, PyTorch %.12g", i+1, s.Loss, loss)
		}
		for k := range want.Gradients {
			if i == 0 {
				if off := want.Gradients[k].off(trainer.Gradients()[k]); !(off <= 1e-10) {
					t.Errorf("gradient of %s is off by %.2g", net.Params[k].Name, off)
				}
			}
		}
	}
	for k, p := range net.Params {
		if off := want.Weights[k].off(p.Float64s()); !(off <= 1e-9) {
			t.Errorf("%s after 20 steps is off by %.2g", p.Name, off)
		}
	}
}

// The Hessian times a vector, and the gradient of a penalty on the gradient by the
// input, as PyTorch's double backward has them.
func TestPyTorchHessiansAgree(t *testing.T) {
	content, err := os.ReadFile("testdata/pytorch_hessian.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]struct{ Product, Penalty []torchTensor }
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	batches := map[string]int{"tutorial": 4, "lenet": 2, "small": 3, "mlp": 5, "odd": 3}
	for _, spec := range []models.Spec{models.Tutorial(), models.LeNet(), models.Small(), models.MLP(784, 128, 10), odd()} {
		t.Run(spec.Name, func(t *testing.T) {
			spec.Dtype = tensor.Float64
			net, set := asInTorch(t, spec, batches[spec.Name])
			g, err := net.Evaluation(set.Len())
			if err != nil {
				t.Fatal(err)
			}
			copy(g.Input.Value().Data().([]float64), set.Values)
			for b, label := range set.Labels {
				g.Target.Value().Data().([]float64)[10*b+label] = 1
			}
			penalty, err := curvature.Penalty(1, g.Loss, g.Input)
			if err != nil {
				t.Fatal(err)
			}
			var v, hv, slope []float64
			for i, p := range net.Params {
				v = append(v, uniform(101+i, p.Len(), 1)...)
			}
			for _, loss := range []*G.Node{g.Loss, penalty} {
				l, err := curvature.Compile(loss, g.Params, vm.Config{})
				if err != nil {
					t.Fatal(err)
				}
				defer l.Close()
				if loss == penalty {
					_, slope, err = l.Gradient()
				} else {
					hv, err = l.HessianVector(v)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			for i, p := range net.Params {
				n := p.Len()
				if off := file[spec.Name].Product[i].off(hv[:n]); !(off <= 1e-10) {
					t.Errorf("the Hessian's product at %s is off by %.2g", p.Name, off)
				}
				if off := file[spec.Name].Penalty[i].off(slope[:n]); !(off <= 1e-10) {
					t.Errorf("the penalty's gradient at %s is off by %.2g", p.Name, off)
				}
				hv, slope = hv[n:], slope[n:]
			}
		})
	}
}
