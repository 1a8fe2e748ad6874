package gradcheck

import "math"

// slopeOf compares a symbolic slope of f at 0 with central differences,
// extrapolated after Richardson so that their error's h^2 term cancels:
//
//	D(h) = (f(h) - f(-h)) / 2h,  slope ~ (4 D(h/2) - D(h)) / 3
//
// A smaller step keeps a kink beside the point outside; a larger one rounds
// less. So steps h, h/10 and h/100 are tried. At a kink itself the one-sided
// differences stay apart; a slope between them is a subgradient and is right.
func slopeOf(f func(h float64) (float64, error), symbolic, h float64, near func(a, b float64) bool) (ok bool, numeric float64, err error) {
	at := func(h float64) float64 {
		v, e := f(h)
		if err == nil {
			err = e
		}
		return v
	}
	middle := at(0)
	for try := range 3 {
		right, left := at(h), at(-h)
		wide, narrow := (right-left)/(2*h), (at(h/2)-at(-h/2))/h
		slope := (4*narrow - wide) / 3
		if try == 0 || math.Abs(slope-symbolic) < math.Abs(numeric-symbolic) {
			numeric = slope
		}
		if err != nil || near(symbolic, slope) {
			return err == nil, slope, err
		}
		up, down := (right-middle)/h, (middle-left)/h
		size := math.Abs(up) + math.Abs(down)
		if try == 2 && math.Abs(up-down) > 1e-3*size && symbolic >= min(up, down)-1e-4*size && symbolic <= max(up, down)+1e-4*size {
			return true, symbolic, nil
		}
		h /= 10
	}
	return false, numeric, nil
}
