package train

import (
	"errors"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
)

// silent is the first of a group, to which the others send zeros.
type silent struct {
	size      int
	exchanged func()
}

func (silent) Rank() int   { return 0 }
func (s silent) Size() int { return s.size }
func (s silent) Exchange(_ int, _ []byte, _ int, in []byte) error {
	s.exchanged()
	clear(in)
	return nil
}

// The workers of a machine that runs are not asked for; a gradient that will never
// be there is not sent.
func TestSumsWhileTheMachineRuns(t *testing.T) {
	var s *sharded[float64]
	var saw string
	group := silent{2, func() { saw += map[bool]string{true: "busy ", false: "idle "}[s.adder.busy] }}
	s = newSharded[float64](lessons{net: linear(t, tensor.Float64), set: points(4), backend: OwnVM(1), made: map[portion]*lesson{}}, group, 2)
	into := make([]any, 2)
	for range 2 {
		saw = ""
		if _, _, err := s.gradient([]int{0, 1, 2, 3}, 0, false, into); err != nil {
			t.Fatal(err)
		}
		// A half of the gradient there and back, and then the losses.
		if want := "busy busy idle idle "; saw != want || len(s.stack) != 1 {
			t.Errorf("at its messages the machine was %swant %s; %d sums at once, want one", saw, want, len(s.stack))
		}
	}
	saw = ""
	s.pending.begin(s.ran)
	s.pending.end(errors.New("the machine fails"))
	if err := s.deliver(into, [][]float64{make([]float64, 9)}, false); err != nil || saw != "" {
		t.Errorf("%v; after the failure there are messages: %s", err, saw)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// How a gradient travels: by halves between powers of two, in buckets unless a sum
// travels before the last leaf; a process alone has no room for what it receives.
func TestWaysOfAGradient(t *testing.T) {
	spec := models.MLP(2, 90, 380, 4)
	spec.Init = models.Zeros()
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		size, shards   int
		halved         bool
		buckets, spare int
	}{{1, 1, true, 3, 0}, {1, 5, false, 3, 0}, {2, 2, true, 3, net.Size()}, {2, 6, false, 3, net.Size()}, {3, 4, false, 3, net.Size()}, {3, 5, false, 1, net.Size()}, {4, 8, true, 3, net.Size()}} {
		s := newSharded[float32](lessons{net: net}, silent{size: c.size}, c.shards)
		if s.halved != c.halved || len(s.pending.buckets) != c.buckets || len(s.spare) != c.spare {
			t.Errorf("%d processes, %d shards: by halves %v, %d buckets, %d spare", c.size, c.shards, s.halved, len(s.pending.buckets), len(s.spare))
		}
	}
}

// What a machine keeps of the weights for the shards of a step is of that step: a
// trainer that goes on makes the weights of new trainers for each step.
func TestWeightsAreKeptForOneStep(t *testing.T) {
	spec := models.Sequential([]int{2}, models.Dense{Out: 40}, models.ReLU(), models.Dense{Out: 3})
	var nets [2]*models.Network
	var trainers [2]*Trainer
	for i := range nets {
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		nets[i] = net
	}
	for step := range 4 {
		for i, net := range nets {
			if i == 1 || step == 0 {
				trainer, err := NewTrainer(net, points(64), Config{Batch: 64, Shards: 2, Rate: 1, Ordered: true, Machine: OwnVM(1)})
				if err != nil {
					t.Fatal(err)
				}
				defer trainer.Close()
				trainers[i] = trainer
			}
			if _, err := trainers[i].Step(); err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range nets[0].Params {
			if !slices.Equal(p.Float64s(), nets[1].Params[i].Float64s()) {
				t.Fatalf("step %d: %s is another one", step+1, p.Name)
			}
		}
	}
}
