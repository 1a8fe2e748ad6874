package vec

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The bits of every function, the same with assembly and twins and on every
// platform: this sum was made with AVX2.
func TestSameBitsEverywhere(t *testing.T) {
	const n, want = 4099, "b4a2341cd11d36fe4bcdab4622c91f69c257ba61954da65c3027f7016ed4c7ed"
	hash := sha256.New()
	add := func(v float64) {
		if v != v {
			v = math.NaN() // one of them
		}
		_ = binary.Write(hash, binary.LittleEndian, v)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	x, y, dst := make([]float64, n), make([]float64, n), make([]float64, n)
	a, b, single := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range n { // by arithmetic alone: the standard library's functions differ between platforms
		x[i], y[i] = 40*(rng.Float64()-0.5), 2*(rng.Float64()-0.5)
		a[i], b[i] = float32(x[i]), float32(y[i])
		if i%3 == 0 {
			x[i], y[i] = math.Float64frombits(rng.Uint64()), math.Float64frombits(rng.Uint64())
			a[i], b[i] = math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doubles)) {
		doubles[name](dst, x, y, 0.7)
		for _, v := range dst {
			add(v)
		}
	}
	for _, f := range elementwise {
		f.run(single, a, b, 0.7)
		for _, v := range single {
			add(float64(v))
		}
	}
	for _, rule := range rules {
		w, s, q, g := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
		for _, v := range [][]float32{w, s, q, g} {
			for i := range v {
				v[i] = float32(rng.Float64())
			}
		}
		rule.run(w, s, q, g)
		for i := range w {
			add(float64(w[i]))
			add(float64(s[i]))
			add(float64(q[i]))
		}
	}
	if got := fmt.Sprintf("%x", hash.Sum(nil)); got != want {
		t.Errorf("sum %s, want %s", got, want)
	}
}
