package train

import (
	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
)

// source computes the gradient of a batch.
type source interface {
	// gradient writes the gradient of the examples idx by parameter and returns
	// their loss, and whether this process or another one wants to stop.
	gradient(idx []int, step int, stop bool, into []any) (loss float64, stopped bool, err error)
	// last is the graph that ran last; nil before the first.
	last() *models.TrainingGraph
	// parallel calls run for each piece of other work, on the machine's workers.
	parallel(pieces int, run func(worker, piece int))
	Close() error
}

// newSource needs a configuration with its defaults.
func newSource(net *models.Network, set *data.Set, cfg Config) source {
	l := lessons{net: net, set: set, backend: cfg.Machine, seed: cfg.Seed, made: map[portion]*lesson{}}
	switch {
	case cfg.Shards == 1:
		return &whole{l}
	case net.Dtype == tensor.Float32:
		return newSharded[float32](l, cfg.Group, cfg.Shards)
	}
	return newSharded[float64](l, cfg.Group, cfg.Shards)
}

// lessons are the training graphs of one network, made when they are needed: the
// last batch of an epoch may be shorter, and shards differ by one.
type lessons struct {
	net     *models.Network
	set     *data.Set
	backend Backend
	seed    uint64
	made    map[portion]*lesson
	ran     *lesson
}

// portion is so many examples of a batch of so many.
type portion struct{ examples, of int }

// lesson makes the graph of the examples idx, which are a shard of a batch of so
// many, ready to run.
func (s *lessons) lesson(idx []int, of, step, shard int) (*lesson, error) {
	l := s.made[portion{len(idx), of}]
	if l == nil {
		var err error
		if l, err = newLesson(s.net, len(idx), float64(len(idx))/float64(of), s.backend); err != nil {
			return nil, err
		}
		s.made[portion{len(idx), of}] = l
	}
	s.ran = l
	l.gather(s.set, idx)
	l.dropout(s.seed, step, shard)
	return l, nil
}

func (s *lessons) last() *models.TrainingGraph {
	if s.ran == nil {
		return nil
	}
	return s.ran.graph
}

func (s *lessons) parallel(pieces int, run func(worker, piece int)) {
	if s.ran != nil {
		s.ran.machine.Parallel(pieces, run)
		return
	}
	for piece := range pieces { // all shards of this process have been empty
		run(0, piece)
	}
}

func (s *lessons) Close() error { return closeAll(s.made) }

// whole takes a batch in one graph, whose memory the gradients are. It is alone:
// nobody else has to know that it wants to stop.
type whole struct{ lessons }

func (w *whole) gradient(idx []int, step int, _ bool, into []any) (loss float64, _ bool, err error) {
	l, err := w.lesson(idx, len(idx), step, 0)
	if err != nil {
		return
	}
	if err = l.machine.RunAll(); err != nil {
		return
	}
	copy(into, l.read())
	loss, err = number(l.machine.Value(l.graph.Loss))
	return
}
