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
	sums   [][]F
	added  bool
	sum, x []F
	adds   func(worker, piece int)
	takes  func(worker, piece int)
}

// span is a part of one parameter.
type span struct{ param, from, to int }

// spanLen is how many numbers are summed as one piece of work.
const spanLen = 16384

// blockLen is how many numbers are added at once.
const blockLen = 2048

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

// take writes a shard's gradient, by parameter, into the last of sums, or adds it,
// unless it is in it already, nil; and then adds that to the sum before, and so on to
// the first, which alone holds anything afterwards. All is done to a block of numbers
// while it is in the cache.
func (a *adder[F]) take(grads []any, sums [][]F, added bool) {
	a.grads, a.sums, a.added = grads, sums, added
	a.on.parallel(len(a.spans), a.takes)
}

func (a *adder[F]) takePiece(_, piece int) { a.takeSpan(a.spans[piece], a.grads, a.sums, a.added) }

func (a *adder[F]) takeSpan(s span, grads []any, sums [][]F, added bool) {
	last, at := len(sums)-1, a.begins[s.param]
	grad, apart := grads[s.param].([]F)
	switch {
	case !apart:
		grad, last = sums[last][at:], last-1
	case !added:
		copy(sums[last][at+s.from:at+s.to], grad[s.from:s.to])
		last--
	}
	if last < 0 {
		return
	}
	var block [blockLen]F
	for from := s.from; from < s.to; from += blockLen {
		to := min(from+blockLen, s.to)
		x, onto := grad[from:to], block[:to-from]
		for i := last; i >= 0; i-- {
			sum := sums[i][at+from : at+to]
			if i == 0 {
				onto = sum
			}
			vec.Add(onto, sum, x)
			x = onto
		}
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
