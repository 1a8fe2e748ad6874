package ops_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// entropy runs the loss and the gradient of g times it.
func entropy(t *testing.T, dtype tensor.Dtype, g float64, z, y array) (loss float64, dz []float64) {
	t.Helper()
	s := sample{
		params: []array{z},
		node: func(p G.Nodes) (*G.Node, error) {
			return ops.SoftmaxCrossEntropy(p[0], y.node(p[0].Graph(), dtype, "y"))
		},
		out: array{nil, []float64{g}},
	}
	l, grads, err := s.evaluate(dtype)
	if err != nil {
		t.Fatal(err)
	}
	return l[0], grads[0]
}

func TestCrossEntropyByHand(t *testing.T) {
	half := math.Exp(-0.5) / (1 + math.Exp(-0.5)) // softmax of (0, -0.5) at the second
	for _, c := range []struct {
		name string
		z, y array
		loss float64
		dz   []float64
	}{
		{"far apart, right", array{[]int{1, 2}, []float64{1000, -1000}}, array{[]int{1, 2}, []float64{1, 0}}, 0, []float64{0, 0}},
		{"far apart, wrong", array{[]int{1, 2}, []float64{1000, -1000}}, array{[]int{1, 2}, []float64{0, 1}}, 2000, []float64{1, -1}},
		{"all +1000", array{[]int{1, 4}, []float64{1000, 1000, 1000, 1000}}, array{[]int{1, 4}, []float64{0, 0, 1, 0}}, math.Log(4), []float64{.25, .25, -.75, .25}},
		{"all -1000", array{[]int{2, 2}, []float64{-1000, -1000, -1000, -1000}}, array{[]int{2, 2}, []float64{1, 0, 0, 1}}, math.Ln2, []float64{-.25, .25, .25, -.25}},
		{"mean over the batch", array{[]int{2, 2}, []float64{0, -0.5, 1000, -1000}}, array{[]int{2, 2}, []float64{0, 1, 0, 1}}, (-math.Log(half) + 2000) / 2, []float64{(1 - half) / 2, (half - 1) / 2, .5, -.5}},
		{"one class", array{[]int{3, 1}, []float64{-7, 0, 1000}}, array{[]int{3, 1}, []float64{1, 1, 1}}, 0, []float64{0, 0, 0}},
		{"targets of sum 3", array{[]int{1, 2}, []float64{0, 0}}, array{[]int{1, 2}, []float64{1, 2}}, 3 * math.Ln2, []float64{.5, -.5}},
		{"a class ruled out", array{[]int{1, 3}, []float64{lowest, 0, 0}}, array{[]int{1, 3}, []float64{0, 1, 0}}, math.Ln2, []float64{0, -.5, .5}},
	} {
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float32: 1e-6, tensor.Float64: 1e-15} {
			loss, dz := entropy(t, dtype, 3, c.z, c.y)
			for i := range dz {
				dz[i] /= 3
			}
			if apart([]float64{loss}, []float64{c.loss}) > tolerance || apart(dz, c.dz) > tolerance {
				t.Errorf("%s, %v: loss %v, gradient %v, want %v, %v", c.name, dtype, loss, dz, c.loss, c.dz)
			}
		}
	}
}

// The probabilities of rows that exp alone cannot take.
func TestSoftmaxByHand(t *testing.T) {
	half := math.Exp(-0.5) / (1 + math.Exp(-0.5))
	z := array{[]int{4, 2}, []float64{1000, -1000, -1000, -1000, 0, -0.5, nan, 0}}
	want := []float64{1, 0, .5, .5, 1 - half, half, nan, nan}
	for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float32: 1e-7, tensor.Float64: 1e-15} {
		if p := read(do(t, ops.SoftmaxOp{}, z.dense(dtype))); apart(p, want) > tolerance {
			t.Errorf("%v: %v, want %v", dtype, p, want)
		}
	}
}

// A diverged network must be seen, not end the process.
func TestCrossEntropyOfNaN(t *testing.T) {
	for i := range 2 {
		z := array{[]int{1, 2}, []float64{1, 2}}
		z.data[i] = nan
		loss, dz := entropy(t, tensor.Float64, 1, z, array{[]int{1, 2}, []float64{1, 0}})
		if !math.IsNaN(loss) || !math.IsNaN(dz[0]) || !math.IsNaN(dz[1]) {
			t.Errorf("logits %v: loss %v, gradient %v", z.data, loss, dz)
		}
	}
}

// 100,000 equal rows in float32: a sum in float32 would lose the mean's last three digits.
func TestCrossEntropySumsInDoublePrecision(t *testing.T) {
	z, y := zeros(100_000, 2), zeros(100_000, 2)
	for i := 0; i < len(y.data); i += 2 {
		y.data[i] = 1
	}
	got := do(t, ops.SoftmaxCrossEntropyOp{}, z.dense(tensor.Float32), y.dense(tensor.Float32))
	if want := float32(math.Ln2); got.Data().(float32) != want {
		t.Errorf("mean %v, want %v", got, want)
	}
}
