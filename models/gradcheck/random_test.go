package gradcheck

import (
	"math/rand/v2"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/ops"
)

// randomChecker checks the gradients of a random graph, which are there already;
// nil where it has none.
func randomChecker(data []byte, o Options) (*checker, *randgraph.Graph) {
	g := randgraph.New(data, randgraph.Options{Dtype: tensor.Float64})
	if g.Loss == nil {
		return nil, g
	}
	s := &subject{loss: g.Loss}
	c := &checker{Options: o.filled(), subject: s}
	for _, n := range g.Inputs {
		if n.Dtype() != tensor.Float64 || n.Deriv() == nil {
			continue
		}
		s.names, s.params, s.grads = append(s.names, n.Name()), append(s.params, n), append(s.grads, n.Deriv())
		c.at = append(c.at, Tensor{Name: n.Name(), Shape: n.Shape(), Values: audit.Numbers(n.Value())})
	}
	s.plan()
	return c, g
}

// Random graphs of right operators raise no false alarm. LONG=1 tries 10,000 rather
// than 30.
func TestRandomGraphsAreRight(t *testing.T) {
	const shares = 10
	graphs := 30
	if long() {
		graphs = 10000
	}
	for share := range uint64(shares) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(15, share))
			notes := map[finding.Kind]int{}
			for judged := 0; judged < graphs/shares; {
				if data := randomBytes(r); checkRandom(t, data, notes) {
					judged++
				}
			}
			t.Log(notes)
		})
	}
}

// Random graphs of which one gradient is 1 % too large: where the right one raises no
// doubt, the wrong one is called wrong.
func TestRandomGraphsAreWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 100))
	graphs, planted := 15, 0
	if long() {
		graphs = 1000
	}
	for range graphs {
		data := randomBytes(r)
		for p := 0; ; p++ {
			right, _ := randomChecker(data, Options{Directions: 2, Points: -1})
			if right == nil || p >= len(right.at) {
				break
			}
			if found, err := right.run(); err != nil || len(found) > 0 {
				break
			}
			wrong, g := randomChecker(data, Options{Directions: 2, Points: -1})
			d := &wrong.subject.grads[p]
			*d = must(G.HadamardProd(*d, G.NewConstant(1.01)))
			wrong.subject.plan()
			if found, err := wrong.run(); err != nil || len(Wrong(found)) == 0 {
				t.Errorf("parameter %d: %v, %v\n%v%x", p, found, err, g, data)
			}
			planted++
		}
	}
	t.Logf("%d wrong gradients of %d graphs", planted, graphs)
	if planted < graphs/4 {
		t.Errorf("%d wrong gradients of %d graphs", planted, graphs)
	}
}

func randomBytes(r *rand.Rand) []byte {
	data := make([]byte, 20+r.IntN(200))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// checkRandom checks a random graph, and tells whether it has something to check and
// Gorgonia itself runs it.
func checkRandom(t *testing.T, data []byte, notes map[finding.Kind]int) bool {
	c, g := randomChecker(data, Options{Directions: 2})
	if c == nil || len(c.at) == 0 {
		return false
	}
	var x [][]float64
	for _, p := range c.at {
		x = append(x, p.Values)
	}
	if _, err := c.subject.all.Values(c.subject.at(x)); err != nil {
		return false
	}
	found, err := c.run()
	if err != nil {
		t.Fatalf("%v\n%v", err, g)
	}
	for _, f := range found {
		if notes[f.Kind]++; !f.Kind.Note() && !known(f) {
			t.Errorf("%v\n%v%x", f, g, data)
		}
	}
	return true
}

// known is what is true of graphs that seem right: targets of a cross-entropy that
// depend on an input have no gradient, dropout is random, and Gorgonia's outer
// product and maximum are wrong, the latter along axis 2 and where there are ties;
// 1/0 is infinite.
func known(f Finding) bool {
	if f.Operator == nil {
		return false
	}
	name := f.Operator.Name
	switch f.Kind {
	case finding.Missing:
		return name == ops.SoftmaxCrossEntropyOp{}.String()
	case finding.NonFinite:
		return name == "inv"
	case finding.Random:
		return strings.HasPrefix(name, "Dropout")
	case finding.Gradient:
		return name == "a ⊗ b" || strings.HasPrefix(name, "MaxAlong")
	}
	return false
}
