package fused

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exact is x y + z by big numbers.
func exact(x, y, z float32) float32 {
	sum := float64(x)*float64(y) + float64(z)
	if math.IsInf(sum, 0) || sum != sum || sum == 0 {
		return float32(sum) // no rounding has been at work
	}
	b := func(v float32) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(float64(v)) }
	r, _ := b(z).Add(b(z), b(x).Mul(b(x), b(y))).Float32()
	return r
}

// number is any float32, or a round one.
func number(rng *rand.Rand) float32 {
	switch rng.IntN(4) {
	case 0:
		return math.Float32frombits(rng.Uint32())
	case 1:
		return float32(rng.IntN(9) - 4)
	}
	return float32(rng.NormFloat64())
}

// near gives a z that leaves little of x y, or to which it adds little: where
// rounding twice goes wrong.
func near(rng *rand.Rand, x, y float32) float32 {
	product := float64(x) * float64(y)
	switch rng.IntN(4) {
	case 0:
		return float32(-product * (1 + float64(rng.IntN(9)-4)/(1<<20)))
	case 1:
		return float32(math.Ldexp(product, rng.IntN(60)-30))
	case 2: // a tie, but for a little
		x := math.Ldexp(1+float64(rng.IntN(1<<23))/(1<<23), rng.IntN(20))
		return float32(x)
	}
	return number(rng)
}

func TestRoundedOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	differs := 0
	rounds := 300_000
	if testing.Short() {
		rounds = 30_000
	}
	for range rounds {
		x, y := number(rng), number(rng)
		z := near(rng, x, y)
		if rng.IntN(3) == 0 { // z's last place is twice the product, whose last bits decide
			z = float32(math.Ldexp(1+float64(rng.IntN(1<<23))/(1<<23), rng.IntN(250)-125))
			y = float32(math.Ldexp(1+float64(rng.IntN(4))/(1<<23), rng.IntN(60)-30))
			x = float32(float64(z)*0x1p-24/float64(y)) * (1 + float32(rng.IntN(3)-1)/(1<<23))
		}
		want := exact(x, y, z)
		if got := MulAdd(x, y, z); got != want && (got == got || want == want) || math.Signbit(float64(got)) != math.Signbit(float64(want)) && got == got {
			t.Fatalf("%g %g + %g = %g, want %g", x, y, z, got, want)
		}
		var s, b [8]float32
		at := rng.IntN(8)
		s[at], b[at] = z, y
		Eights(&s, 1, []float32{x}, 1, b[:], 8)
		if got := s[at]; got != want && (got == got || want == want) {
			t.Fatalf("Eights: %g %g + %g = %g, want %g", x, y, z, got, want)
		}
		if twice := float32(float64(x)*float64(y) + float64(z)); twice != want && want == want {
			differs++
		}
	}
	t.Logf("rounding twice differs %d times", differs)
	if differs < rounds/10_000 {
		t.Error("the numbers ask for nothing")
	}
}

func BenchmarkEights(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const k = 320
	x, y := make([]float32, k), make([]float32, 16*k)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	for i := range y {
		y[i] = float32(rng.NormFloat64())
	}
	for b.Loop() {
		var s [8]float32
		Eights(&s, k, x, 1, y, 16)
	}
	b.ReportMetric(8*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gfma/s")
}
