package train

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/tensor"

	"symgrad/models"
)

// The papers' formulas, one number at a time, in their own notation.
var papers = map[string]func(rate float64) func(w, g float64, t int) float64{
	"sgd": func(rate float64) func(w, g float64, t int) float64 {
		return func(w, g float64, _ int) float64 { return w - rate*g }
	},
	"momentum": func(rate float64) func(w, g float64, t int) float64 {
		v := 0.0 // Sutskever et al. (2013), equations 1 and 2, the velocity in units of -rate
		return func(w, g float64, _ int) float64 { v = 0.9*v - rate*g; return w + v }
	},
	"nesterov": func(rate float64) func(w, g float64, t int) float64 {
		// Sutskever's equations 3 and 4 look ahead to w + mu v; here w is that place.
		v := 0.0
		return func(ahead, g float64, _ int) float64 {
			w := ahead - 0.9*v
			v = 0.9*v - rate*g
			return w + v + 0.9*v
		}
	},
	"rmsprop": func(rate float64) func(w, g float64, t int) float64 {
		ms := 0.0
		return func(w, g float64, _ int) float64 { ms = 0.9*ms + 0.1*g*g; return w - rate*g/(math.Sqrt(ms)+1e-8) }
	},
	"adam":  func(rate float64) func(w, g float64, t int) float64 { return adamPaper(rate, 0) },
	"adamw": func(rate float64) func(w, g float64, t int) float64 { return adamPaper(rate, 0.01) },
}

// adamPaper is algorithm 1 of Kingma and Ba, with the decay of Loshchilov and Hutter's line 12.
func adamPaper(rate, decay float64) func(w, g float64, t int) float64 {
	m, v := 0.0, 0.0
	return func(w, g float64, t int) float64 {
		m = 0.9*m + 0.1*g
		v = 0.999*v + 0.001*g*g
		mHat, vHat := m/(1-math.Pow(0.9, float64(t))), v/(1-math.Pow(0.999, float64(t)))
		return w - rate*mHat/(math.Sqrt(vHat)+1e-8) - rate*decay*w
	}
}

func TestOptimizersFollowTheirPapers(t *testing.T) {
	for _, o := range Optimizers() {
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 2e-5} {
			start := []float64{0.5, -2, 0, 3, 0.25, 1, -1, 0.125, 7}
			p, err := models.NewParam("w", dtype, start, len(start))
			if err != nil {
				t.Fatal(err)
			}
			state := newState(o, []*models.Param{p})
			update := newUpdate(o, []*models.Param{p}, &state)
			rules := make([]func(w, g float64, t int) float64, len(start))
			want := append([]float64(nil), start...)
			for i := range rules {
				rules[i] = papers[o.Name](0.05)
			}
			for step := 1; step <= 10; step++ {
				g := make([]float64, len(start))
				for i := range g {
					g[i] = math.Sin(float64(3*i+5*step)) * float64(i+1)
					want[i] = rules[i](want[i], g[i], step)
				}
				grad, err := models.NewParam("g", dtype, g, len(g))
				if err != nil {
					t.Fatal(err)
				}
				kept := grad.Float64s()
				update.grads[0], update.rate, update.step = grad.Data(), 0.05, step
				if err := update.check(); err != nil {
					t.Fatal(err)
				}
				for piece := range update.count() {
					update.run(0, piece)
				}
				for i, v := range p.Float64s() {
					if !(math.Abs(v-want[i]) <= tolerance*(1+math.Abs(want[i]))) {
						t.Fatalf("%s, %v: after %d steps weight %d is %.14g, the paper's %.14g", o.Name, dtype, step, i, v, want[i])
					}
				}
				if diff := cmp.Diff(kept, grad.Float64s()); diff != "" {
					t.Fatalf("%s changed the gradient: %s", o.Name, diff)
				}
			}
		}
	}
}

func TestOptimizerByName(t *testing.T) {
	for _, o := range Optimizers() {
		if found, err := OptimizerByName(o.Name); err != nil || found.Name != o.Name {
			t.Errorf("%s: %s, %v", o.Name, found.Name, err)
		}
	}
	want := `train: no optimizer "lion"; choose one of sgd, momentum, nesterov, rmsprop, adam, adamw`
	if found, err := OptimizerByName("lion"); found.Name != "" || fmt.Sprint(err) != want {
		t.Errorf("%s, %v, want %s", found.Name, err, want)
	}
}

func TestStateOfAnotherOptimizerIsRefused(t *testing.T) {
	p, err := models.NewParam("w", tensor.Float32, []float64{1, 2}, 2)
	if err != nil {
		t.Fatal(err)
	}
	params := []*models.Param{p}
	adam := newState(Adam(0.9, 0.999, 1e-8), params)
	if adam.copyFrom(newState(SGD(), params)) == nil {
		t.Error("SGD's state went into Adam")
	}
	short := newState(Adam(0.9, 0.999, 1e-8), params)
	short.Slots["w"][0] = []float32{1}
	if adam.copyFrom(short) == nil {
		t.Error("a state of another length was taken")
	}
}

func TestUpdatesAreCutAcrossParameters(t *testing.T) {
	var params []*models.Param
	for _, n := range []int{3, 2*updateLen + 5, 1, updateLen} {
		p, err := models.NewParam(fmt.Sprint("w", n), tensor.Float64, make([]float64, n), n)
		if err != nil {
			t.Fatal(err)
		}
		params = append(params, p)
	}
	state := newState(Momentum(0.9), params)
	u := newUpdate(Momentum(0.9), params, &state)
	for i, p := range params {
		g := make([]float64, p.Len())
		for k := range g {
			g[k] = float64(i + k)
		}
		u.grads[i] = g
	}
	u.rate, u.step = 0.5, 1
	for piece := range u.count() {
		u.run(0, piece)
	}
	if u.count() != 4 {
		t.Errorf("%d pieces, want 4", u.count())
	}
	for i, p := range params {
		for k, w := range p.Float64s() {
			if want := -0.5 * float64(i+k); w != want {
				t.Fatalf("weight %d of %s is %g, want %g", k, p.Name, w, want)
			}
		}
	}
}
