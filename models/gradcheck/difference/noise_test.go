package difference

import (
	"errors"
	"math"
	"testing"
)

// TestListen: rounding is as large at a smaller unit, a corner's bend is not.
func TestListen(t *testing.T) {
	const unit = 0x1p-30
	for name, c := range map[string]struct {
		f    func(x float64) float64
		want Noise
	}{
		"constant":          {func(float64) float64 { return -5 }, Noise{unit, 5 * 0x1p-52, 0}},
		"cubic":             {func(x float64) float64 { x /= unit; return 8 * x * x * x }, Noise{unit, 0, 0}},
		"corner":            {func(x float64) float64 { return 1.5 * math.Abs(x) }, Noise{unit, unit, 40}},
		"not on both sides": {func(x float64) float64 { return 7 + 0*math.Sqrt(x+2*unit) }, Noise{unit, 7 * 0x1p-52, 0}},
		"as large nearer by": {func(x float64) float64 {
			if x = math.Abs(x); x == unit || x == unit/8 {
				return 3
			}
			return 0
		}, Noise{unit, 4, 0}},
	} {
		got, err := Listen(func(h float64) (float64, error) { return c.f(h), nil }, unit, 0x1p-52)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
	}
	for _, at := range []float64{unit, unit / 8} {
		if _, err := Listen(func(h float64) (float64, error) {
			if h == at {
				return 0, errors.New("no")
			}
			return h, nil
		}, unit, 0x1p-52); err == nil {
			t.Errorf("an error at %g is lost", at)
		}
	}
}
