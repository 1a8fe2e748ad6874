package ops_test

import (
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// Each image's gradient by the filters is linear in the images, and all of it in
// the slopes: <r, y> is the sum of either's numbers times their own gradients, of
// one image too.
func TestEachGradientsOwnGradients(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for batch := 1; batch <= 3; batch++ {
		const taps = 2 * 2 * 3
		x, dy := normal(r, batch, 2, 4, 5), normal(r, batch, 3, 3, 3)
		s := sample{params: []array{x, dy}, out: normal(r, batch, 3*(taps+1)), node: func(p G.Nodes) (*G.Node, error) {
			return ops.Conv2DEachGrad(p[0], p[1], [2]int{2, 3}, [2]int{}, [2]int{})
		}}
		for _, dtype := range floats {
			y, grads, err := s.evaluate(dtype)
			if err != nil {
				t.Fatal(err)
			}
			var want [2]float64
			for i, v := range y {
				want[1] += v * s.out.data[i]
				if i%(taps+1) < taps { // not a bias's
					want[0] += v * s.out.data[i]
				}
			}
			for i, p := range s.params {
				if got := dot(p, array{p.shape, grads[i]}); math.Abs(got-want[i]) > 1e-4 {
					t.Errorf("%v, %d images: operand %d times its gradient is %v, want %v", dtype, batch, i+1, got, want[i])
				}
			}
		}
	}
}
