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
	graph *models.TrainingGraph
	grads []gradient
}

// gradient is a gradient's tensor and its numbers: asking a tensor for them costs
// more than a small network's whole step.
type gradient struct {
	value G.Value
	data  any
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
	return &lesson{bound: b, graph: g, grads: make([]gradient, len(g.Grads))}, nil
}

// readGrads writes the gradients of the last run, slices of the machine's own.
func (l *lesson) readGrads(into []any) {
	for i, n := range l.graph.Grads {
		g := &l.grads[i]
		if v := l.machine.Value(n); g.data == nil || v != g.value {
			g.value, g.data = v, v.Data()
		}
		into[i] = g.data
	}
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
