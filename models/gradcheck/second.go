package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
	"symgrad/models/repair"
)

// curvature is u'Hv and v'Hu of a loss with the Hessian H, u and v being random
// directions over all its parameters, as nodes: the gradients of the gradient
// along v, and along u.
type curvature struct {
	*subject
	u, v     [][]float64
	uHv, vHu *G.Node
	by       G.Nodes // Hv
	plan     interpret.Plan
}

// second checks the second derivatives at a point: u'Hv against differences of
// the gradient, and the dot-product test, u'Hv = v'Hu, which needs no step.
func (c *checker) second(point int, x [][]float64) error {
	k, err := c.curvature(rand.New(rand.NewPCG(c.Seed, uint64(0x2d+point))))
	if err != nil {
		c.found = append(c.found, Finding{Kind: finding.Second, Reason: err.Error()})
		return nil
	}
	given := k.at(x)
	values, err := k.plan.Values(given)
	if err != nil {
		c.found = append(c.found, Finding{Kind: finding.Second, Reason: "when it runs: " + err.Error()})
		return nil
	}
	uHv, vHu := audit.Numbers(values[k.uHv])[0], audit.Numbers(values[k.vHu])[0]
	if !finite([]float64{uHv, vHu}) && point > 0 {
		return nil // outside of what the loss is defined for
	}
	_, epsilon := c.differences()
	unsure := func(n *G.Node, claimed float64) float64 {
		return audit.Unsure(k.plan, given, n, []float64{1}, claimed, rand.New(rand.NewPCG(c.Seed, 5)).Float64, epsilon)
	}
	f := Finding{Index: -1, Symbolic: uHv}
	within := 500*epsilon*math.Abs(uHv) + 30*(unsure(k.uHv, uHv)+unsure(k.vHu, vHu))
	if !(math.Abs(uHv-vHu) <= within) {
		f.Kind, f.Witness, f.Expected, f.Within = finding.DotProduct, "v'Hu", vHu, within
		f.Reason = "the Hessian by a vector is not symmetric"
		c.found = append(c.found, c.blamed(f, k, values))
		return nil
	}
	e, err := c.slopes(k.gradientAlong, flat(x)).along(flat(k.v))
	if err != nil {
		return err
	}
	scale := 0.0
	for _, n := range k.by {
		scale = math.Hypot(scale, 1e-3*math.Sqrt(float64(max(1, n.Shape().TotalSize())))*rms(audit.Numbers(values[n])))
	}
	switch judged := e.Judge(uHv, c.Relative, scale); {
	case judged == difference.Wrong && e.Shape != difference.Corner && math.Abs(uHv-e.Slope) > 30*unsure(k.uHv, uHv)+3*e.Error:
		f.Kind, f.Witness, f.Expected, f.Within = finding.Second, "finite difference of the gradient", e.Slope, e.Error
		c.found = append(c.found, c.blamed(f, k, values))
	case judged != difference.Right:
		c.found = append(c.found, Finding{Kind: finding.Unknown, Reason: fmt.Sprintf("second derivatives: the difference of the gradient is %s: %.3g ± %.1g", e.Shape, e.Slope, e.Error)})
	}
	return nil
}

// curvature differentiates the subject's gradients.
func (c *checker) curvature(r *rand.Rand) (*curvature, error) {
	k := &curvature{subject: c.subject}
	var us, vs G.Nodes
	for i, n := range k.params {
		k.u, us = append(k.u, drawnFrom(r, n)), append(us, nil)
		k.v, vs = append(k.v, drawnFrom(r, n)), append(vs, nil)
		us[i], vs[i] = constantLike(n, k.u[i]), constantLike(n, k.v[i])
	}
	var products [2]*G.Node
	for i, directions := range []G.Nodes{vs, us} {
		along, err := inner(k.grads, directions)
		if err != nil {
			return nil, err
		}
		h, err := repair.Grad(along, k.params...)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			k.by = h
		}
		if products[i], err = inner(h, []G.Nodes{us, vs}[i]); err != nil {
			return nil, err
		}
	}
	k.uHv, k.vHu = products[0], products[1]
	inputs := map[*G.Node]G.Value{}
	for _, n := range k.params {
		inputs[n] = nil
	}
	k.plan = interpret.NewPlan(inputs, k.uHv, k.vHu)
	return k, nil
}

// gradientAlong is the gradient by u, where all parameters have these numbers.
func (k *curvature) gradientAlong(x []float64) (float64, error) {
	var each [][]float64
	for _, u := range k.u {
		each, x = append(each, x[:len(u)]), x[len(u):]
	}
	values, err := k.all.Values(k.at(each))
	if err != nil {
		return 0, fmt.Errorf("gradcheck: running the gradient: %w", err)
	}
	sum := 0.0
	for i, n := range k.grads {
		if n == nil {
			continue
		}
		for j, d := range audit.Numbers(values[n]) {
			sum += d * k.u[i][j]
		}
	}
	return sum, nil
}

// blamed names the first operator of the loss and its gradients whose derivative
// is wrong, as repair has it.
func (c *checker) blamed(f Finding, k *curvature, values map[*G.Node]G.Value) Finding {
	settings := c.culprit(k.dependents(k.plan, k.params...))
	settings.Operator = func(op G.Op) G.Op { return repair.Op{Op: op} }
	for _, n := range k.plan.Nodes() {
		if n.Op() == nil || !settings.Depends(n) {
			continue
		}
		for _, found := range settings.Check(n, values) {
			if !found.Kind.Note() && found.Operator != nil {
				f.Operator, f.Reason = found.Operator, join(f.Reason, found.Reason)
				return f
			}
		}
	}
	f.Reason = join(f.Reason, "each operator's own gradient is right")
	return f
}

func inner(nodes, with G.Nodes) (sum *G.Node, err error) {
	for i, n := range nodes {
		if n == nil {
			continue
		}
		p, err := G.HadamardProd(n, with[i])
		if err != nil {
			return nil, err
		}
		if !p.IsScalar() {
			if p, err = repair.Sum(p); err != nil {
				return nil, err
			}
		}
		if sum == nil {
			sum = p
		} else if sum, err = G.Add(sum, p); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

func drawnFrom(r *rand.Rand, n *G.Node) []float64 {
	x := make([]float64, max(1, n.Shape().TotalSize()))
	for i := range x {
		x[i] = r.NormFloat64() / math.Sqrt(float64(len(x)))
	}
	return x
}

func constantLike(n *G.Node, x []float64) *G.Node {
	return G.NewConstant(interpret.Float(n.Dtype(), n.Shape(), x), G.WithName(fmt.Sprintf("gradcheck: a direction of %v from %v", n, x[0])))
}

func flat(x [][]float64) (all []float64) {
	for _, p := range x {
		all = append(all, p...)
	}
	return all
}
