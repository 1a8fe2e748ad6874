package train

import (
	"fmt"

	"symgrad/train/vm/kernel/vec"
)

// adder sums gradients.
type adder[F float32 | float64] struct {
	on     *lessons // whose workers it uses
	begins []int    // of each parameter in a sum, and the end
	spans  []span   // of all parameters
	grads  []any    // of a shard, by parameter
	parts  [][]F    // the same
	sum, x []F      // of add
	added  bool     // of take
	adds   func(worker, piece int)
	takes  func(worker, piece int)
}

// span is a part of one parameter.
type span struct{ param, from, to int }

// spanLen is how many numbers are summed as one piece of work.
const spanLen = 16384

func newAdder[F float32 | float64](on *lessons, begins []int) *adder[F] {
	n := len(begins) - 1
	a := &adder[F]{on: on, begins: begins, grads: make([]any, n), parts: make([][]F, n)}
	for p := range n {
		for from, end := 0, begins[p+1]-begins[p]; from < end; from += spanLen {
			a.spans = append(a.spans, span{p, from, min(from+spanLen, end)})
		}
	}
	a.adds, a.takes = a.addPiece, a.takePiece
	return a
}

// take writes a shard's gradient into sum, or adds it.
func (a *adder[F]) take(l *lesson, sum []F, added bool) error {
	l.readGrads(a.grads)
	for p, g := range a.grads {
		part, ok := g.([]F)
		if !ok || len(part) != a.begins[p+1]-a.begins[p] {
			return fmt.Errorf("train: gradient %d is a %T of %d numbers, want %d of another kind", p, g, len(part), a.begins[p+1]-a.begins[p])
		}
		a.parts[p] = part
	}
	a.sum, a.added = sum, added
	a.on.parallel(len(a.spans), a.takes)
	return nil
}

func (a *adder[F]) takePiece(_, piece int) {
	s := a.spans[piece]
	sum, x := a.sum[a.begins[s.param]+s.from:a.begins[s.param]+s.to], a.parts[s.param][s.from:s.to]
	if a.added {
		vec.Add(sum, sum, x)
	} else {
		copy(sum, x)
	}
}

// add adds x to sum.
func (a *adder[F]) add(sum, x []F) {
	a.sum, a.x = sum, x
	a.on.parallel((len(sum)+spanLen-1)/spanLen, a.adds)
}

func (a *adder[F]) addPiece(_, piece int) {
	from := piece * spanLen
	to := min(from+spanLen, len(a.sum))
	vec.Add(a.sum[from:to], a.sum[from:to], a.x[from:to])
}
