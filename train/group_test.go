package train_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/local"
)

// sharing is one training to be shared by processes.
type sharing struct {
	spec   models.Spec
	dtype  tensor.Dtype
	rule   train.Optimizer
	shards int
	tape   bool // Gorgonia's machine
}

func (s sharing) String() string {
	return fmt.Sprintf("%s, %v, %s, %d shards, tape %v", s.spec.Name, s.dtype, s.rule.Name, s.shards, s.tape)
}

// weights are those after one epoch on a group of processes, in short, and what
// the epoch said.
func (s sharing) weights(t *testing.T, set *data.Set, size, workers int) string {
	t.Helper()
	var mu sync.Mutex
	found := map[string]int{}
	machine := train.OwnVM(workers)
	if s.tape {
		machine = train.TapeMachine()
	}
	err := local.Run(t.Context(), size, func(ctx context.Context, g train.Group) error {
		spec := s.spec
		spec.Dtype = s.dtype
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			return err
		}
		said := ""
		for epoch, err := range train.Epochs(ctx, net, set, train.Config{Epochs: 1, Batch: 64, Rate: 0.01, Optimizer: s.rule, Seed: 1,
			Machine: machine, Test: set.Head(30), Shards: s.shards, Group: g}) {
			if err != nil {
				return err
			}
			said = fmt.Sprint(epoch.Loss, epoch.Test.Loss, epoch.Test.Answers)
		}
		h := sha256.New()
		for _, p := range net.Params {
			if err := binary.Write(h, binary.LittleEndian, p.Data()); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		found[fmt.Sprintf("%x %s", h.Sum(nil)[:8], said)]++
		return nil
	})
	if err != nil {
		t.Fatalf("%v on %d processes: %v", s, size, err)
	}
	if len(found) != 1 {
		t.Fatalf("%v: %d processes ended in %v", s, size, found)
	}
	for w := range found {
		return w
	}
	return ""
}

func dropped(l2 float64) models.Spec {
	s := models.Sequential([]int{1, 28, 28}, models.Flatten{}, models.Dropout{Drop: 0.25}, models.Dense{Out: 10})
	s.Name, s.Loss, s.L2 = "dropout", models.SoftmaxCrossEntropy(), l2
	return s
}

// summed has a loss that is a sum over examples, and a penalty.
func summed() models.Spec {
	s := models.Sequential([]int{1, 28, 28}, models.Flatten{}, models.Dense{Out: 10}, models.Sigmoid())
	s.Name, s.Loss, s.L2 = "summed", models.HalfSquaredError(), 0.01
	return s
}

// Besides one and three processes each network has one other number of them, with
// LONG=1 all.
func TestProcessesDoNotChangeTheBits(t *testing.T) {
	_, digits, err := mnist.First(1, 150)
	if err != nil {
		t.Fatal(err)
	}
	images := digits.Head(150) // batches of 64, 64 and 22
	optimizers := []string{"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"}
	var all []sharing
	for i, name := range optimizers {
		rule, err := train.OptimizerByName(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, sharing{dropped(0.01), []tensor.Dtype{tensor.Float32, tensor.Float64}[i%2], rule, []int{8, 11}[i/3], false})
	}
	all = append(all, sharing{models.MLP(784, 128, 10), tensor.Float32, train.SGD(), 8, false}, sharing{models.Tutorial(), tensor.Float32, train.Nesterov(0.9), 8, false},
		sharing{summed(), tensor.Float64, train.SGD(), 40, false}) // more shards than the last batch has examples
	if os.Getenv("LONG") != "" {
		all = append(all, sharing{models.LeNet(), tensor.Float32, train.SGD(), 8, false}, sharing{models.Tutorial(), tensor.Float64, train.Nesterov(0.9), 13, false})
	}
	for i, s := range all {
		t.Run(s.String(), func(t *testing.T) {
			want := s.weights(t, images, 1, 1)
			for size, workers := range map[int]int{1: 2, 3: 2, 2: 1, 4: 1, 5: 1, 7: 1, 8: 1} {
				if turn := []int{2, 4, 5, 7, 8}[i%5]; os.Getenv("LONG") == "" && workers == 1 && size != turn {
					continue
				}
				if got := s.weights(t, images, size, workers); got != want {
					t.Errorf("%d processes of %d workers: %.40s, want %.40s", size, workers, got, want)
				}
			}
		})
	}
}
