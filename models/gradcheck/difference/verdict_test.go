package difference

import (
	"math"
	"testing"
)

// TestJudge has a case on each side of every condition.
func TestJudge(t *testing.T) {
	corner := Estimate{Slope: 2, Error: 0.5, Up: 3, Down: 1, Shape: Corner}
	wide := Estimate{Error: 600, Up: 1000, Down: -1000, Shape: Corner}
	for _, c := range []struct {
		name           string
		e              Estimate
		claimed, scale float64
		want           Verdict
	}{
		{"NaN", Estimate{Error: math.Inf(1)}, math.NaN(), 0, Wrong},
		{"infinity", Estimate{Error: math.Inf(1)}, math.Inf(-1), 0, Wrong},
		{"nothing, below the value's rounding", Estimate{Slope: 1e-9, Error: 2e-9, Value: 1}, 0, 0, Right},
		{"nothing, above it", Estimate{Slope: 1e-10, Error: 2e-9, Value: 0.1}, 0, 0, Unknown},
		{"nothing, outside of the error", Estimate{Slope: 3e-9, Error: 2e-9, Value: 1}, 0, 0, Unknown},
		{"something, below the value's rounding", Estimate{Slope: 1e-10, Error: 2e-9, Value: 1}, 1.5e-10, 0, Unknown},
		{"within the tolerance", Estimate{Slope: 1, Error: 0.5, Up: 1, Down: 1, Shape: Corner}, 1.005, 0, Right},
		{"within the tolerance, and little is known", Estimate{Slope: 1, Error: 20}, 1.005, 0, Unknown},
		{"within that of a scale", Estimate{}, 0.5, 100, Right},
		{"off", Estimate{Slope: 1, Error: 0.1, Hidden: 5}, 2, 0, Wrong},
		{"off by two errors", Estimate{Slope: 1, Error: 0.4}, 2, 0, Unknown},
		{"off, and may hide", Estimate{Slope: 1, Error: 0.1, Hidden: 5, Shape: Rough}, 2, 0, Unknown},
		{"off, too much to hide", Estimate{Slope: 1, Error: 0.1, Hidden: 0.5, Shape: Rough}, 2, 0, Wrong},
		{"the upper side", corner, 3.01, 0, AtCorner},
		{"the lower side", corner, 0.99, 0, AtCorner},
		{"above", corner, 3.1, 0, Outside},
		{"below", corner, 0.9, 0, Outside},
		{"above by a thousandth of the gap", wide, 1001, 0, AtCorner},
		{"outside, within the error", Estimate{Slope: 2, Error: 1.2, Up: 3, Down: 1, Shape: Corner}, 0.9, 0, Right},
		{"outside, of sides as large as the error", Estimate{Slope: 8, Error: 3, Up: 2, Down: 2, Shape: Corner}, 2.5, 0, Outside},
		{"outside, of smaller ones", Estimate{Slope: 5, Error: 2, Up: 0.5, Down: 0.5, Shape: Corner}, 0.8, 0, Unknown},
		{"within tolerance and error", Estimate{Slope: 1, Error: 0.4}, 1.3, 0, Right},
		{"outside of them", Estimate{Slope: 1, Error: 0.25}, 1.3, 0, Unknown},
	} {
		relative := 1e-2
		if c.e == wide {
			relative = 1e-6
		}
		if v := c.e.Judge(c.claimed, relative, c.scale); v != c.want {
			t.Errorf("%s: verdict %v, want %v", c.name, v, c.want)
		}
	}
}
