package gradcheck

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// machines has other ways of running the same gradients: the machine of the
// options and, for float32, the same graph in float64.
func (c *checker) machines(points [][][]float64) error {
	if c.Dtype == tensor.Float32 {
		if err := c.double(points); err != nil {
			return err
		}
	}
	if c.Machine == nil {
		return nil
	}
	s := c.subject
	results := append(G.Nodes{s.loss}, s.grads...)
	m, err := c.Machine(s.loss.Graph(), some(results)...)
	if err != nil {
		return err
	}
	defer m.Close()
	for _, x := range points {
		values, err := s.all.Values(s.at(x))
		if err != nil {
			return err
		}
		for i, n := range s.params {
			if err := G.Let(n, bindable(n, x[i])); err != nil {
				return fmt.Errorf("gradcheck: %s: %w", s.names[i], err)
			}
		}
		if err := m.RunAll(); err != nil {
			return fmt.Errorf("gradcheck: the machine: %w", err)
		}
		if !c.finite(values) {
			continue
		}
		tolerance := 1e-3 * c.Relative
		if c.Dtype == tensor.Float32 {
			tolerance = 0.1 * c.Relative
		}
		for i, n := range results {
			if n != nil && c.differ(finding.Machine, i, audit.Numbers(values[n]), audit.Numbers(m.Value(n)), "the machine", tolerance) {
				return nil
			}
		}
	}
	return nil
}

// double compares with the gradients of the same loss in float64.
func (c *checker) double(points [][][]float64) error {
	s, err := c.Options.subject(c.build, c.at, tensor.Float64)
	if err != nil {
		return nil // a loss that is made for float32
	}
	for _, x := range points {
		rounded := make([][]float64, len(x))
		for i := range x {
			rounded[i] = audit.Numbers(interpret.Float(tensor.Float32, tensor.Shape{len(x[i])}, x[i]))
		}
		single, err := c.subject.all.Values(c.subject.at(rounded))
		if err != nil {
			return err
		}
		double, err := s.all.Values(s.at(rounded))
		if err != nil {
			return err
		}
		for i, n := range append(G.Nodes{c.subject.loss}, c.subject.grads...) {
			if n != nil {
				of := append(G.Nodes{s.loss}, s.grads...)[i]
				if c.differ(finding.Single, i, audit.Numbers(single[n]), audit.Numbers(double[of]), "float64", c.Relative) {
					return nil
				}
			}
		}
	}
	return nil
}

// differ reports where the numbers of result i, the loss or a gradient, are not
// those of somebody else.
func (c *checker) differ(k finding.Kind, i int, ours, theirs []float64, who string, tolerance float64) bool {
	at, off := distance(ours, theirs)
	if off <= tolerance {
		return false
	}
	f := Finding{Kind: k, Index: at, Param: "loss", Witness: who, Symbolic: math.NaN(), Expected: math.NaN()}
	if i > 0 {
		f.Param = c.subject.names[i-1]
	}
	if at < len(ours) && at < len(theirs) {
		f.Symbolic, f.Expected = ours[at], theirs[at]
	}
	c.found = append(c.found, f)
	return true
}

// distance is the largest difference of two results, relative to the larger of
// the numbers and of the root mean square, and where it is.
func distance(a, b []float64) (at int, largest float64) {
	if len(a) != len(b) {
		return 0, math.Inf(1)
	}
	scale := max(rms(a), rms(b))
	for i := range a {
		d := math.Abs(a[i] - b[i])
		if d == 0 || math.IsNaN(a[i]) && math.IsNaN(b[i]) || a[i] == b[i] {
			continue
		}
		if d /= max(math.Abs(a[i]), math.Abs(b[i]), scale); d > largest || math.IsNaN(d) {
			at, largest = i, d
		}
		if math.IsNaN(largest) {
			return at, math.Inf(1)
		}
	}
	return at, largest
}

// bindable is what gorgonia.Let takes for a node.
func bindable(n *G.Node, x []float64) any {
	v := interpret.Float(n.Dtype(), n.Shape(), x)
	if n.IsScalar() {
		return v.Data()
	}
	return v
}

func some(nodes G.Nodes) (out G.Nodes) {
	for _, n := range nodes {
		if n != nil {
			out = append(out, n)
		}
	}
	return out
}
