package ops_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"symgrad/models/gradcheck"
	"symgrad/models/ops"
)

func must(n *G.Node, err error) *G.Node {
	if err != nil {
		panic(err)
	}
	return n
}

// numbers are spread over [-1, 1], no two alike.
func numbers(n, salt int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Sin(float64(i*i+7*i+salt)) * (1 + float64(i)*1e-6)
	}
	return out
}

func at(name string, salt int, shape ...int) gradcheck.Tensor {
	size := 1
	for _, d := range shape {
		size *= d
	}
	return gradcheck.Tensor{Name: name, Shape: shape, Values: numbers(size, salt)}
}

// weighted is a scalar in which every element of x counts differently.
func weighted(x *G.Node) (*G.Node, error) {
	s := must(G.Reshape(x, []int{x.Shape().TotalSize()}))
	return G.Sum(must(G.Tanh(must(G.Add(s, G.NewConstant(0.3))))))
}

func TestGradients(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(rt, name) }
		b, c, h, w, kh, kw := n("B", 1, 4), n("C", 1, 3), n("H", 3, 7), n("W", 3, 7), n("kh", 1, 3), n("kw", 1, 3)
		stride, pad := [2]int{n("sh", 1, 3), n("sw", 1, 3)}, [2]int{n("ph", 0, 2), n("pw", 0, 2)}
		var build gradcheck.Build
		points := []gradcheck.Tensor{at("x", 1, b, c, h, w)}
		switch rapid.SampledFrom([]string{"conv", "max", "mean", "bias", "images' bias", "loss"}).Draw(rt, "op") {
		case "conv":
			points = append(points, at("w", 2, n("K", 1, 3), c, kh, kw))
			build = func(p G.Nodes) (*G.Node, error) { return weighted(must(ops.Conv2D(p[0], p[1], stride, pad))) }
		case "max":
			build = func(p G.Nodes) (*G.Node, error) { return weighted(must(ops.MaxPool(p[0], [2]int{kh, kw}, stride))) }
		case "mean":
			build = func(p G.Nodes) (*G.Node, error) { return weighted(must(ops.MeanPool(p[0], [2]int{kh, kw}, stride))) }
		case "bias":
			points = []gradcheck.Tensor{at("x", 1, b, w), at("b", 2, w)}
			build = func(p G.Nodes) (*G.Node, error) { return weighted(must(ops.AddBias(p[0], p[1]))) }
		case "images' bias":
			points = append(points, at("b", 2, c))
			build = func(p G.Nodes) (*G.Node, error) { return weighted(must(ops.AddBias(p[0], p[1]))) }
		case "loss":
			points = []gradcheck.Tensor{at("z", 1, b, w)}
			build = func(p G.Nodes) (*G.Node, error) {
				y := tensor.New(tensor.WithShape(b, w), tensor.WithBacking(numbers(b*w, 5)))
				return ops.SoftmaxCrossEntropy(p[0], G.NewMatrix(p[0].Graph(), G.Float64, G.WithShape(b, w), G.WithName("y"), G.WithValue(y)))
			}
		}
		mismatches, err := gradcheck.Check(build, points, gradcheck.Options{})
		if err != nil || len(mismatches) > 0 {
			rt.Fatal(err, mismatches)
		}
	})
}

// run gives the numbers of one node.
func run(t *testing.T, build func(g *G.ExprGraph) *G.Node) []float64 {
	t.Helper()
	g := G.NewGraph()
	var v G.Value
	G.Read(build(g), &v)
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	switch d := v.Data().(type) {
	case []float64:
		return d
	case float64:
		return []float64{d}
	case float32:
		return []float64{float64(d)}
	}
	return nil
}

func input(g *G.ExprGraph, name string, values []float64, shape ...int) *G.Node {
	return G.NewTensor(g, G.Float64, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))))
}

func close(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12 {
			t.Errorf("%s: number %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// Gorgonia's own convolution and pooling are right in one piece; they are the second opinion.
func TestAgreesWithGorgonia(t *testing.T) {
	for _, c := range []struct{ stride, pad int }{{1, 0}, {1, 1}, {2, 0}, {2, 1}} {
		conv := func(own bool) []float64 {
			return run(t, func(g *G.ExprGraph) *G.Node {
				x, w := input(g, "x", numbers(2*3*7*6, 1), 2, 3, 7, 6), input(g, "w", numbers(4*3*3*3, 2), 4, 3, 3, 3)
				if own {
					return must(ops.Conv2D(x, w, [2]int{c.stride, c.stride}, [2]int{c.pad, c.pad}))
				}
				return must(G.Conv2d(x, w, tensor.Shape{3, 3}, []int{c.pad, c.pad}, []int{c.stride, c.stride}, []int{1, 1}))
			})
		}
		close(t, fmt.Sprintf("conv %+v", c), conv(true), conv(false))
		pool := func(own bool) []float64 {
			return run(t, func(g *G.ExprGraph) *G.Node {
				x := input(g, "x", numbers(2*3*7*6, 1), 2, 3, 7, 6)
				if own {
					return must(ops.MaxPool(x, [2]int{2, 2}, [2]int{c.stride, c.stride}))
				}
				return must(G.MaxPool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{c.stride, c.stride}))
			})
		}
		close(t, fmt.Sprintf("pool %+v", c), pool(true), pool(false))
	}
}

func TestNaNAndInfinityInPoolsDoNotPanic(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for _, window := range [][]float64{{nan, nan, nan, nan}, {inf, inf, inf, inf}, {1, nan, 2, 3}} {
		g := G.NewGraph()
		x := input(g, "x", window, 1, 1, 2, 2)
		loss := must(G.Sum(must(ops.MaxPool(x, [2]int{2, 2}, [2]int{2, 2}))))
		grads, err := G.Grad(loss, x)
		if err != nil {
			t.Fatal(err)
		}
		m := G.NewTapeMachine(g)
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		v := loss.Value().Data().(float64)
		if want := window[0]; math.IsNaN(window[1]) != math.IsNaN(v) || !math.IsNaN(v) && v != want {
			t.Errorf("pool of %v: %v", window, v)
		}
		sum := 0.0
		for _, d := range grads[0].Value().Data().([]float64) {
			sum += d
		}
		if sum != 1 {
			t.Errorf("gradient of the pool of %v sums to %v", window, sum)
		}
	}
}

func TestCrossEntropyAtLargeLogits(t *testing.T) {
	got := run(t, func(g *G.ExprGraph) *G.Node {
		return must(ops.SoftmaxCrossEntropy(input(g, "z", []float64{1000, -1000, 0, 0}, 2, 2), input(g, "y", []float64{0, 1, 1, 0}, 2, 2)))
	})
	close(t, "loss", got, []float64{(2000 + math.Ln2) / 2})
	z, y, dz := []float32{1000, -1000}, []float32{0, 1}, make([]float32, 2)
	if loss := ops.CrossEntropy(2, z, y); loss != 2000 {
		t.Errorf("float32 loss %v", loss)
	}
	if ops.CrossEntropyGrad(2, dz, z, y, 1); dz[0] != 1 || dz[1] != -1 {
		t.Errorf("float32 gradient %v", dz)
	}
}

func TestEveryFieldCountsForTheHash(t *testing.T) {
	g := G.NewGraph()
	x, w := input(g, "x", numbers(36, 1), 1, 1, 6, 6), input(g, "w", numbers(4, 1), 1, 1, 2, 2)
	nodes := map[*G.Node]bool{}
	for _, stride := range []int{1, 2} {
		for _, pad := range []int{0, 1} {
			nodes[must(ops.Conv2D(x, w, [2]int{stride, 1}, [2]int{pad, 0}))] = true
		}
		nodes[must(ops.MaxPool(x, [2]int{2, 2}, [2]int{stride, 1}))] = true
		nodes[must(ops.MeanPool(x, [2]int{2, 2}, [2]int{stride, 1}))] = true
	}
	if len(nodes) != 8 {
		t.Errorf("%d different nodes, want 8", len(nodes))
	}
	if must(ops.Conv2D(x, w, [2]int{}, [2]int{})) != must(ops.Conv2D(x, w, [2]int{1, 1}, [2]int{})) {
		t.Error("the same convolution twice is two nodes")
	}
}

func TestABufferIsFilledWhateverIsInIt(t *testing.T) {
	x := tensor.New(tensor.WithShape(1, 2, 4, 4), tensor.WithBacking(numbers(32, 1)))
	w := tensor.New(tensor.WithShape(3, 2, 2, 2), tensor.WithBacking(numbers(24, 2)))
	op := ops.Conv2DOp{Stride: [2]int{1, 1}}
	fresh, err := op.Do(x, w)
	if err != nil {
		t.Fatal(err)
	}
	dirty := tensor.New(tensor.WithShape(1, 3, 3, 3), tensor.WithBacking(numbers(27, 9)))
	if _, err := op.UsePreallocDo(dirty, x, w); err != nil {
		t.Fatal(err)
	}
	close(t, "buffer", dirty.Float64s(), fresh.Data().([]float64))
	if _, err := op.UsePreallocDo(x, x, w); err == nil {
		t.Error("a buffer of another shape was taken")
	}
	turned := x.Clone().(*tensor.Dense)
	if err := turned.T(0, 1, 3, 2); err != nil {
		t.Fatal(err)
	}
	viaView, err := op.Do(turned, w)
	if err != nil {
		t.Fatal(err)
	}
	if err := turned.Transpose(); err != nil {
		t.Fatal(err)
	}
	viaCopy, err := op.Do(turned, w)
	if err != nil {
		t.Fatal(err)
	}
	close(t, "transposed view", viaView.Data().([]float64), viaCopy.Data().([]float64))
}

func TestShapeErrors(t *testing.T) {
	g := G.NewGraph()
	x, w := input(g, "x", numbers(36, 1), 1, 1, 6, 6), input(g, "w", numbers(49, 1), 1, 1, 7, 7)
	for want, build := range map[string]func() (*G.Node, error){
		"is larger than the image": func() (*G.Node, error) { return ops.Conv2D(x, w, [2]int{1, 1}, [2]int{}) },
		"have 1 channels": func() (*G.Node, error) {
			return ops.Conv2D(x, input(g, "v", numbers(8, 1), 1, 2, 2, 2), [2]int{}, [2]int{})
		},
		"must be positive":       func() (*G.Node, error) { return ops.MaxPool(x, [2]int{2, 2}, [2]int{0, 1}) },
		"window [9 2] is larger": func() (*G.Node, error) { return ops.MeanPool(x, [2]int{9, 2}, [2]int{1, 1}) },
		"want (B, N) or":         func() (*G.Node, error) { return ops.AddBias(x, input(g, "b", numbers(2, 1), 2)) },
		"differ in shape": func() (*G.Node, error) {
			return ops.SoftmaxCrossEntropy(input(g, "z", numbers(4, 1), 2, 2), input(g, "y", numbers(6, 1), 2, 3))
		},
	} {
		if _, err := build(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
