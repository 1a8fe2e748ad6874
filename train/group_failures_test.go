package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/local"
)

// fuse is the hyperbolic tangent until it blows, which it does once.
type fuse struct {
	G.SDOp
	left *atomic.Int64 // runs; nil: for ever
}

var errFuse = errors.New("a fuse has blown")

func (f fuse) Do(in ...G.Value) (G.Value, error) {
	if f.left != nil && f.left.Add(-1) < 0 {
		return nil, errFuse
	}
	return f.SDOp.Do(in...)
}

// A machine of one process that fails, before its last shard or in it, is that
// process's error, and ends the others'.
func TestAMachineOfAGroupFails(t *testing.T) {
	for _, shards := range []int{2, 3, 4} {
		for rank := range 2 {
			for _, how := range []string{"in an operator", "when it runs", "when it is made"} {
				for runs, passed := 0, false; !passed; runs++ {
					name := fmt.Sprintf("%d shards, rank %d, %s, after %d runs", shards, rank, how, runs)
					err := local.Run(t.Context(), 2, func(ctx context.Context, g train.Group) error {
						broken := shop{from: 1000}
						var left *atomic.Int64
						machine := train.OwnVM(1)
						switch {
						case g.Rank() == rank && how == "in an operator":
							left = new(atomic.Int64)
							left.Store(int64(runs))
						case g.Rank() == rank && how == "when it runs":
							broken = shop{run: errFuse, from: runs}
							machine = broken.backend
						case g.Rank() == rank:
							broken = shop{make: errFuse, from: runs}
							machine = broken.backend
						}
						net, err := models.Sequential([]int{2}, models.Dense{Out: 3}, models.NewActivation("fuse", func(x *G.Node) (*G.Node, error) {
							like, err := G.Tanh(G.NewMatrix(G.NewGraph(), x.Dtype(), G.WithShape(x.Shape()...), G.WithName("x")))
							if err != nil {
								return nil, err
							}
							return G.ApplyOp(fuse{like.Op().(G.SDOp), left}, x)
						}), models.Dense{Out: 4}).New(models.NewRand(1))
						if err != nil {
							return err
						}
						for _, err = range train.Epochs(ctx, net, blobs(16), train.Config{Epochs: 1, Batch: 8, Machine: machine, Shards: shards, Group: g}) {
						}
						if broken.runs > runs+1 && broken.run != nil {
							t.Errorf("%s: %d runs", name, broken.runs)
						}
						return err
					})
					want := []int{2, 2 + 2*rank, 4}[shards-2] // runs
					place := fmt.Sprintf(" of %d: ", shards)
					if how == "when it is made" {
						want, place = 1, ""
					}
					if passed = err == nil; passed && runs != want {
						t.Errorf("%s: nothing fails", name)
					} else if !passed && (!errors.Is(err, errFuse) || !strings.HasPrefix(err.Error(), "train: epoch 1, step ") || !strings.Contains(err.Error(), place)) {
						t.Errorf("%s: %v", name, err)
					}
				}
			}
		}
	}
}

// A process without examples takes part: it sums, updates and is told of a loss
// that is no number.
func TestAProcessWithoutExamples(t *testing.T) {
	for _, bad := range []float64{0, math.NaN()} {
		err := local.Run(t.Context(), 2, func(ctx context.Context, g train.Group) error {
			net, err := models.MLP(2, 3, 4).New(models.NewRand(1))
			if err != nil {
				return err
			}
			net.Params[3].Data().([]float32)[1] = float32(bad)
			for _, err = range train.Epochs(ctx, net, blobs(2), train.Config{Epochs: 1, Batch: 1, Shards: 2, Group: g, Machine: train.OwnVM(1)}) {
			}
			want := [2]string{"another process", "fc2.bias"}[g.Rank()]
			if want = "train: epoch 1, step 1: the loss is NaN; first non-finite value in " + want + "; try a smaller rate than 0.1"; bad != 0 && fmt.Sprint(err) != want {
				t.Errorf("rank %d: %v, want %s", g.Rank(), err, want)
			}
			if bad != 0 {
				return nil
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
