package train

import (
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
)

// lesson is a training graph on its machine.
type lesson struct {
	*bound
	graph  *models.TrainingGraph
	values []G.Value // of the gradients
	grads  []any     // their numbers

	listened bool // the machine tells of its gradients, see [pending]
}

// newLesson is of batch examples that are a share of a whole batch.
func newLesson(net *models.Network, batch int, share float64, backend Backend) (*lesson, error) {
	g, err := net.Shard(batch, share)
	if err != nil {
		return nil, err
	}
	b, err := bind(g.Graph, g.Target, backend, slices.Concat(G.Nodes{g.Loss}, g.Grads)...)
	if err != nil {
		return nil, err
	}
	return &lesson{bound: b, graph: g, values: make([]G.Value, len(g.Grads)), grads: make([]any, len(g.Grads))}, nil
}

// read gives the gradients of the last run by parameter, []float32 or []float64
// of the machine's own.
func (l *lesson) read() []any {
	for i, n := range l.graph.Grads {
		if v := l.machine.Value(n); v != l.values[i] {
			l.values[i], l.grads[i] = v, v.Data() // asking a tensor costs more than a small network's whole step
		}
	}
	return l.grads
}

// dropout fills the masks from a stream of the seed, the step and the shard alone.
func (l *lesson) dropout(seed uint64, step, shard int) {
	if len(l.graph.Masks) == 0 {
		return
	}
	r := rand.New(rand.NewPCG(seed, uint64(step)|uint64(shard)<<40))
	for _, m := range l.graph.Masks {
		switch mask := m.Node.Value().Data().(type) {
		case []float32:
			drop(r, mask, m.Drop)
		case []float64:
			drop(r, mask, m.Drop)
		}
	}
}

func drop[F float32 | float64](r *rand.Rand, mask []F, p float64) {
	keep := F(1 / (1 - p))
	for i := range mask {
		mask[i] = 0
		if r.Float64() >= p {
			mask[i] = keep
		}
	}
}
