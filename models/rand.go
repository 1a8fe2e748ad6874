package models

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext/prng"
)

// Rand is a seeded stream of random numbers; the same seed gives the same uniform
// numbers on every machine. (Normal ones may differ in their last bits, as package
// math's logarithms do.) It is not safe for concurrent use.
type Rand struct {
	next  func() float64
	spare float64 // the second normal of the last Box-Muller pair
	has   bool
}

// NewRand returns the stream of Go's PCG generator for a seed.
func NewRand(seed uint64) *Rand {
	return &Rand{next: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)).Float64}
}

// NewNumPyRand returns the stream that numpy.random.seed(seed) followed by
// numpy.random.random() gives: the Mersenne Twister MT19937 (Matsumoto and
// Nishimura, 1998) seeded by init_genrand, two 32-bit words to a 53-bit double.
// The tutorials print digits that start from it.
func NewNumPyRand(seed uint32) *Rand {
	twister := prng.NewMT19937()
	twister.Seed(uint64(seed))
	return &Rand{next: func() float64 {
		high, low := twister.Uint32()>>5, twister.Uint32()>>6
		return (float64(float64(high)*(1<<26)) + float64(low)) / (1 << 53)
	}}
}

// Float64 returns the next number, uniform in [0, 1).
func (r *Rand) Float64() float64 { return r.next() }

// NormFloat64 returns the next standard normal number, by the transform of Box
// and Muller (1958).
func (r *Rand) NormFloat64() float64 {
	if r.has {
		r.has = false
		return r.spare
	}
	radius := math.Sqrt(-2 * math.Log(1-r.next()))
	sin, cos := math.Sincos(2 * math.Pi * r.next())
	r.spare, r.has = radius*sin, true
	return radius * cos
}
