package repair

import (
	"errors"
	"fmt"
	"hash"
	"math"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ctcCurvatureOp is the Hessian of [CTCLoss] by a vector u of logProbs' shape, times
// dy; (logProbs, targets, inputLengths, targetLengths, dy, u). A gradient is minus
// the probability that a frame belongs to a label, given the target; its change
// along u comes from the forward-backward recursion in numbers that carry their own
// change along u.
type ctcCurvatureOp struct {
	mean bool
	axes int // of the targets
}

func (ctcCurvatureOp) Arity() int           { return 6 }
func (ctcCurvatureOp) OverwritesInput() int { return -1 }
func (ctcCurvatureOp) ReturnsPtr() bool     { return false }
func (ctcCurvatureOp) CallsExtern() bool    { return false }
func (op ctcCurvatureOp) String() string {
	return fmt.Sprintf("CTCCurvature{mean %t, %d}", op.mean, op.axes)
}
func (op ctcCurvatureOp) WriteHash(h hash.Hash) { fmt.Fprint(h, "symgrad/", op) }
func (op ctcCurvatureOp) Hashcode() uint32      { return hashcode(op) }
func (ctcCurvatureOp) DiffWRT(inputs int) []bool {
	return []bool{true, false, false, false, true, true}
}

func (ctcCurvatureOp) SymDiff(G.Nodes, *G.Node, *G.Node) (G.Nodes, error) {
	return nil, errors.New("repair: the CTC loss has no third derivative here")
}

func (op ctcCurvatureOp) Type() hm.Type {
	a := hm.TypeVariable('a')
	t := G.TensorType{Dims: 3, Of: a}
	whole := func(axes int) hm.Type { return G.TensorType{Dims: axes, Of: tensor.Int} }
	return hm.NewFnType(t, whole(op.axes), whole(1), whole(1), a, t, t)
}

func (op ctcCurvatureOp) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := G.DimSizersToShapes(in)
	if err != nil {
		return nil, err
	}
	if len(s) != 6 || len(s[0]) != 3 || !s[0].Eq(s[5]) {
		return nil, fmt.Errorf("repair: %v of %v: want probabilities (T, B, C) and as many of a direction", op, s)
	}
	return s[0].Clone(), nil
}

// Do goes sequence by sequence.
func (op ctcCurvatureOp) Do(in ...G.Value) (G.Value, error) {
	targets, t := in[1].Data().([]int)
	frames, f := in[2].Data().([]int)
	lengths, l := in[3].Data().([]int)
	if !t || !f || !l {
		return nil, fmt.Errorf("repair: %v: targets and lengths of %v, %v and %v: want whole numbers", op, in[1].Dtype(), in[2].Dtype(), in[3].Dtype())
	}
	shape := in[0].Shape()
	out := tensor.New(tensor.Of(in[0].Dtype()), tensor.WithShape(shape...))
	begin := 0
	for b, n := range lengths {
		if len(in[1].Shape()) == 2 {
			begin = b * in[1].Shape()[1]
		}
		label := targets[begin : begin+n]
		begin += n
		share := 1.0
		if op.mean {
			share = 1 / float64(max(1, n)*shape[1])
		}
		switch lp := in[0].Data().(type) {
		case []float64:
			ctcRows(out.Float64s(), lp, in[5].Data().([]float64), share*in[4].Data().(float64), shape, b, frames[b], label)
		case []float32:
			ctcRows(out.Float32s(), lp, in[5].Data().([]float32), share*float64(in[4].Data().(float32)), shape, b, frames[b], label)
		}
	}
	return out, nil
}

// ctcRows writes a sequence's part.
func ctcRows[F float32 | float64](out, logProbs, u []F, factor float64, shape tensor.Shape, b, frames int, target []int) {
	at := func(t, label int) int { return (t*shape[1]+b)*shape[2] + label }
	labels := []int{0} // with a blank around each
	for _, l := range target {
		labels = append(labels, l, 0)
	}
	p := func(t, s int) moving {
		i := at(t, labels[s])
		return moving{float64(logProbs[i]), float64(u[i])}
	}
	forward := alignments(frames, labels, p)
	last := len(labels) - 1
	backward := alignments(frames, reversed(labels), func(t, s int) moving { return p(frames-1-t, last-s) })
	all := forward[frames-1][last]
	if last > 0 {
		all = sumExp(all, forward[frames-1][last-1])
	}
	for t := range frames {
		for s, l := range labels {
			z := forward[t][s].plus(backward[frames-1-t][last-s]).minus(p(t, s)).minus(all)
			if !math.IsInf(z.value, -1) {
				out[at(t, l)] -= F(factor * math.Exp(z.value) * z.change)
			}
		}
	}
}

// alignments are the logarithms of the probabilities of the frames up to t, aligned
// with the labels up to s: alpha of section 4.1 of the paper.
func alignments(frames int, labels []int, p func(t, s int) moving) [][]moving {
	never := moving{value: math.Inf(-1)}
	all := make([][]moving, frames)
	for t := range all {
		for s, l := range labels {
			before := never
			switch {
			case t > 0:
				before = all[t-1][s]
				if s > 0 {
					before = sumExp(before, all[t-1][s-1])
				}
				if s > 1 && l != 0 && l != labels[s-2] {
					before = sumExp(before, all[t-1][s-2])
				}
			case s < 2:
				before = moving{}
			}
			all[t] = append(all[t], before.plus(p(t, s)))
		}
	}
	return all
}

func reversed(labels []int) (out []int) {
	for i := range labels {
		out = append(out, labels[len(labels)-1-i])
	}
	return out
}

// moving is a number and how it changes along a direction.
type moving struct{ value, change float64 }

func (a moving) plus(b moving) moving  { return moving{a.value + b.value, a.change + b.change} }
func (a moving) minus(b moving) moving { return moving{a.value - b.value, a.change - b.change} }

// sumExp is the logarithm of the sum of two exponentials.
func sumExp(a, b moving) moving {
	if a.value < b.value {
		a, b = b, a
	}
	if math.IsInf(b.value, -1) {
		return a
	}
	small := math.Exp(b.value - a.value)
	return moving{a.value + math.Log1p(small), (a.change + small*b.change) / (1 + small)}
}
