package train

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
)

// Masks are drawn one after the other from a stream that the seed, the step and
// the shard decide, and keep the mean.
func TestMasks(t *testing.T) {
	spec := models.Sequential([]int{2}, models.Dropout{Drop: 0.5}, models.Dense{Out: 3}, models.Dropout{Drop: 0.75})
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		spec.Dtype = dtype
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		l, err := newLesson(net, 20, 1, OwnVM(1))
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range [][3]int{{1, 0, 0}, {1, 2, 0}, {1, 2, 3}, {5, 2, 3}} {
			seed, step, shard := of[0], of[1], of[2]
			l.dropout(uint64(seed), step, shard)
			r := rand.New(rand.NewPCG(uint64(seed), uint64(step)+uint64(shard)*(1<<40)))
			if drawn := masksOf(r, l.graph.Masks); drawn != "" {
				t.Fatalf("%v, seed %d, step %d, shard %d: %s", dtype, seed, step, shard, drawn)
			}
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// masksOf says where masks are not what a source draws.
func masksOf(r *rand.Rand, masks []models.Mask) (wrong string) {
	for _, m := range masks {
		values(m.Node.Value().Data(), func(i int, v float64) bool {
			want := 0.0
			if r.Float64() >= m.Drop {
				want = 1 / (1 - m.Drop)
			}
			if v != want && wrong == "" {
				wrong = fmt.Sprintf("mask %g, number %d is %g, want %g", m.Drop, i, v, want)
			}
			return true
		})
	}
	return wrong
}

// A training draws for the number of its step and of the shard.
func TestMasksOfATraining(t *testing.T) {
	for shards, last := range map[int]int{1: 0, 2: 1, 3: 2} {
		net, err := models.Sequential([]int{2}, models.Dropout{Drop: 0.5}, models.Dense{Out: 3}).New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		trainer, err := NewTrainer(net, points(40), Config{Batch: 20, Seed: 9, Shards: shards})
		if err != nil {
			t.Fatal(err)
		}
		for step := range 3 {
			if _, err := trainer.Step(); err != nil {
				t.Fatal(err)
			}
			if wrong := masksOf(rand.New(rand.NewPCG(9, uint64(step)+uint64(last)*(1<<40))), trainer.source.last().Masks); wrong != "" {
				t.Errorf("%d shards, step %d: %s", shards, step, wrong)
			}
		}
	}
}

// always is a random source of one number.
type always uint64

func (a always) Uint64() uint64 { return uint64(a) }

// Of the draws from 0 to 1, those below p drop.
func TestDropAtTheBorder(t *testing.T) {
	for draw, want := range map[always]float64{1<<51 - 1: 0, 1 << 51: 4.0 / 3, 1<<51 + 1: 4.0 / 3} { // 1 << 51 stands for 1/4
		mask := []float64{7}
		if drop(rand.New(draw), mask, 0.25); mask[0] != want {
			t.Errorf("drawing %d of 2^53: %g, want %g", draw, mask[0], want)
		}
	}
}

// answering is a source that gives what it is told.
type answering struct {
	lessons
	grads   []any
	loss    float64
	stopped bool
	err     error
}

func (a *answering) gradient(_ []int, _ int, _ bool, into []any) (float64, bool, error) {
	copy(into, a.grads)
	return a.loss, a.stopped, a.err
}

// A step that fails says where and changes no weight.
func TestStepsThatFail(t *testing.T) {
	for _, c := range []struct {
		give answering
		want string
	}{
		{answering{grads: []any{make([]float64, 6), make([]float64, 3)}}, "<nil>"},
		{answering{grads: []any{make([]float64, 6), make([]float64, 4)}}, "train: the gradient of fc1.bias is a []float64, want 3 numbers of float64"},
		{answering{grads: []any{make([]float32, 6), make([]float64, 3)}}, "train: the gradient of fc1.weight is a []float32, want 6 numbers of float64"},
		{answering{err: errors.New("no way")}, "train: epoch 1, step 1: no way"},
		{answering{loss: -1 / zero()}, "train: epoch 1, step 1: the loss is -Inf; first non-finite value in another process; try a smaller rate than 0.1"},
	} {
		trainer, err := NewTrainer(linear(t, tensor.Float64), points(3), Config{})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range c.give.grads {
			values(g, func(i int, _ float64) bool {
				switch g := g.(type) {
				case []float64:
					g[i] = 1
				case []float32:
					g[i] = 1
				}
				return true
			})
		}
		trainer.source = &c.give
		before := fmt.Sprint(trainer.net.Params[0].Float64s(), trainer.net.Params[1].Float64s())
		s, err := trainer.Step()
		if fmt.Sprint(err) != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
		moved := before != fmt.Sprint(trainer.net.Params[0].Float64s(), trainer.net.Params[1].Float64s())
		if p := trainer.Progress(); moved != (err == nil) || (p.Index == 1) != (err == nil) || p.State.Step != p.Index || s.Images != 3 || s.Loss != c.give.loss {
			t.Errorf("%v: moved %v, at step %d of the epoch, %d of the optimizer; told %+v", err, moved, p.Index, p.State.Step, s)
		}
	}
}

func zero() float64 { return 0 }

// A graph's gradients are read anew when the machine answers with another tensor.
func TestGradientsAreReadAnew(t *testing.T) {
	tensorOf := func(v ...float64) G.Value { return tensor.New(tensor.WithShape(len(v)), tensor.WithBacking(v)) }
	x := G.NewVector(G.NewGraph(), tensor.Float64, G.WithShape(2), G.WithName("x"))
	m := &holding{value: tensorOf(1, 2)}
	l := lessonOn(&bound{machine: m}, &models.TrainingGraph{Grads: G.Nodes{x}})
	if got := fmt.Sprint(l.read()); got != "[[1 2]]" {
		t.Error(got)
	}
	m.value.Data().([]float64)[0] = 5
	if got := fmt.Sprint(l.read()); got != "[[5 2]]" {
		t.Error(got)
	}
	m.value = tensorOf(3, 4)
	if got := fmt.Sprint(l.read()); got != "[[3 4]]" {
		t.Error(got)
	}
}

// What is placed is not read, and goes back to the machine's own numbers.
func TestGradientsArePlaced(t *testing.T) {
	x := G.NewVector(G.NewGraph(), tensor.Float64, G.WithShape(2), G.WithName("x"))
	m := &holding{value: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))}
	l := lessonOn(&bound{machine: m}, &models.TrainingGraph{Grads: G.Nodes{x}})
	for _, c := range []struct {
		part        string
		able, onto  bool
		reads, went string
	}{
		{"there", false, false, "[[1 2]]", "[there false]"},
		{"here", true, false, "[<nil>]", "[here false]"},
		{"here", true, true, "[<nil>]", "[here true]"},
		{"there", false, true, "[[1 2]]", "[there true [1 2] false]"},
		{"there", false, true, "[[1 2]]", "[there true]"},
	} {
		m.able, m.placed = c.able, nil
		l.place([]any{c.part}, c.onto)
		if reads, went := fmt.Sprint(l.read()), fmt.Sprint(m.placed); reads != c.reads || went != c.went {
			t.Errorf("placed %+v: reads %s, the machine was told %s", c, reads, went)
		}
	}
	l = lessonOn(&bound{machine: m}, &models.TrainingGraph{Grads: G.Nodes{x, x}})
	m.able, m.placed = true, nil
	l.place([]any{"here", "there"}, false)
	if reads := fmt.Sprint(l.read()); reads != "[[1 2] [1 2]]" || m.placed != nil {
		t.Errorf("a gradient of two parameters: reads %s, placed at %v", reads, m.placed)
	}
}

// A gradient that was placed goes back to the machine's own numbers though it was
// never read.
func TestAGradientGoesBackUnread(t *testing.T) {
	x := G.NewVector(G.NewGraph(), tensor.Float64, G.WithShape(2), G.WithName("x"))
	m := &holding{value: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2})), able: true}
	l := lessonOn(&bound{machine: m}, &models.TrainingGraph{Grads: G.Nodes{x}})
	l.place([]any{"here"}, false)
	m.able, m.placed = false, nil
	l.place([]any{"here"}, true)
	if went := fmt.Sprint(m.placed); went != "[here true [1 2] false]" {
		t.Errorf("the machine was told %s", went)
	}
}

// holding is a machine with one value.
type holding struct {
	Machine
	value  G.Value
	able   bool
	placed []any
}

func (h *holding) Place(_ *G.Node, numbers any, onto bool) bool {
	h.placed = append(h.placed, numbers, onto)
	return h.able
}

func (h *holding) Value(*G.Node) G.Value { return h.value }
