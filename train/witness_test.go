package train_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/train"
)

// uniform is the numbers of testdata/pytorch.py.
func uniform(tensor, size int, scale float64) []float64 {
	out := make([]float64, size)
	for i := range out {
		z := uint64(tensor)<<32 + uint64(i) + 0x9E3779B97F4A7C15
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		out[i] = (2*(float64(z>>11)/(1<<53)) - 1) * scale
	}
	return out
}

type torchTensor struct {
	Every     int
	Values    []float64
	Sum, Norm float64
}

type torchRun struct {
	Losses             []float64
	Gradients, Weights []torchTensor
}

// off is the largest difference of a tensor from PyTorch's, relative to its
// root mean square.
func (want torchTensor) off(got []float64) float64 {
	sum, square := 0.0, 0.0
	for _, v := range got {
		sum += v
		square += v * v
	}
	rms := want.Norm / math.Sqrt(float64(len(got)))
	worst := math.Abs(math.Sqrt(square)-want.Norm) / want.Norm
	worst = max(worst, math.Abs(sum-want.Sum)/(rms*float64(len(got))))
	for k, v := range want.Values {
		worst = max(worst, math.Abs(got[k*want.Every]-v)/max(rms, math.Abs(v)))
	}
	return worst
}

// Gradients, losses and 20 steps of SGD, as PyTorch computes them.
func TestPyTorchAgrees(t *testing.T) {
	content, err := os.ReadFile("testdata/pytorch.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Tutorial, MLP map[string]torchRun }
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spec  models.Spec
		batch int
		want  map[string]torchRun
	}{"tutorial": {models.Tutorial(), 4, file.Tutorial}, "mlp": {models.MLP(784, 32, 10), 8, file.MLP}} {
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float64: 1e-10, tensor.Float32: 1e-5} {
			for vm, machine := range map[string]train.Backend{"own": train.OwnVM(2), "tape": train.TapeMachine()} {
				t.Run(fmt.Sprint(name, dtype, vm), func(t *testing.T) {
					spec := c.spec
					spec.Dtype = dtype
					againstTorch(t, spec, c.batch, machine, c.want[dtype.String()], tolerance)
				})
			}
		}
	}
}

func againstTorch(t *testing.T, spec models.Spec, batch int, machine train.Backend, want torchRun, tolerance float64) {
	net, set := asInTorch(t, spec, batch)
	before := weights(net)
	trainer, err := train.NewTrainer(net, set, train.Config{Batch: batch, Rate: 0.1, Ordered: true, Epochs: 20, Machine: machine})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	for i, loss := range want.Losses {
		s, err := trainer.Step()
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(s.Loss-loss) <= tolerance*loss) {
			t.Errorf("loss of step %d: %.12g, PyTorch %.12g", i+1, s.Loss, loss)
		}
		if i > 0 {
			continue
		}
		for k, grad := range trainer.Gradients() {
			if off := want.Gradients[k].off(grad); !(off <= tolerance) {
				t.Errorf("gradient of %s is off by %.2g", net.Params[k].Name, off)
			}
		}
	}
	for k, p := range net.Params {
		if off := want.Weights[k].off(p.Float64s()); !(off <= tolerance) {
			t.Errorf("%s after 20 steps is off by %.2g", p.Name, off)
		}
	}
	if fmt.Sprint(before[0][0]) == fmt.Sprint(weights(net)[0][0]) {
		t.Error("the weights did not move")
	}
}

// asInTorch gives a network the weights, and a batch of examples the numbers, that
// testdata/pytorch.py draws.
func asInTorch(t *testing.T, spec models.Spec, batch int) (*models.Network, *data.Set) {
	t.Helper()
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	fan := 0
	for i, p := range net.Params {
		if !p.Bias {
			fan = p.Len() / p.Shape[0] // of a convolution (maps, in...)
			if len(p.Shape) == 2 {
				fan = p.Shape[0]
			}
		}
		if err := p.Set(uniform(i+1, p.Len(), 1/math.Sqrt(float64(fan)))); err != nil {
			t.Fatal(err)
		}
	}
	set := &data.Set{Name: "uniform", Shape: spec.Input, Classes: 10}
	set.Values = uniform(0, batch*set.Size(), 1)
	for b := range batch {
		set.Labels = append(set.Labels, 7*b%10)
	}
	return net, set
}

func weights(net *models.Network) (all [][]float64) {
	for _, p := range net.Params {
		all = append(all, p.Float64s())
	}
	return all
}

// 100 steps of SGD from equal weights end where the hand-written network's do.
func TestTrajectoriesOfTheHandWrittenNetworks(t *testing.T) {
	small := models.Tutorial()
	small.Input = []int{1, 12, 12}
	small.Layers[0], small.Layers[4] = models.Conv2D{Maps: 4, Kernel: 5}, models.Dense{Out: 16}
	mlp := models.MLP(20, 16, 10)
	for _, spec := range []models.Spec{models.Neuron(3), models.NeuronWithBias(3), mlp, small} {
		spec.Dtype = tensor.Float64
		net, err := spec.New(models.NewRand(7))
		if err != nil {
			t.Fatal(err)
		}
		twin, err := gradcheck.Reference(net)
		if err != nil {
			t.Fatal(err)
		}
		set := &data.Set{Name: "uniform", Shape: spec.Input, Classes: net.Outputs(), Targets: nil}
		const n = 8
		set.Values = uniform(3, n*set.Size(), 1)
		set.Targets = make([]float64, n*set.Classes)
		for b := range n {
			set.Targets[b*set.Classes+b%set.Classes] = 1
		}
		trainer, err := train.NewTrainer(net, set, train.Config{Batch: n, Rate: 0.1, Ordered: true, Epochs: 100})
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if _, err := trainer.Step(); err != nil {
				t.Fatal(err)
			}
			if _, _, err := twin.LossAndGradients(set.Values, set.Targets, n); err != nil {
				t.Fatal(err)
			}
			twin.Step(0.1)
		}
		for i, p := range twin.Params() {
			for k, v := range net.Params[i].Float64s() {
				if !(math.Abs(v-p.Value[k]) <= 1e-9) {
					t.Fatalf("%s: %s[%d] ends at %.12g, hand-written at %.12g", spec.Name, net.Params[i].Name, k, v, p.Value[k])
				}
			}
		}
		if err := trainer.Close(); err != nil {
			t.Error(err)
		}
	}
}
