package difference

import "math"

// Noise is what neighbouring values of a function stray from a cubic.
type Noise struct {
	Unit   float64 // between the neighbours
	Size   float64 // how much the function is off by rounding
	Hidden float64 // slopes up to this may hide in what was taken for rounding; 0 where that is all it is
}

// Listen measures the noise of f: values so near to 0 that f is a cubic between them
// stray from that by their rounding (Hamming's fourth differences; see Moré and Wild,
// Estimating computational noise, 2011). Rounding does not shrink with the unit: what
// does is f's own, a corner or the flank of a pole.
func Listen(f func(h float64) (float64, error), unit, epsilon float64) (Noise, error) {
	size, err := stray(f, unit, epsilon)
	if err != nil {
		return Noise{}, err
	}
	near, err := stray(f, unit/8, epsilon)
	n := Noise{Unit: unit, Size: size}
	if near < size/4 {
		n.Hidden = 40 * size / unit
	}
	return n, err
}

// stray is how far neighbours stray from a cubic, at least the rounding of f(0).
func stray(f func(h float64) (float64, error), unit, epsilon float64) (float64, error) {
	var v [7]float64
	for i := range v {
		var err error
		if v[i], err = f(float64(i-3) * unit); err != nil {
			return 0, err
		}
	}
	most := epsilon * math.Abs(v[3])
	for i := range len(v) - 4 {
		if off := math.Abs(v[i] - 4*v[i+1] + 6*v[i+2] - 4*v[i+3] + v[i+4]); !math.IsNaN(off) {
			most = max(most, off/6)
		}
	}
	return most, nil
}
