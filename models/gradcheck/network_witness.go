package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/culprit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// witness computes the same loss and gradients in another way, at the network's
// present weights.
type witness interface {
	gradients() (loss float64, grads [][]float64, err error)
}

// handWritten is backpropagation written by hand, see symgrad/models/reference.
type handWritten struct {
	of        *runner
	x, target []float64
	batch     int
}

func (h handWritten) gradients() (loss float64, grads [][]float64, err error) {
	twin, err := Reference(h.of.net, h.of.masks...)
	if err != nil {
		return 0, nil, err
	}
	if loss, _, err = twin.LossAndGradients(h.x, h.target, h.batch); err != nil {
		return 0, nil, err
	}
	for _, p := range twin.Params() {
		grads = append(grads, p.Grad)
	}
	return loss, grads, nil
}

// directions is along how many random ones each parameter is differenced.
const directions = 3

// differences compares the slopes of the graph's own loss. corners tells that some
// could not be judged because the loss has corners there.
func (e *exam) differences(at, gradients [][]float64, r *rand.Rand) (corners bool, err error) {
	var noise difference.Noise
	for p, w := range at {
		param := e.net.Params[p]
		loss := func(x []float64) (float64, error) {
			if err := param.Set(x); err != nil {
				return 0, err
			}
			loss, _, err := e.loss.run()
			return loss, err
		}
		m := &slopes{loss: loss, x: w, settings: difference.Double()}
		scale := rms(gradients[p])
		for range directions {
			direction := make([]float64, len(w))
			want := 0.0
			for i := range direction {
				direction[i] = r.NormFloat64() / math.Sqrt(float64(len(w)))
				want += direction[i] * gradients[p][i]
			}
			if noise.Unit == 0 {
				if noise, err = difference.Listen(m.line(direction), m.settings.Unit*m.size(direction), 0x1p-52); err != nil {
					return corners, err
				}
			}
			m.settings.Noise = noise
			estimate, err := m.along(direction)
			if err != nil {
				return corners, err
			}
			report := &e.report.Params[p]
			switch v := estimate.Judge(want, e.Difference, scale); {
			case v == difference.Right:
				report.Difference = max(report.Difference, math.Abs(want-estimate.Slope)/max(math.Abs(want), math.Abs(estimate.Slope), scale, math.SmallestNonzeroFloat64))
			case v == difference.Wrong && estimate.Shape != difference.Corner:
				f := mismatch(finding.Gradient, param.Name, -1, want, estimate.Slope, "finite difference")
				f.Within = estimate.Error
				return corners, f
			default:
				report.Corners++
				corners = true
			}
		}
		if err := param.Set(w); err != nil {
			return corners, err
		}
	}
	return corners, nil
}

// operators checks each operator of the graph alone, with its operands there.
func (e *exam) operators() error {
	inputs := map[*G.Node]G.Value{}
	plan := interpret.NewPlan(inputs, e.symbolic.loss)
	values, err := plan.Values(inputs)
	if err != nil {
		return fmt.Errorf("gradcheck: %w", err)
	}
	depends := map[*G.Node]bool{}
	for i := range e.net.Params {
		depends[e.symbolic.params[i]] = true
	}
	settings := culprit.Settings{Relative: e.Difference, Difference: difference.Double(), Epsilon: 0x1p-52, Depends: func(n *G.Node) bool { return depends[n] }}
	for _, n := range plan.Nodes() {
		for _, c := range interpret.Operands(n) {
			depends[n] = depends[n] || depends[c]
		}
		if !depends[n] || n.Op() == nil {
			continue
		}
		for _, f := range settings.Check(n, values) {
			return f
		}
		e.report.Operators++
	}
	return nil
}
