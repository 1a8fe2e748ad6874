package main

import (
	"math"
	"math/rand/v2"
)

const side = 28

// warp bends a picture of 28x28 as another hand might have drawn it: slanted by
// up to 16 degrees, turned by up to 10, a sixth smaller to a seventh larger, moved
// by up to two pixels, in waves of up to one, and with a thinner or a thicker pen.
func warp(to, from []uint8, r *rand.Rand) {
	between := func(low, high float64) float64 { return low + (high-low)*r.Float64() }
	sin, cos := math.Sincos(between(-0.18, 0.18))
	slant, sx, sy := between(-0.28, 0.28), between(0.82, 1.14), between(0.86, 1.14)
	dx, dy := between(-2, 2), between(-2, 2)
	// Where a pixel of the new picture comes from: the inverse of scaling, slant
	// and turn.
	a, b := cos/sx, sin/sx
	c, d := -sin/sy, cos/sy
	a, b = a-slant*c, b-slant*d
	pen := between(-1, 1)
	waves, swell := wave(r), wave(r)
	const middle = (side - 1) / 2.0
	for y := range side {
		for x := range side {
			u, v := float64(x)-middle-dx, float64(y)-middle-dy
			to[y*side+x] = sample(from, middle+a*u+b*v+waves(y), middle+c*u+d*v+swell(x), pen)
		}
	}
}

// wave is a sine of 9 to 28 pixels from crest to crest.
func wave(r *rand.Rand) func(at int) float64 {
	high, often, from := r.Float64(), 2*math.Pi/(9+19*r.Float64()), 2*math.Pi*r.Float64()
	var all [side]float64
	for i := range all {
		all[i] = high * math.Sin(often*float64(i)+from)
	}
	return func(at int) float64 { return all[at] }
}

// sample is a picture's value between pixels, after its lines were made wider,
// where pen is above zero, or narrower.
func sample(from []uint8, x, y, pen float64) uint8 {
	value := at(from, x, y)
	const step = 0.6
	far := value
	for _, n := range [4]float64{at(from, x-step, y), at(from, x+step, y), at(from, x, y-step), at(from, x, y+step)} {
		if pen > 0 {
			far = max(far, n)
		} else {
			far = min(far, n)
		}
	}
	return uint8(value + math.Abs(pen)*(far-value) + 0.5)
}

// at interpolates between four pixels; outside is nothing.
func at(from []uint8, x, y float64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	i, j := int(x0), int(y0)
	if i < -1 || j < -1 || i >= side || j >= side {
		return 0
	}
	pixel := func(i, j int) float64 {
		if i < 0 || j < 0 || i >= side || j >= side {
			return 0
		}
		return float64(from[j*side+i])
	}
	u, v := x-x0, y-y0
	return (1-v)*((1-u)*pixel(i, j)+u*pixel(i+1, j)) + v*((1-u)*pixel(i, j+1)+u*pixel(i+1, j+1))
}
