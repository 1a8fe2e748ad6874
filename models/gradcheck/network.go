package gradcheck

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/culprit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// NetworkOptions tune [Network]. Differences of gradients are relative to the
// larger of the two numbers and of the parameter's root-mean-square gradient.
type NetworkOptions struct {
	Machine     Machine // that trains; nil means Gorgonia's TapeMachine
	HandWritten float64 // tolerance; 0 means 1e-10
	Difference  float64 // tolerance; 0 means 1e-6
	Single      float64 // tolerance of float32, against hand-written in float64; 0 means 1e-3
}

func (o NetworkOptions) filled() NetworkOptions {
	if o.Machine == nil {
		o.Machine = TapeMachine()
	}
	for v, standard := range map[*float64]float64{&o.HandWritten: 1e-10, &o.Difference: 1e-6, &o.Single: 1e-3} {
		if *v == 0 {
			*v = standard
		}
	}
	return o
}

// Network compares the symbolic gradients of a network on one batch, as a machine
// computes them, with two witnesses: hand-written backpropagation, and central
// differences of the graph's own loss along random directions. Where the network
// is of float32, so are the gradients that the machine trains with: they are
// compared as well. x holds batch inputs, target batch targets.
//
// All this happens at the network's weights and at a generic point near them, where
// no unit but by chance stands at the corner of its activation or pool. Where
// weights are at corners, as under black pixels and zero biases, differences along
// a direction prove nothing; there each operator is checked alone.
//
// The first mismatch is returned as an error of type [Finding].
func Network(net *models.Network, x, target []float64, batch int, o NetworkOptions) (Report, error) {
	e, err := newExam(net, x, target, batch, o.filled())
	if err != nil {
		return Report{}, err
	}
	defer e.close()
	return e.report, e.run()
}

// exam is one check of a network.
type exam struct {
	NetworkOptions
	net      *models.Network // float64, a copy
	start    [][]float64     // its weights
	witness  witness
	symbolic *runner
	single   *runner // nil where the network is of float64
	loss     *runner
	report   Report
}

func newExam(net *models.Network, x, target []float64, batch int, o NetworkOptions) (*exam, error) {
	e := &exam{NetworkOptions: o}
	var err error
	if e.net, err = net.As(tensor.Float64); err != nil {
		return nil, err
	}
	for _, p := range e.net.Params {
		e.start = append(e.start, p.Float64s())
		e.report.Params = append(e.report.Params, ParamReport{Name: p.Name, Weights: p.Len()})
	}
	if net.Dtype == tensor.Float32 {
		x, target = rounded(x), rounded(target)
		single, err := net.As(tensor.Float32)
		if err != nil {
			return nil, err
		}
		if e.single, err = newRunner(single, x, target, batch, o.Machine, true); err != nil {
			return nil, err
		}
		e.report.Single = true
	}
	if e.symbolic, err = newRunner(e.net, x, target, batch, o.Machine, true); err != nil {
		return nil, err
	}
	if e.loss, err = newRunner(e.net, x, target, batch, o.Machine, false); err != nil {
		return nil, err
	}
	e.witness = handWritten{e.symbolic, x, target, batch}
	return e, nil
}

func (e *exam) close() {
	for _, r := range []*runner{e.symbolic, e.single, e.loss} {
		if r != nil {
			r.machine.Close()
		}
	}
}

func (e *exam) run() error {
	r := rand.New(rand.NewPCG(1, uint64(e.net.Size())))
	for point := range 2 {
		at := e.start
		if point > 0 {
			at = nil
			for _, w := range e.start {
				w = culprit.Moved(w, r.Float64)
				if e.single != nil {
					w = rounded(w)
				}
				at = append(at, w)
			}
		}
		if err := e.move(at); err != nil {
			return err
		}
		gradients, err := e.agree(point)
		if err != nil {
			return err
		}
		corners, err := e.differences(at, gradients, r)
		if err != nil {
			return err
		}
		if corners && point == 0 {
			if err := e.operators(); err != nil {
				return err
			}
		}
		if e.single != nil {
			if err := e.singleAgrees(corners); err != nil {
				return err
			}
		}
	}
	return nil
}

// move sets the weights that all graphs share.
func (e *exam) move(to [][]float64) error {
	for i, w := range to {
		if err := e.net.Params[i].Set(w); err != nil {
			return err
		}
		if e.single != nil {
			if err := e.single.net.Params[i].Set(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// agree compares with the hand-written gradients.
func (e *exam) agree(point int) (symbolic [][]float64, err error) {
	loss, symbolic, err := e.symbolic.run()
	if err != nil {
		return nil, err
	}
	wantLoss, want, err := e.witness.gradients()
	if err != nil {
		return nil, err
	}
	if point == 0 {
		e.report.Loss = loss
	}
	if at, off := distance([]float64{loss}, []float64{wantLoss}); off > e.HandWritten {
		return nil, mismatch(finding.Gradient, "loss", at, loss, wantLoss, "hand-written")
	}
	for i := range want {
		p := &e.report.Params[i]
		at, off := distance(symbolic[i], want[i])
		if p.HandWritten = max(p.HandWritten, off); off > e.HandWritten {
			return nil, mismatch(finding.Gradient, p.Name, at, symbolic[i][at], want[i][at], "hand-written")
		}
	}
	return symbolic, nil
}

// singleAgrees compares the float32 gradients with hand-written ones in float64.
// At a corner, or where rounding takes a unit over one, they may be others and yet
// right: what tells is the generic point.
func (e *exam) singleAgrees(corners bool) error {
	_, got, err := e.single.run()
	if err != nil {
		return err
	}
	_, want, err := e.witness.gradients()
	if err != nil {
		return err
	}
	for i := range want {
		p := &e.report.Params[i]
		at, off := distance(got[i], want[i])
		if off <= e.Single {
			p.Single = max(p.Single, off)
			continue
		}
		if !corners {
			plain, err := interpret.NewPlan(nil, e.single.grads[i]).Values(nil)
			if err != nil {
				return fmt.Errorf("gradcheck: %w", err)
			}
			if _, off := distance(audit.Numbers(plain[e.single.grads[i]]), want[i]); off <= e.Single {
				return mismatch(finding.Single, p.Name, at, got[i][at], want[i][at], "hand-written in float64")
			}
		}
		e.report.Other = append(e.report.Other, p.Name)
	}
	return nil
}

func mismatch(k finding.Kind, param string, at int, symbolic, expected float64, who string) Finding {
	return Finding{Kind: k, Param: param, Index: at, Symbolic: symbolic, Expected: expected, Witness: who}
}

func rounded(x []float64) []float64 {
	out := slices.Clone(x)
	for i, v := range out {
		out[i] = float64(float32(v))
	}
	return out
}
