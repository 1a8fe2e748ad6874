// Package own measures this project: its networks' training and prediction, its
// kernels, and what its command needs to start.
package own

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"symgrad/cmd/bench/internal/timing"
	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// The models that everybody measures, by the peers' names.
const (
	Neuron   = "N"  // the nine-line neuron, float64, four rows
	MLP      = "M"  // 784-128-10, ReLU
	Tutorial = "C1" // 10 maps of 5x5, sigmoid, pooling, 1440-128-10
	LeNet    = "C2" // 32 and 64 maps of 3x3, ReLU, pooling, 1600-128-10
)

// Models lists them all.
func Models() []string { return []string{Neuron, MLP, Tutorial, LeNet} }

// spec is a model's network.
func spec(model string) models.Spec {
	switch model {
	case Neuron:
		return models.Neuron(3)
	case Tutorial:
		return models.Tutorial()
	case LeNet:
		return models.LeNet()
	}
	return models.MLP(784, 128, 10)
}

// Rate of the optimiser, plain SGD: the peers' own.
const rate = 0.05

// Images are MNIST in memory, as training and prediction take them.
type Images struct {
	training *data.Set
	test     []float32 // 10,000 images of 784
}

// LoadImages decodes MNIST.
func LoadImages() (*Images, error) {
	training, test, err := mnist.Load()
	if err != nil {
		return nil, err
	}
	all := make([]int, test.Len())
	for i := range all {
		all[i] = i
	}
	x := make([]float32, test.Len()*test.Size())
	data.Gather(test, all, x, nil)
	return &Images{training, x}, nil
}

// Setting is what one measurement is made with.
type Setting struct {
	Model   string
	Batch   int
	Workers int // also GOMAXPROCS
	Plan    timing.Plan
}

// Train gives images a second of training: gathering the shuffled batch, the
// step, and the update by SGD.
func (s Setting) Train(ctx context.Context, images *Images) (timing.Spread, error) {
	net, err := spec(s.Model).New(models.NewRand(1))
	if err != nil {
		return timing.Spread{}, err
	}
	return s.train(ctx, net, images)
}

func (s Setting) train(ctx context.Context, net *models.Network, images *Images) (timing.Spread, error) {
	runtime.GOMAXPROCS(s.Workers)
	whole := images.training.Len() / s.Batch * s.Batch // every batch is a full one
	t, err := train.NewTrainer(net, images.training.Head(whole), train.Config{Batch: s.Batch, Rate: rate, Machine: train.OwnVM(s.Workers)})
	if err != nil {
		return timing.Spread{}, err
	}
	defer t.Close()
	return s.Plan.Rate(ctx, float64(s.Batch), func() error {
		_, err := t.Step()
		return err
	})
}

// Predict gives images a second of prediction: float32 images in memory, one
// batch after the other, to classes.
func (s Setting) Predict(ctx context.Context, images *Images) (timing.Spread, error) {
	return s.predict(ctx, images.test, images.training.Size())
}

// PredictSame is [Setting.Predict] of one batch, again and again: it stays in the
// processor's cache.
func (s Setting) PredictSame(ctx context.Context, images *Images) (timing.Spread, error) {
	size := images.training.Size()
	return s.predict(ctx, images.test[:s.Batch*size], size)
}

func (s Setting) predict(ctx context.Context, images []float32, size int) (timing.Spread, error) {
	runtime.GOMAXPROCS(s.Workers)
	net, err := spec(s.Model).New(models.NewRand(1))
	if err != nil {
		return timing.Spread{}, err
	}
	p, err := train.NewPredictor(net, s.Batch, train.OwnVM(s.Workers))
	if err != nil {
		return timing.Spread{}, err
	}
	defer p.Close()
	classes := make([]int, s.Batch)
	batch, at := s.Batch*size, 0
	return s.Plan.Rate(ctx, float64(s.Batch), func() error {
		if at+batch > len(images) {
			at = 0
		}
		err := p.Classes(images[at:at+batch], classes)
		at += batch
		return err
	})
}

// neuronSteps is how long the tutorial trains its neuron.
const neuronSteps = 10_000

// Neuron gives microseconds a step. Each chunk is the tutorial's whole training,
// and must end at the tutorial's answer.
func (s Setting) Neuron(ctx context.Context) (timing.Spread, error) {
	runtime.GOMAXPROCS(s.Workers)
	var each []float64
	for chunk := range s.Plan.Chunks + 1 {
		net, err := models.Neuron(3).New(models.NewNumPyRand(1))
		if err != nil {
			return timing.Spread{}, err
		}
		t, err := train.NewTrainer(net, truth.NeuronRows(), train.Config{Batch: 4, Rate: 1, Ordered: true, Machine: train.OwnVM(s.Workers)})
		if err != nil {
			return timing.Spread{}, err
		}
		begin := time.Now()
		for range neuronSteps {
			if _, err := t.Step(); err != nil {
				return timing.Spread{}, err
			}
		}
		if passed := time.Since(begin); chunk > 0 { // the first warms up
			each = append(each, passed.Seconds()*1e6/neuronSteps)
		}
		if err := t.Close(); err != nil {
			return timing.Spread{}, err
		}
		if answer := 1 / (1 + math.Exp(-net.Params[0].Float64s()[0])); math.Abs(answer-0.99993704) > 1e-7 {
			return timing.Spread{}, fmt.Errorf("the neuron answers %.8f, the tutorial 0.99993704", answer)
		}
		if err := ctx.Err(); err != nil {
			return timing.Spread{}, err
		}
	}
	return timing.Of(each), nil
}
