package train_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/local"
)

// wide has enough weights that a gradient travels in several buckets.
func wide() models.Spec {
	s := models.Sequential([]int{2}, models.Dense{Out: 90}, models.Tanh(), models.Dense{Out: 380}, models.Dropout{Drop: 0.25}, models.ReLU(), models.Dense{Out: 90}, models.Dense{Out: 4})
	s.Name, s.L2 = "wide", 0.01
	return s
}

// Small networks on any number of processes: shards in pairs and not, empty ones,
// and the evaluation's batches shared.
func TestSmallGroupsDoNotChangeTheBits(t *testing.T) {
	for _, s := range []sharing{
		{wide(), tensor.Float32, train.Momentum(0.9), 4, false},
		{wide(), tensor.Float32, train.SGD(), 5, false},
		{models.MLP(2, 3, 4), tensor.Float64, train.Adam(0.9, 0.999, 1e-8), 8, false},
		{models.MLP(2, 3, 4), tensor.Float32, train.SGD(), 11, false},
		{models.MLP(2, 3, 4), tensor.Float64, train.SGD(), 4, true},
		{models.MLP(2, 3, 4), tensor.Float64, train.SGD(), 5, true},
		{models.Neuron(2), tensor.Float64, train.SGD(), 8, false}, // three numbers for eight processes
	} {
		t.Run(s.String(), func(t *testing.T) {
			set := blobs(130) // batches of 64, 64 and 2
			if s.spec.Name == models.Neuron(2).Name {
				set.Classes, set.Targets, set.Labels = 1, uniform(6, 130, 0.5), nil
			}
			want := s.weights(t, set, 1, 1)
			for size, workers := range map[int]int{1: 2, 2: 1, 3: 2, 4: 1, 5: 1, 7: 1, 8: 1} {
				if size > s.shards {
					continue
				}
				if got := s.weights(t, set, size, workers); got != want {
					t.Errorf("%d processes of %d workers: %.40s, want %.40s", size, workers, got, want)
				}
			}
		})
	}
}

var errCut = errors.New("the cable is cut")

// cable is a process's way to the others, which is cut after so many messages.
type cable struct {
	train.Group
	left  int
	tried atomic.Int64 // messages after that
}

func (c *cable) Exchange(to int, out []byte, from int, in []byte) error {
	if c.left--; c.left < 0 {
		c.tried.Add(1)
		return errCut
	}
	return c.Group.Exchange(to, out, from, in)
}

// Wherever a process fails to send or receive, its training ends there, with that
// error.
func TestACutCableEndsTheTraining(t *testing.T) {
	set := blobs(12)
	buckets := models.MLP(2, 90, 380, 4)
	buckets.Init = models.Zeros()
	for _, c := range []struct {
		spec         models.Spec
		size, shards int
		machine      train.Backend
	}{{buckets, 2, 2, train.OwnVM(1)}, {models.MLP(2, 3, 4), 3, 4, train.OwnVM(1)}, {models.MLP(2, 3, 4), 4, 4, train.OwnVM(1)}, {models.MLP(2, 3, 4), 2, 2, train.TapeMachine()}} {
		for rank := range c.size {
			for left, passed := 0, false; !passed; left++ {
				cut := &cable{left: left}
				err := local.Run(t.Context(), c.size, func(ctx context.Context, g train.Group) error {
					if g.Rank() == rank {
						cut.Group = g
						g = cut
					}
					net, err := c.spec.New(models.NewRand(1))
					if err != nil {
						return err
					}
					for _, err = range train.Epochs(ctx, net, set, train.Config{Epochs: 1, Batch: 12, Machine: c.machine, Test: set, Shards: c.shards, Group: g}) {
					}
					if g == train.Group(cut) && cut.tried.Load() > 0 && !errors.Is(err, errCut) {
						t.Errorf("%s, rank %d of %d, cut after %d messages: %v", c.spec.Name, rank, c.size, left, err)
					}
					return err
				})
				switch passed = err == nil; {
				case passed && cut.tried.Load() != 0 || !passed && cut.tried.Load() != 1:
					t.Errorf("%s, rank %d of %d, cut after %d messages: tried %d more, %v", c.spec.Name, rank, c.size, left, cut.tried.Load(), err)
				case left > 500:
					t.Fatal("there is no end of messages")
				}
			}
		}
	}
}

// Alike names the processes that have something else than the first.
func TestAlike(t *testing.T) {
	for _, c := range []struct{ sums, want string }{
		{"a", ""}, {"aaa", ""}, {"abab", "train: rank 0 has other letters than ranks [1 3]"}, {"baaaa", "train: rank 0 has other letters than ranks [1 2 3 4]"},
	} {
		err := local.Run(t.Context(), len(c.sums), func(_ context.Context, g train.Group) error {
			err := train.Alike(g, "letters", []byte(strings.Repeat(c.sums[g.Rank():g.Rank()+1], 3)))
			if got := fmt.Sprint(err); c.want != "" && got != c.want || c.want == "" && err != nil {
				t.Errorf("%s, rank %d: %s, want %s", c.sums, g.Rank(), got, c.want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// A process that computes otherwise is named, of two as of many, in either dtype.
func TestOtherWeightsOfTwoAreNamed(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		err := local.Run(t.Context(), 2, func(ctx context.Context, g train.Group) error {
			spec := models.MLP(2, 3, 4)
			spec.Dtype = dtype
			net, err := spec.New(models.NewRand(uint64(g.Rank())))
			if err != nil {
				return err
			}
			for _, err = range train.Epochs(ctx, net, blobs(8), train.Config{Epochs: 1, Shards: 2, Group: g, Machine: train.OwnVM(1)}) {
			}
			return err
		})
		if want := "train: rank 0 has other weights after epoch 1 (do their processors round differently?) than ranks [1]"; fmt.Sprint(err) != want {
			t.Errorf("%v: %v, want %s", dtype, err, want)
		}
	}
}
