package inspect

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"symgrad/models"
	"symgrad/train"
)

// Integrator shares a network's output out among the pixels. It is not safe for
// concurrent use.
type Integrator struct{ *slopes }

// Shares are what each pixel gave to an output.
type Shares struct {
	Chosen int       // the output
	Values []float64 // of the pixels, in the input's order
	Score  float64   // the output for the input less that for the baseline
	Gap    float64   // Score less the sum of Values
}

const (
	// gapLimit is how far the shares may miss the score, of the score.
	gapLimit = 8e-5
	// mostPieces bounds what is integrated over, and so the time.
	mostPieces = 1 << 12
	// mostNumbers bounds the shares of all pieces, 256 MB: of large pictures there
	// are fewer.
	mostNumbers = 1 << 25
)

// NewIntegrator builds the graph; machine nil means train.OwnVM(0).
func NewIntegrator(net *models.Network, machine train.Backend) (*Integrator, error) {
	g, err := net.Saliency(1)
	if err != nil {
		return nil, err
	}
	s, err := newSlopes(g, machine)
	if err != nil {
		return nil, err
	}
	return &Integrator{s}, nil
}

// At integrates the slope of an output, or of the [Answer], along the straight
// line from a baseline, nil for zeros, to the input:
//
//	Values[k] = (input[k] - baseline[k]) integral from 0 to 1 of dscore/dx[k] (baseline + t (input - baseline)) dt
//
// Integrated gradients: Sundararajan, Taly and Yan, "Axiomatic attribution for
// deep networks" (2017), equation 1. Their sum is the score (completeness,
// proposition 1), so that every piece of the line tells its own error: the worst
// piece is halved until their sum and the root of the sum of their squares, for
// corners of ReLUs and pools err this way and that, are at most 8e-5 of the score.
// Errors of pixels may make up for each other in the sum: as far as halving moves
// the share of any pixel counts too, of the sum of the shares' sizes.
// Gap is the error that is left, larger only where 4096 pieces were not enough,
// of pictures of more than 8192 numbers fewer in proportion, or
// where the score is too small a part of the output for float32.
func (i *Integrator) At(ctx context.Context, input, baseline []float64, class int) (Shares, error) {
	if baseline == nil {
		baseline = make([]float64, len(input))
	}
	if len(baseline) != len(input) {
		return Shares{}, fmt.Errorf("inspect: a baseline of %d numbers for an input of %d", len(baseline), len(input))
	}
	if err := ctx.Err(); err != nil {
		return Shares{}, err
	}
	chosen, err := i.at(input, class)
	if err != nil {
		return Shares{}, err
	}
	l := line{i: i, from: baseline, to: input, class: chosen}
	end := i.read(i.graph.Output)[chosen]
	start, _, err := l.at(0)
	if err != nil {
		return Shares{}, err
	}
	shares, err := l.integrate(ctx, start, end)
	if err != nil {
		return Shares{}, err
	}
	s := Shares{Chosen: chosen, Values: shares, Score: end - start, Gap: end - start}
	for _, v := range shares {
		s.Gap -= v
	}
	return s, finite("the integrated gradients", append([]float64{s.Gap}, shares...))
}

// line is the way from a baseline to an input.
type line struct {
	i        *Integrator
	from, to []float64
	class    int
}

// at gives the score and its slope at a part of the way.
func (l line) at(t float64) (score float64, slope []float64, err error) {
	x := make([]float64, len(l.to))
	for k := range x {
		x[k] = l.from[k] + t*(l.to[k]-l.from[k])
	}
	if _, err := l.i.at(x, l.class); err != nil {
		return 0, nil, err
	}
	return l.i.read(l.i.graph.Output)[l.class], l.i.read(l.i.graph.Slope), nil
}

// piece is a part of the line, with the score at its ends and in its middle, and
// the shares by the midpoint rule. They miss so much of its own score; blur is how
// far the share of any pixel moved when the piece was halved from another.
type piece struct {
	from, to           float64
	start, middle, end float64
	shares             []float64
	miss, blur         float64
}

func (l line) piece(from, to, start, end float64) (piece, error) {
	p := piece{from: from, to: to, start: start, end: end}
	var err error
	if p.middle, p.shares, err = l.at((from + to) / 2); err != nil {
		return p, err
	}
	sum := 0.0
	for k, s := range p.shares {
		p.shares[k] = s * (l.to[k] - l.from[k]) * (to - from)
		sum += p.shares[k]
	}
	p.miss = end - start - sum
	return p, nil
}

// integrate adds up pieces, which it makes finer where that helps most.
func (l line) integrate(ctx context.Context, start, end float64) ([]float64, error) {
	whole, err := l.piece(0, 1, start, end)
	if err != nil {
		return nil, err
	}
	whole.blur = math.Inf(1)
	pieces, total := &worstFirst{whole}, slices.Clone(whole.shares)
	most := min(mostPieces, max(1<<6, mostNumbers/len(total)))
	for len(*pieces) < most && (pieces.miss() > gapLimit*math.Abs(end-start) || pieces.blur() > gapLimit*floats.Norm(total, 1)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p := heap.Pop(pieces).(piece)
		middle := (p.from + p.to) / 2
		left, err := l.piece(p.from, middle, p.start, p.middle)
		if err != nil {
			return nil, err
		}
		right, err := l.piece(middle, p.to, p.middle, p.end)
		if err != nil {
			return nil, err
		}
		blur := 0.0
		for k, s := range p.shares {
			moved := left.shares[k] + right.shares[k] - s
			blur = max(blur, math.Abs(moved))
			total[k] += moved
		}
		left.blur, right.blur = blur/2, blur/2
		heap.Push(pieces, left)
		heap.Push(pieces, right)
	}
	clear(total) // once more, without the rounding on the way
	for _, p := range *pieces {
		floats.Add(total, p.shares)
	}
	return total, nil
}

// worstFirst is a heap of pieces.
type worstFirst []piece

func (p piece) error() float64 { return max(math.Abs(p.miss), p.blur) }

func (w worstFirst) Len() int           { return len(w) }
func (w worstFirst) Less(a, b int) bool { return w[a].error() > w[b].error() }
func (w worstFirst) Swap(a, b int)      { w[a], w[b] = w[b], w[a] }
func (w *worstFirst) Push(p any)        { *w = append(*w, p.(piece)) }

func (w *worstFirst) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}

// miss is the larger of the errors' sum and the root of the sum of their squares.
func (w worstFirst) miss() float64 {
	sum, squares := 0.0, 0.0
	for _, p := range w {
		sum += p.miss
		squares += p.miss * p.miss
	}
	return max(math.Abs(sum), math.Sqrt(squares))
}

// blur is the root of the sum of the pieces' squares.
func (w worstFirst) blur() float64 {
	squares := 0.0
	for _, p := range w {
		squares += p.blur * p.blur
	}
	return math.Sqrt(squares)
}
