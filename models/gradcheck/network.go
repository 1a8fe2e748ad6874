package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/reference"
)

// Tolerances of [Network], between the symbolic gradient and each witness.
// Differences are relative to the larger of the two numbers and of the
// parameter's root-mean-square gradient.
type Tolerances struct {
	HandWritten float64 // 0 means 1e-10 (float32: 1e-3)
	Difference  float64 // 0 means 1e-6; float32 networks are not differenced
}

// Report is what three witnesses say about one network's gradients.
type Report struct {
	Loss   float64
	Params []ParamReport
}

// ParamReport is the largest relative disagreement for one parameter.
type ParamReport struct {
	Name                    string
	Weights                 int
	HandWritten, Difference float64 // Difference is NaN for float32
}

func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-14s %8s  %12s  %17s\n", "gradient of", "numbers", "hand-written", "finite difference")
	for _, p := range r.Params {
		fmt.Fprintf(&b, "%-14s %8d  %12.1e  %17.1e\n", p.Name, p.Weights, p.HandWritten, p.Difference)
	}
	return strings.TrimRight(b.String(), "\n")
}

// Network compares the symbolic gradients of a network on one batch with those
// of hand-written backpropagation and with central differences along random
// directions. x holds batch inputs, target batch targets. The first mismatch is
// returned as an error of type [Mismatch].
func Network(net *models.Network, x, target []float64, batch int, tol Tolerances) (Report, error) {
	single := net.Dtype == tensor.Float32
	if tol.HandWritten == 0 {
		tol.HandWritten = 1e-10
		if single {
			tol.HandWritten = 1e-3
		}
	}
	if tol.Difference == 0 {
		tol.Difference = 1e-6
	}
	graph, err := net.Training(batch)
	if err != nil {
		return Report{}, err
	}
	masks := fillMasks(graph)
	if err := errorOf(set(graph.Input, x), set(graph.Target, target)); err != nil {
		return Report{}, err
	}
	symbolic, _, err := gradients(graph)
	if err != nil {
		return Report{}, err
	}
	witness, err := Reference(net, masks...)
	if err != nil {
		return Report{}, err
	}
	r := Report{}
	if r.Loss, _, err = witness.LossAndGradients(x, target, batch); err != nil {
		return Report{}, err
	}
	for i, p := range witness.Params() {
		report := ParamReport{Name: net.Params[i].Name, Weights: len(p.Grad), Difference: math.NaN()}
		var at int
		report.HandWritten, at = distance(symbolic[i], p.Grad)
		r.Params = append(r.Params, report)
		if report.HandWritten > tol.HandWritten || math.IsNaN(report.HandWritten) {
			return r, Mismatch{Param: report.Name, Index: at, Symbolic: symbolic[i][at], Expected: p.Grad[at], Witness: "hand-written"}
		}
	}
	if single {
		return r, nil
	}
	for i, p := range witness.Params() { // moving the weights overwrites the hand-written gradients
		r.Params[i].Difference, err = differences(witness, p, symbolic[i], x, target, batch, r.Params[i].Name, tol.Difference)
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// distance is the largest difference of two gradients, relative as in
// [Tolerances], and where it is.
func distance(a, b []float64) (largest float64, at int) {
	square := 0.0
	for _, v := range b {
		square += v * v
	}
	rms := math.Sqrt(square / float64(len(b)))
	for i := range a {
		d := math.Abs(a[i]-b[i]) / max(math.Abs(a[i]), math.Abs(b[i]), rms, 1e-30)
		if d > largest || math.IsNaN(d) {
			largest, at = d, i
		}
	}
	return largest, at
}

// differences compares the slope of the hand-written loss along three random
// directions with the symbolic one.
func differences(witness *reference.Network, p *reference.Param, symbolic, x, target []float64, batch int, name string, tolerance float64) (worst float64, err error) {
	r := rand.New(rand.NewPCG(1, uint64(len(symbolic))))
	start := append([]float64(nil), p.Value...)
	defer copy(p.Value, start)
	for range 3 {
		direction := make([]float64, len(symbolic))
		slope, norm := 0.0, 0.0
		for i := range direction {
			direction[i] = r.NormFloat64() / math.Sqrt(float64(len(direction)))
			slope += direction[i] * symbolic[i]
			norm += symbolic[i] * symbolic[i]
		}
		floor := max(math.Sqrt(norm/float64(len(symbolic))), 1e-3)
		distance := func(a, b float64) float64 { return math.Abs(a-b) / max(math.Abs(a), math.Abs(b), floor) }
		ok, numeric, err := slopeOf(func(h float64) (float64, error) {
			for i, d := range direction {
				p.Value[i] = start[i] + h*d
			}
			return witness.LossOf(x, target, batch)
		}, slope, 1e-4, func(a, b float64) bool { return distance(a, b) <= tolerance })
		if err != nil {
			return worst, err
		}
		if !ok {
			return worst, Mismatch{Param: name, Index: -1, Symbolic: slope, Expected: numeric, Witness: "finite difference"}
		}
		worst = max(worst, distance(slope, numeric))
	}
	return worst, nil
}

// fillMasks draws dropout masks and returns them as numbers.
func fillMasks(g *models.TrainingGraph) [][]float64 {
	r := rand.New(rand.NewPCG(2, 2))
	var masks [][]float64
	for _, m := range g.Masks {
		values := make([]float64, m.Node.Shape().TotalSize())
		for i := range values {
			if r.Float64() >= m.Drop {
				values[i] = 1 / (1 - m.Drop)
			}
		}
		if set(m.Node, values) == nil {
			masks = append(masks, values)
		}
	}
	return masks
}

// gradients runs a training graph on Gorgonia's TapeMachine.
func gradients(g *models.TrainingGraph) (grads [][]float64, loss float64, err error) {
	read := make([]G.Value, len(g.Grads)+1)
	G.Read(g.Loss, &read[0])
	for i, n := range g.Grads {
		G.Read(n, &read[i+1])
	}
	machine := G.NewTapeMachine(g.Expr)
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		return nil, 0, fmt.Errorf("gradcheck: running the gradient: %w", err)
	}
	for _, v := range read[1:] {
		grads = append(grads, numbers(v))
	}
	return grads, numbers(read[0])[0], nil
}

func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("gradcheck: %w", err)
		}
	}
	return nil
}
