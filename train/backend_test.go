package train_test

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train"
)

// shop makes machines that can fail, and counts them.
type shop struct {
	made, closed, runs int
	make, run, close   error
	from               int // the first machine that is not made, the first run that fails, the only machine that does not close
}

func (s *shop) backend(g *G.ExprGraph, results ...*G.Node) (train.Machine, error) {
	if s.made >= s.from && s.make != nil {
		return nil, s.make
	}
	m, err := train.OwnVM(1)(g, results...)
	s.made++
	return &sold{m, s, s.made - 1}, err
}

type sold struct {
	train.Machine
	of     *shop
	number int
}

// ran is one run more.
func (s *shop) ran() error {
	if s.runs++; s.runs > s.from {
		return s.run
	}
	return nil
}

func (m *sold) RunAll() error {
	if err := m.of.ran(); err != nil {
		return err
	}
	return m.Machine.RunAll()
}

func (m *sold) RunOn(input *G.Node, numbers []float32) error {
	if err := m.of.ran(); err != nil {
		return err
	}
	return m.Machine.RunOn(input, numbers)
}

func (m *sold) Close() error {
	m.of.closed++
	if m.number == m.of.from && m.of.close != nil {
		return m.of.close
	}
	return m.Machine.Close()
}

// uses of a backend, and how they tell of a run that fails.
var uses = map[string]func(net *models.Network, b train.Backend) error{
	"train: epoch 1, step 1: ":               func(net *models.Network, b train.Backend) error { return trainOn(net, b, 1) },
	"train: epoch 1, step 1: shard 1 of 3: ": func(net *models.Network, b train.Backend) error { return trainOn(net, b, 3) },
	"train: evaluating blobs: ": func(net *models.Network, b train.Backend) error {
		e := train.NewEvaluator(net, 4, b)
		for range 2 {
			if r, err := e.Evaluate(context.Background(), blobs(10)); err != nil {
				return errors.Join(err, e.Close(), nothing(r.Answers != nil || r.Measured()))
			}
		}
		return e.Close()
	},
	"train: predicting: ": func(net *models.Network, b train.Backend) error {
		p, err := train.NewPredictor(net, 2, b)
		if err != nil {
			return err
		}
		for range 2 {
			if out, err := p.Predict(make([]float64, 4)); err != nil {
				return errors.Join(err, p.Close(), nothing(out != nil))
			}
		}
		if err := p.Classes(make([]float32, 4), make([]int, 2)); err != nil {
			return errors.Join(err, p.Close())
		}
		return p.Close()
	},
}

// nothing is an error if there is something beside another error.
func nothing(something bool) error {
	if something {
		return errors.New("an answer beside an error")
	}
	return nil
}

func trainOn(net *models.Network, b train.Backend, shards int) error {
	t, err := train.NewTrainer(net, blobs(10), train.Config{Epochs: 2, Batch: 6, Machine: b, Shards: shards, Validation: blobs(5), Test: blobs(7)})
	if err != nil {
		return err
	}
	for _, err = range t.Epochs(context.Background()) {
	}
	if closing := t.Close(); err == nil {
		return closing
	}
	return err
}

// What a machine says when it is made, run or closed gets to who asked, once and
// with the place; and whatever was made is closed.
func TestMachinesThatFail(t *testing.T) {
	broke := errors.New("it broke")
	net := network(t, models.MLP(2, 3, 4), 1)
	for place, use := range uses {
		well := new(shop)
		if err := use(net, well.backend); err != nil || well.made == 0 || well.closed != well.made {
			t.Errorf("%s%v; %d machines, %d closed", place, err, well.made, well.closed)
		}
		for from := range well.made {
			s := shop{make: broke, from: from}
			if err := use(net, s.backend); !errors.Is(err, broke) || s.made != s.closed {
				t.Errorf("%swithout machine %d: %v; %d made, %d closed", place, from, err, s.made, s.closed)
			}
		}
		for from := range well.runs {
			s := shop{run: broke, from: from}
			err := use(net, s.backend)
			if !errors.Is(err, broke) || s.closed != s.made || s.runs > from+1 {
				t.Errorf("%srun %d fails: %v; %d made, %d closed", place, from, err, s.made, s.closed)
			}
			if want := place + "it broke"; from == 0 && err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		for from := range well.made {
			s := shop{close: broke, from: from}
			if err := use(net, s.backend); err != broke || s.closed != s.made {
				t.Errorf("%sclosing machine %d: %v; %d made, %d closed", place, from, err, s.made, s.closed)
			}
		}
	}
}

// What makes its own machines ends their goroutines when it returns.
func TestNoWorkersAreLeft(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a machine that is collected ends its goroutines as well
	large := models.Sequential([]int{1, 64, 64}, models.Conv2D{Maps: 32, Kernel: 5}, models.Sigmoid(), models.MeanPool{Size: 20}, models.Flatten{}, models.Dense{Out: 2})
	net, pictures, set := network(t, wide(), 1), network(t, large, 1), blobs(40)
	for name, use := range map[string]func() error{
		"Evaluate": func() error { _, err := train.Evaluate(t.Context(), net, set); return err },
		"Predict":  func() error { _, err := train.Predict(pictures, make([]float64, 64*64)); return err },
		"Layers":   func() error { _, err := train.Layers(net, make([]float64, 80)); return err },
		"Epochs": func() (err error) {
			for _, err = range train.Epochs(t.Context(), net, set, train.Config{Epochs: 1, Test: set}) {
			}
			return err
		},
	} {
		before := runtime.NumGoroutine()
		if err := use(); err != nil {
			t.Fatal(err)
		}
		left := func() int { return runtime.NumGoroutine() - before }
		for range 2000 { // one that is told to end takes a moment
			if left() <= 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if n := left(); n > 0 {
			t.Errorf("%s leaves %d goroutines", name, n)
		}
	}
}

// The machine of a last, larger shard is missing, after which sums would be added.
func TestALastShardWithoutMachine(t *testing.T) {
	s := shop{make: errors.New("it broke"), from: 1}
	trainer, err := train.NewTrainer(network(t, models.MLP(2, 3, 4), 1), blobs(5), train.Config{Epochs: 1, Batch: 5, Machine: s.backend, Shards: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trainer.Step(); !errors.Is(err, s.make) || s.made != 1 {
		t.Errorf("%v, %d machines; want %v and one", err, s.made, s.make)
	}
	if err := trainer.Close(); err != nil {
		t.Error(err)
	}
}
