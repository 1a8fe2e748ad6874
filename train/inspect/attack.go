package inspect

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"symgrad/models"
	"symgrad/train"
)

// Attacker looks for pictures near a given one that a network gets wrong. It is
// not safe for concurrent use.
type Attacker struct {
	graph   *models.AttackGraph
	machine train.Machine
	input   any
	target  any
}

// Loss is how wrong a network is about an input.
type Loss struct {
	Value         float64
	Probabilities []float64
	Slope         []float64 // dValue / d input, in the input's order
}

// NewAttacker builds the graph; machine nil means train.OwnVM(0).
func NewAttacker(net *models.Network, machine train.Backend) (*Attacker, error) {
	if machine == nil {
		machine = train.OwnVM(0)
	}
	g, err := net.Attack(1)
	if err != nil {
		return nil, err
	}
	m, err := machine(g.Expr, g.Answer, g.Loss, g.Slope)
	if err != nil {
		return nil, err
	}
	return &Attacker{graph: g, machine: m, input: g.Input.Value().Data(), target: g.Target.Value().Data()}, nil
}

// Close frees the machine.
func (a *Attacker) Close() error { return a.machine.Close() }

// Loss is the network's for an input that is labelled so, and its slope. With
// one output the label is what the output should be, 0 or 1.
func (a *Attacker) Loss(input []float64, label int) (Loss, error) {
	n := a.graph.Output.Shape()[1]
	switch want := a.graph.Input.Shape().TotalSize(); {
	case len(input) != want:
		return Loss{}, fmt.Errorf("inspect: %d numbers given, want %d", len(input), want)
	case label < 0 || label >= max(n, 2):
		return Loss{}, fmt.Errorf("inspect: label %d of %d: count from 0", label, max(n, 2))
	}
	target := make([]float64, n)
	if n == 1 {
		target[0] = float64(label)
	} else {
		target[label] = 1
	}
	set(a.input, input)
	set(a.target, target)
	if err := a.machine.RunAll(); err != nil {
		return Loss{}, fmt.Errorf("inspect: %w", err)
	}
	l := Loss{Probabilities: numbers(a.machine.Value(a.graph.Answer)), Slope: numbers(a.machine.Value(a.graph.Slope))}
	l.Value = numbers(a.machine.Value(a.graph.Loss))[0]
	return l, finite("the loss or its slope", append(slices.Clone(l.Slope), l.Value))
}

// FGSM moves every pixel by size, 0 to 1, to where the loss of the label grows:
// clip(x + size sign(dloss/dx)), the fast gradient sign method. Goodfellow,
// Shlens and Szegedy, "Explaining and harnessing adversarial examples" (2015),
// section 4. Pixels are and stay from 0 to 1.
func (a *Attacker) FGSM(input []float64, label int, size float64) ([]float64, error) {
	if !(size > 0 && size <= 1) {
		return nil, errNoBall
	}
	if err := pixels(input, a.graph.Input.Shape().TotalSize()); err != nil {
		return nil, err
	}
	l, err := a.Loss(input, label)
	if err != nil {
		return nil, err
	}
	moved := slices.Clone(input)
	stepped(moved, l.Slope, size, input, size)
	return moved, nil
}

// PGD says how [Attacker.PGD] goes.
type PGD struct {
	Size  float64 // the most that a pixel changes, 0 to 1
	Steps int     // default 20
	Step  float64 // of a pixel; default 2.5 Size / Steps
	Seed  uint64  // of the start
}

// PGD starts anywhere in the ball, at most Size from the input in each pixel,
// takes steps of FGSM, each projected back on the ball and on pixels from 0 to 1,
// and gives the picture of the largest loss that it came by. Madry, Makelov,
// Schmidt, Tsipras and Vladu, "Towards deep learning models resistant to
// adversarial attacks" (2018), section 2.1 and appendix.
func (a *Attacker) PGD(ctx context.Context, input []float64, label int, how PGD) ([]float64, error) {
	if !(how.Size > 0 && how.Size <= 1) {
		return nil, errNoBall
	}
	if err := pixels(input, a.graph.Input.Shape().TotalSize()); err != nil {
		return nil, err
	}
	if how.Steps < 1 {
		how.Steps = 20
	}
	if how.Step <= 0 {
		how.Step = 2.5 * how.Size / float64(how.Steps)
	}
	r := rand.New(rand.NewPCG(how.Seed, 0x9d6a))
	at := slices.Clone(input)
	for k, x := range input {
		at[k] = clip(x+how.Size*(2*r.Float64()-1), 0, 1)
	}
	var best []float64
	worst := 0.0
	for step := 0; ; step++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l, err := a.Loss(at, label)
		if err != nil {
			return nil, err
		}
		if best == nil || l.Value > worst {
			best, worst = slices.Clone(at), l.Value
		}
		if step == how.Steps {
			return best, nil
		}
		stepped(at, l.Slope, how.Step, input, how.Size)
	}
}

// stepped moves a picture up a slope, a step in each pixel, and projects it on
// the ball about another and on pixels from 0 to 1.
func stepped(at, slope []float64, step float64, centre []float64, size float64) {
	for k, s := range slope {
		switch {
		case s > 0:
			at[k] += step
		case s < 0:
			at[k] -= step
		}
		at[k] = clip(at[k], max(centre[k]-size, 0), min(centre[k]+size, 1))
	}
}

func clip(x, low, high float64) float64 { return min(max(x, low), high) }
