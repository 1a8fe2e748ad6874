package difference

import (
	"math"
	"testing"
)

func measure(t *testing.T, f func(x float64) float64, step float64) Estimate {
	t.Helper()
	g := func(h float64) (float64, error) { return f(h), nil }
	s := Double()
	var err error
	if s.Noise, err = Listen(g, 1e-9*step, 0x1p-52); err != nil {
		t.Fatal(err)
	}
	s.Step *= step
	e, err := s.Along(g)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The error bar holds the true slope, and is small.
func TestSmooth(t *testing.T) {
	for name, c := range map[string]struct {
		f     func(x float64) float64
		slope float64
	}{
		"exp":        {math.Exp, 1},
		"sin":        {func(x float64) float64 { return math.Sin(3*x + 1) }, 3 * math.Cos(1)},
		"steep":      {func(x float64) float64 { return math.Tanh(200 * x) }, 200},
		"small":      {func(x float64) float64 { return 1e-9 * math.Exp(x) }, 1e-9},
		"domain":     {func(x float64) float64 { return math.Log(x + 1e-4) }, 1e4},
		"on top":     {func(x float64) float64 { return 1e6 + math.Exp(x) }, 1},
		"constant":   {func(x float64) float64 { return 3 }, 0},
		"corner off": {func(x float64) float64 { return max(x, 1e-4) + 2*x }, 2},
	} {
		e := measure(t, c.f, 1)
		if off := math.Abs(e.Slope - c.slope); !(off <= 2*e.Error+1e-14*math.Abs(c.slope)) || e.Error > 1e-3*math.Abs(c.slope) && c.slope != 0 {
			t.Errorf("%s: %+v, want %v, off by %v", name, e, c.slope, off)
		}
		if v := e.Judge(c.slope, 1e-6, 0); v != Right {
			t.Errorf("%s: the right slope is judged %v of %+v", name, v, e)
		}
		if v := e.Judge(1.01*c.slope+1e-3, 1e-6, 0); v != Wrong {
			t.Errorf("%s: a wrong slope is judged %v of %+v", name, v, e)
		}
	}
}

func TestCornersAndJumps(t *testing.T) {
	abs := measure(t, math.Abs, 1)
	if abs.Shape != Corner || !(math.Abs(abs.Up-1) <= 1e-6) || !(math.Abs(abs.Down+1) <= 1e-6) {
		t.Errorf("|x|: %+v", abs)
	}
	for claimed, want := range map[float64]Verdict{1: AtCorner, -1: AtCorner, 0.5: AtCorner, 1.5: Outside, 30: Wrong, math.Inf(1): Wrong} {
		if v := abs.Judge(claimed, 1e-6, 0); v != want {
			t.Errorf("|x| with a slope of %v: verdict %v, want %v", claimed, v, want)
		}
	}
	if e := measure(t, func(x float64) float64 { return max(x, 1e-9) }, 1); e.Judge(0, 1e-6, 0) == Wrong {
		t.Errorf("a corner too near to see: %+v", e)
	}
	step := measure(t, func(x float64) float64 {
		if x >= 0 {
			return 1
		}
		return 0
	}, 1)
	if step.Judge(0, 1e-6, 0) != Unknown {
		t.Errorf("a jump: %+v, %v", step, step.Judge(0, 1e-6, 0))
	}
}

// A corner may lie anywhere between the numbers that a step looks at, also where
// one-sided slopes agree by chance: neither side's slope is called wrong, unless by
// the smallest step, which has the corner outside.
func TestCornersNearby(t *testing.T) {
	for d := 1e-9; d < 2e-3; d *= 1.01 {
		e := measure(t, func(x float64) float64 { return max(x-d, 0) }, 1)
		if v := e.Judge(0, 1e-6, 1e-3); v == Wrong || v == Outside {
			t.Errorf("a corner at %g: the slope of 0 is judged %v of %+v", d, v, e)
		}
	}
}

// Next to a pole, nearer than the smallest step, nothing can be told, whatever the
// size of the numbers that move.
func TestPole(t *testing.T) {
	for d := 1e-13; d < 1e-5; d *= 1.1 {
		for _, size := range []float64{1, 1e3, 1e-3} {
			e := measure(t, func(x float64) float64 { return 1 / (x/size + d) }, size)
			if v := e.Judge(-1/(size*d*d), 1e-6, 0); v == Wrong || v == Outside {
				t.Errorf("a pole at %g of %g: the slope is judged %v of %+v", d, size, v, e)
			}
		}
	}
	away := measure(t, func(x float64) float64 { return 1 / (x + 1e-4) }, 1)
	if v := away.Judge(-1e8, 1e-6, 0); v != Right {
		t.Errorf("a pole that can be seen: %v of %+v", v, away)
	}
}

// Where a function is flat, or nearly so, a claim beyond its rounding is wrong.
func TestFlat(t *testing.T) {
	for _, c := range []struct{ height, slope, claimed float64 }{{1, 0, 1e-9}, {1, 0, 1e-6}, {1e6, 0, 5}, {1, 1e-9, 0}, {1, 1e-9, 2e-9}, {1e6, 1e-3, 1.1e-3}} {
		e := measure(t, func(x float64) float64 { return c.height + c.slope*math.Exp(x) }, 1)
		if v := e.Judge(c.claimed, 1e-6, 0); v != Wrong {
			t.Errorf("%+v is judged %v of %+v", c, v, e)
		}
	}
}

// A slope that rounding hides is neither right nor wrong.
func TestHidden(t *testing.T) {
	e := measure(t, func(x float64) float64 { return 1 + 1e-15*math.Exp(x) }, 1)
	if v := e.Judge(1e-15, 1e-6, 0); v != Unknown {
		t.Errorf("a slope below the rounding: %v of %+v", v, e)
	}
}
