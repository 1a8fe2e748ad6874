package train_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/local"
)

// A batch cut into shards has the loss and the gradient of the whole batch, with
// penalties and sums over the examples counted once; so has a last batch that does
// not fill the shards.
func TestShardsAddUpToTheBatch(t *testing.T) {
	_, digits, err := mnist.First(1, 600)
	if err != nil {
		t.Fatal(err)
	}
	penalised := models.MLP(784, 12, 10)
	penalised.L2 = 0.02
	for _, spec := range []models.Spec{penalised, summed()} {
		spec.Dtype = tensor.Float64
		steps := func(shards int) (losses []float64, grads [][]float64) {
			net, err := spec.New(models.NewRand(3))
			if err != nil {
				t.Fatal(err)
			}
			trainer, err := train.NewTrainer(net, digits.Head(25), train.Config{Batch: 23, Ordered: true, Rate: 0.001, Shards: shards, Machine: train.OwnVM(1)})
			if err != nil {
				t.Fatal(err)
			}
			defer trainer.Close()
			for range 2 {
				s, err := trainer.Step()
				if err != nil {
					t.Fatal(err)
				}
				losses, grads = append(losses, s.Loss), append(grads, trainer.Gradients()...)
			}
			return losses, grads
		}
		losses, grads := steps(1)
		for _, shards := range []int{2, 7, 23, 30} {
			gotLosses, got := steps(shards)
			for i, loss := range losses {
				if !(math.Abs(gotLosses[i]-loss) <= 1e-12*loss) {
					t.Errorf("%s in %d shards: loss %v, want %v", spec.Name, shards, gotLosses, losses)
				}
			}
			for p := range grads {
				largest := slices.Max(grads[p])
				for i := range grads[p] {
					if !(math.Abs(got[p][i]-grads[p][i]) <= 1e-12*largest) {
						t.Fatalf("%s in %d shards: gradient %d of parameter %d is %v, want %v", spec.Name, shards, i, p, got[p][i], grads[p][i])
					}
				}
			}
		}
	}
}

// One process that is told to stop makes all stop after the same step.
func TestGroupStopsTogether(t *testing.T) {
	_, digits, err := mnist.First(1, 600)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	reached := map[int]int{}
	err = local.Run(t.Context(), 3, func(ctx context.Context, g train.Group) error {
		net, err := models.MLP(784, 5, 10).New(models.NewRand(1))
		if err != nil {
			return err
		}
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		trainer, err := train.NewTrainer(net, digits.Head(600), train.Config{Batch: 6, Shards: 3, Group: g, Machine: train.OwnVM(1), OnStep: func(s train.Step) {
			if s.Index == 7 && g.Rank() == 1 {
				stop()
			}
		}})
		if err != nil {
			return err
		}
		defer trainer.Close()
		if _, err := trainer.Epoch(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("rank %d: %v, want context.Canceled", g.Rank(), err)
		}
		mu.Lock()
		defer mu.Unlock()
		reached[trainer.Progress().State.Step]++
		return nil
	})
	if err != nil || reached[8] != 3 {
		t.Errorf("stopped after steps %v, %v; want all three after 8", reached, err)
	}
}

// A process that computes otherwise is named at the end of the epoch.
func TestOtherWeightsAreNamed(t *testing.T) {
	_, digits, err := mnist.First(1, 600)
	if err != nil {
		t.Fatal(err)
	}
	err = local.Run(t.Context(), 3, func(ctx context.Context, g train.Group) error {
		net, err := models.MLP(784, 5, 10).New(models.NewRand(1))
		if err != nil {
			return err
		}
		if g.Rank() == 2 {
			net.Params[0].Data().([]float32)[0] += 1e-6
		}
		for _, err := range train.Epochs(ctx, net, digits.Head(60), train.Config{Epochs: 1, Shards: 4, Group: g, Machine: train.OwnVM(1)}) {
			return err
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "rank 0 has other weights after epoch 1 (do their processors round differently?) than ranks [2]") {
		t.Errorf("%v", err)
	}
}

// A number of shards that a checkpoint or a flag makes up takes no memory.
func TestTooManyShards(t *testing.T) {
	net, err := models.MLP(784, 5, 10).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	digits := &data.Set{Name: "one", Shape: []int{1, 28, 28}, Classes: 10, Pixels: make([]byte, 784), Labels: []int{3}}
	for shards, want := range map[int]string{train.MostShards: "", train.MostShards + 1: "65537 shards, want at most 65536", math.MaxInt: "want at most"} {
		trainer, err := train.NewTrainer(net, digits, train.Config{Shards: shards, Batch: 1, Machine: train.OwnVM(1)})
		if err == nil {
			_, err = trainer.Step()
			err = errors.Join(err, trainer.Close())
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%d shards: %v, want %q", shards, err, want)
		}
	}
}

func TestMoreProcessesThanShards(t *testing.T) {
	_, digits, err := mnist.First(1, 600)
	if err != nil {
		t.Fatal(err)
	}
	err = local.Run(t.Context(), 3, func(ctx context.Context, g train.Group) error {
		net, err := models.MLP(784, 5, 10).New(models.NewRand(1))
		if err == nil {
			_, err = train.NewTrainer(net, digits.Head(60), train.Config{Shards: 2, Group: g})
		}
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "2 shards for 3 processes") {
		t.Errorf("%v", err)
	}
}
