package train

import (
	"fmt"
	"math"
	"strings"

	"symgrad/train/vm/kernel/vec"
)

// Optimizer is a rule that turns gradients into new weights. It holds no state:
// that is a [State], which can be read, kept and set. One of your own is a name,
// its slots and a rule for the dtype of the networks that it trains.
type Optimizer struct {
	Name  string
	Slots []string // names of the state tensors that it keeps for each parameter

	Rule32 Rule[float32] // for networks of float32
	Rule64 Rule[float64] // for networks of float64
}

// Rule updates w, and its state tensors, from the gradient g, element by element:
// a parameter may come in pieces, several at a time. All slices have one length;
// g is read only; the state is 0 at first. step counts from 1.
type Rule[F float32 | float64] func(w, g []F, state [][]F, rate float64, step int)

// SGD is stochastic gradient descent: w -= rate g.
func SGD() Optimizer {
	return Optimizer{Name: "sgd",
		Rule32: func(w, g []float32, _ [][]float32, rate float64, _ int) { vec.SGD(w, g, float32(rate)) },
		Rule64: func(w, g []float64, _ [][]float64, rate float64, _ int) {
			for i, d := range g {
				w[i] -= float64(rate * d)
			}
		}}
}

// Momentum is Polyak's heavy ball (1964) as Sutskever et al. (2013) and PyTorch
// write it: v = mu v + g, w -= rate v, with v = 0 at first.
func Momentum(mu float64) Optimizer {
	return Optimizer{Name: "momentum", Slots: []string{"velocity"},
		Rule32: func(w, g []float32, s [][]float32, rate float64, _ int) {
			vec.Momentum(w, s[0], g, float32(rate), float32(mu))
		},
		Rule64: func(w, g []float64, s [][]float64, rate float64, _ int) {
			v := s[0]
			for i, d := range g {
				v[i] = float64(mu*v[i]) + d
				w[i] -= float64(rate * v[i])
			}
		}}
}

// Nesterov is momentum that looks ahead (Nesterov 1983), in the form of
// Sutskever et al. (2013) rearranged for gradients at the current weights:
// v = mu v + g, w -= rate (g + mu v).
func Nesterov(mu float64) Optimizer {
	return Optimizer{Name: "nesterov", Slots: []string{"velocity"},
		Rule32: func(w, g []float32, s [][]float32, rate float64, _ int) {
			vec.Nesterov(w, s[0], g, float32(rate), float32(mu))
		},
		Rule64: func(w, g []float64, s [][]float64, rate float64, _ int) {
			v := s[0]
			for i, d := range g {
				v[i] = float64(mu*v[i]) + d
				w[i] -= float64(rate * (d + float64(mu*v[i])))
			}
		}}
}

// RMSProp divides by a running root mean square of the gradient: Hinton,
// Coursera lecture 6e (2012): r = decay r + (1-decay) g^2, w -= rate g /
// (sqrt(r) + eps).
func RMSProp(decay, eps float64) Optimizer {
	return Optimizer{Name: "rmsprop", Slots: []string{"square"},
		Rule32: func(w, g []float32, s [][]float32, rate float64, _ int) {
			vec.RMSProp(w, s[0], g, float32(rate), float32(decay), float32(eps))
		},
		Rule64: func(w, g []float64, s [][]float64, rate float64, _ int) {
			r := s[0]
			for i, d := range g {
				r[i] = float64(decay*r[i]) + float64((1-decay)*d*d)
				w[i] -= rate * d / (math.Sqrt(r[i]) + eps)
			}
		}}
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
		Rule32: func(w, g []float32, s [][]float32, rate float64, step int) {
			vec.NewAdamStep(rate, beta1, beta2, eps, decay, step).Update(w, s[0], s[1], g)
		},
		Rule64: func(w, g []float64, s [][]float64, rate float64, step int) {
			correct1, correct2 := 1-math.Pow(beta1, float64(step)), 1-math.Pow(beta2, float64(step))
			// rate (m/c1) / (sqrt(v/c2) + eps) = size m / (sqrt(v) + e)
			size, e := rate*math.Sqrt(correct2)/correct1, float64(eps*math.Sqrt(correct2))
			keep, m, v := 1-float64(rate*decay), s[0], s[1]
			for i, d := range g {
				m[i] = float64(beta1*m[i]) + float64((1-beta1)*d)
				v[i] = float64(beta2*v[i]) + float64((1-beta2)*d*d)
				w[i] = float64(keep*w[i]) - size*m[i]/(math.Sqrt(v[i])+e)
			}
		}}
}

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
	return Optimizer{}, fmt.Errorf("train: no optimizer %.100q; choose one of %s", name, strings.Join(names, ", "))
}
