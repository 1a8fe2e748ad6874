package ops_test

import (
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// The value of a bias (N) may be a row or a column: Gorgonia binds either.
func TestBiasAsRowOrColumn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x, b := normal(r, 2, 3), normal(r, 3)
	want := naiveBias(x, b).data
	for _, shape := range [][]int{{3}, {1, 3}, {3, 1}} {
		got := do(t, ops.AddBiasOp{Dims: 2}, x.dense(tensor.Float64), array{shape, b.data}.dense(tensor.Float64))
		if apart(read(got), want) > 0 {
			t.Errorf("bias of shape %v: %v, want %v", shape, got, want)
		}
	}
}

// Shapes that Gorgonia takes for vectors or scalars, with gradients, in one chain.
func TestSmallestShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, shape := range [][4]int{{1, 1, 1, 1}, {3, 1, 1, 1}, {1, 3, 1, 1}, {1, 1, 3, 1}, {1, 1, 1, 3}, {2, 1, 2, 1}} {
		x, w, bias := normal(r, shape[:]...), normal(r, shape[1], shape[1], 1, 1), normal(r, shape[1])
		n := shape[1] * shape[2] * shape[3]
		targets := normal(r, shape[0], n)
		loss := func(p []array) float64 {
			y := naiveBias(naiveConv(p[0], p[1], once, [2]int{}), p[2])
			y = naivePool(naivePool(y, once, once, largest), once, once, mean)
			return naiveCrossEntropy(array{[]int{shape[0], n}, y.data}, targets).data[0]
		}
		s := sample{params: []array{x, w, bias}, out: array{nil, []float64{1}}}
		s.node = func(p G.Nodes) (*G.Node, error) {
			y := G.Must(ops.AddBias(G.Must(ops.Conv2D(p[0], p[1], [2]int{}, [2]int{})), p[2]))
			y = G.Must(ops.MeanPool(G.Must(ops.MaxPool(y, once, once)), once, once))
			return ops.SoftmaxCrossEntropy(G.Must(G.Reshape(y, tensor.Shape{shape[0], n})), targets.node(p[0].Graph(), tensor.Float64, "y"))
		}
		got, grads, err := s.evaluate(tensor.Float64)
		if err != nil {
			t.Fatal(shape, err)
		}
		if want := loss(s.params); !(math.Abs(got[0]-want) <= 1e-14*max(1, math.Abs(want))) {
			t.Errorf("%v: loss %v, want %v", shape, got[0], want)
		}
		const h = 1e-4
		for i, p := range s.params {
			for e := range p.data {
				at := func(h float64) float64 {
					unit := zeros(p.shape...)
					unit.data[e] = h
					moved := append([]array(nil), s.params...)
					moved[i] = p.moved(1, unit)
					return loss(moved)
				}
				if want := (at(h) - at(-h)) / (2 * h); !(math.Abs(grads[i][e]-want) <= 1e-7*max(1, math.Abs(want))) {
					t.Errorf("%v: gradient %d, element %d: %v, want %v", shape, i, e, grads[i][e], want)
				}
			}
		}
	}
}

// Windows as large as an image with its padding: most of their columns fall
// beside it.
func TestWindowsThatReachOverTheImage(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, stride := range [][2]int{once, twice} {
		for _, image := range [][2]int{{1, 1}, {1, 2}, {2, 1}, {3, 2}} {
			for extra := range 2 { // 1: one window less than fits
				x, w := normal(r, 2, 2, image[0], image[1]), normal(r, 3, 2, image[0]+4-extra, image[1]+4-extra)
				pad := twice
				y := naiveConv(x, w, stride, pad)
				s := sample{params: []array{x, w}, out: normal(r, y.shape...),
					node: func(p G.Nodes) (*G.Node, error) { return ops.Conv2D(p[0], p[1], stride, pad) }}
				got, grads, err := s.evaluate(tensor.Float64)
				if err != nil {
					t.Fatal(err)
				}
				if apart(got, y.data) > 1e-14 {
					t.Errorf("%v, stride %v: %v, want %v", image, stride, got, y.data)
				}
				// Linear in either: <r, y> is the sum of each operand times its gradient.
				want := 0.0
				for i, v := range y.data {
					want += v * s.out.data[i]
				}
				for i, p := range s.params {
					sum := 0.0
					for k, v := range p.data {
						sum += v * grads[i][k]
					}
					if !(math.Abs(sum-want) <= 1e-12) {
						t.Errorf("%v, stride %v: operand %d times its gradient is %v, want %v", image, stride, i+1, sum, want)
					}
				}
			}
		}
	}
}
