package train

import (
	"fmt"
	"math"
	"strings"
)

// Optimizer is a rule that turns gradients into new weights. It holds no state:
// that is a [State], which can be read, kept and set.
type Optimizer struct {
	Name  string
	Slots []string // names of the state tensors that it keeps for each parameter

	rule32 rule[float32]
	rule64 rule[float64]
}

// rule updates w, and its state tensors, from the gradient g. All slices have
// one length; g is read only. step counts from 1.
type rule[F float32 | float64] func(w, g []F, state [][]F, rate float64, step int)

// SGD is stochastic gradient descent: w -= rate g.
func SGD() Optimizer {
	return Optimizer{Name: "sgd", rule32: sgd[float32], rule64: sgd[float64]}
}

func sgd[F float32 | float64](w, g []F, _ [][]F, rate float64, _ int) {
	r := F(rate)
	for i := range w {
		w[i] -= r * g[i]
	}
}

// Momentum is Polyak's heavy ball (1964) as Sutskever et al. (2013) and PyTorch
// write it: v = mu v + g, w -= rate v, with v = 0 at first.
func Momentum(mu float64) Optimizer {
	return Optimizer{Name: "momentum", Slots: []string{"velocity"}, rule32: momentum[float32](mu), rule64: momentum[float64](mu)}
}

func momentum[F float32 | float64](mu float64) rule[F] {
	return func(w, g []F, s [][]F, rate float64, _ int) {
		m, r, v := F(mu), F(rate), s[0]
		for i := range w {
			v[i] = m*v[i] + g[i]
			w[i] -= r * v[i]
		}
	}
}

// Nesterov is momentum that looks ahead (Nesterov 1983), in the form of
// Sutskever et al. (2013) rearranged for gradients at the current weights:
// v = mu v + g, w -= rate (g + mu v).
func Nesterov(mu float64) Optimizer {
	return Optimizer{Name: "nesterov", Slots: []string{"velocity"}, rule32: nesterov[float32](mu), rule64: nesterov[float64](mu)}
}

func nesterov[F float32 | float64](mu float64) rule[F] {
	return func(w, g []F, s [][]F, rate float64, _ int) {
		m, r, v := F(mu), F(rate), s[0]
		for i := range w {
			v[i] = m*v[i] + g[i]
			w[i] -= r * (g[i] + m*v[i])
		}
	}
}

// RMSProp divides by a running root mean square of the gradient: Hinton,
// Coursera lecture 6e (2012): r = decay r + (1-decay) g^2, w -= rate g /
// (sqrt(r) + eps).
func RMSProp(decay, eps float64) Optimizer {
	return Optimizer{Name: "rmsprop", Slots: []string{"square"}, rule32: rmsprop[float32](decay, eps), rule64: rmsprop[float64](decay, eps)}
}

func rmsprop[F float32 | float64](decay, eps float64) rule[F] {
	return func(w, g []F, s [][]F, rate float64, _ int) {
		d, e, lr, r := F(decay), F(eps), F(rate), s[0]
		for i := range w {
			r[i] = d*r[i] + (1-d)*g[i]*g[i]
			w[i] -= lr * g[i] / (sqrt(r[i]) + e)
		}
	}
}

// Adam is algorithm 1 of Kingma and Ba, "Adam" (2015), the bias corrections
// folded into the rate and eps as at the end of its section 2.
func Adam(beta1, beta2, eps float64) Optimizer { return adamW("adam", beta1, beta2, eps, 0) }

// AdamW is Adam with decoupled weight decay: w -= rate decay w besides Adam's
// step. Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019),
// algorithm 2.
func AdamW(beta1, beta2, eps, decay float64) Optimizer {
	return adamW("adamw", beta1, beta2, eps, decay)
}

func adamW(name string, beta1, beta2, eps, decay float64) Optimizer {
	return Optimizer{Name: name, Slots: []string{"mean", "square"},
		rule32: adam[float32](beta1, beta2, eps, decay), rule64: adam[float64](beta1, beta2, eps, decay)}
}

func adam[F float32 | float64](beta1, beta2, eps, decay float64) rule[F] {
	return func(w, g []F, s [][]F, rate float64, step int) {
		correct1, correct2 := 1-math.Pow(beta1, float64(step)), 1-math.Pow(beta2, float64(step))
		b1, b2, m, v := F(beta1), F(beta2), s[0], s[1]
		// rate (m/c1) / (sqrt(v/c2) + eps) = size m / (sqrt(v) + e)
		size, e := F(rate*math.Sqrt(correct2)/correct1), F(eps*math.Sqrt(correct2))
		keep := F(1 - rate*decay)
		for i := range w {
			m[i] = b1*m[i] + (1-b1)*g[i]
			v[i] = b2*v[i] + (1-b2)*g[i]*g[i]
			w[i] = keep*w[i] - size*m[i]/(sqrt(v[i])+e)
		}
	}
}

func sqrt[F float32 | float64](x F) F { return F(math.Sqrt(float64(x))) }

// Optimizers lists the rules with their usual constants.
func Optimizers() []Optimizer {
	return []Optimizer{SGD(), Momentum(0.9), Nesterov(0.9), RMSProp(0.9, 1e-8), Adam(0.9, 0.999, 1e-8), AdamW(0.9, 0.999, 1e-8, 0.01)}
}

// OptimizerByName finds one of [Optimizers].
func OptimizerByName(name string) (Optimizer, error) {
	var names []string
	for _, o := range Optimizers() {
		if o.Name == name {
			return o, nil
		}
		names = append(names, o.Name)
	}
	return Optimizer{}, fmt.Errorf("train: no optimizer %q; choose one of %s", name, strings.Join(names, ", "))
}
