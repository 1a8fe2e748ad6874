package train

import "symgrad/train/vm/kernel/vec"

// adder sums gradients, on the workers of the machine that ran last unless it is
// running.
type adder[F float32 | float64] struct {
	on     *lessons
	busy   bool   // the machine runs
	begins []int  // of each parameter in a sum, and the end
	spans  []span // of all parameters

	grads  []any // of take
	sum, x []F
	added  bool
	adds   func(worker, piece int)
	takes  func(worker, piece int)
}

// span is a part of one parameter.
type span struct{ param, from, to int }

// spanLen is how many numbers are summed as one piece of work.
const spanLen = 16384

func newAdder[F float32 | float64](on *lessons, begins []int) *adder[F] {
	a := &adder[F]{on: on, begins: begins}
	for p := range len(begins) - 1 {
		for from, end := 0, begins[p+1]-begins[p]; from < end; from += spanLen {
			a.spans = append(a.spans, span{p, from, min(from+spanLen, end)})
		}
	}
	a.adds, a.takes = a.addPiece, a.takePiece
	return a
}

// take writes a shard's gradient, by parameter, into sum, or adds it.
func (a *adder[F]) take(grads []any, sum []F, added bool) {
	a.grads, a.sum, a.added = grads, sum, added
	a.on.parallel(len(a.spans), a.takes)
}

func (a *adder[F]) takePiece(_, piece int) { a.takeSpan(a.spans[piece], a.grads, a.sum, a.added) }

func (a *adder[F]) takeSpan(s span, grads []any, sum []F, added bool) {
	at := a.begins[s.param]
	sum, x := sum[at+s.from:at+s.to], grads[s.param].([]F)[s.from:s.to]
	if added {
		vec.Add(sum, sum, x)
	} else {
		copy(sum, x)
	}
}

// add adds x to sum.
func (a *adder[F]) add(sum, x []F) {
	if a.busy {
		vec.Add(sum, sum, x[:len(sum)])
		return
	}
	a.sum, a.x = sum, x
	a.on.parallel((len(sum)+spanLen-1)/spanLen, a.adds)
}

func (a *adder[F]) addPiece(_, piece int) {
	from := piece * spanLen
	to := min(from+spanLen, len(a.sum))
	vec.Add(a.sum[from:to], a.sum[from:to], a.x[from:to])
}
