package inspect_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/train/inspect"
)

func photograph(t *testing.T, net *models.Network, x []float64, class int) inspect.Heat {
	t.Helper()
	c, err := inspect.NewCamera(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	h, err := c.At(x, class)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Grad-CAM from the maps and their slopes by hand.
func TestGradCAMAgreesWithTheHandWrittenOne(t *testing.T) {
	bare := models.Sequential([]int{1, 28, 28}, models.Conv2D{Maps: 3, Kernel: 5, Stride: 2}, models.MaxPool{Size: 2}, models.ReLU(), models.Flatten{}, models.Dense{Out: 5})
	for _, c := range []struct {
		spec  models.Spec
		layer string
		index int
		shape [2]int
	}{
		{models.Tutorial(), "sigmoid1", 1, [2]int{24, 24}},
		{models.Small(), "relu2", 4, [2]int{8, 8}},
		{models.LeNet(), "relu2", 4, [2]int{11, 11}},
		{bare, "conv1", 0, [2]int{12, 12}},
	} {
		t.Run(c.spec.Name, func(t *testing.T) {
			net := network(t, c.spec, tensor.Float64)
			byHand, err := gradcheck.Reference(net)
			if err != nil {
				t.Fatal(err)
			}
			x := noise(784)
			most, least := 0.0, 0.0
			for class := range 5 {
				h := photograph(t, net, x, class)
				if h.Layer != c.layer || h.Shape != c.shape || h.Chosen != class {
					t.Fatalf("%s, %v, output %d", h.Layer, h.Shape, h.Chosen)
				}
				_, slope := backward(t, byHand, x, class, c.index)
				maps := byHand.Outputs[c.index]
				area := c.shape[0] * c.shape[1]
				want := make([]float64, area)
				for k := range len(maps) / area {
					for p := range area {
						for q := range area {
							want[p] += maps[k*area+p] * slope[k*area+q] / float64(area)
						}
					}
				}
				for p := range want {
					if !(math.Abs(h.Map[p]-max(want[p], 0)) <= 1e-10) {
						t.Fatalf("place %d: %g, by hand %g", p, h.Map[p], max(want[p], 0))
					}
				}
				most, least = max(most, slices.Max(want)), min(least, slices.Min(want))
			}
			if most == 0 || least == 0 {
				t.Error("nothing speaks for anything, or nothing against it")
			}
		})
	}
}

// A network that answers by one corner: that corner is lit, and no other, in the
// picture's size.
func TestGradCAMLightsTheCorner(t *testing.T) {
	for corner, at := range [][2]int{{0, 0}, {0, 21}, {15, 0}, {15, 21}} {
		spec := models.Sequential([]int{1, 16, 22}, models.Conv2D{Maps: 2, Kernel: 3, Same: true}, models.ReLU(), models.MaxPool{Size: 2}, models.Flatten{}, models.Dense{Out: 2})
		net := network(t, spec, tensor.Float32)
		conv := make([]float64, 18)
		conv[4] = 1 // the first map is the picture, the second is black
		weights := make([]float64, 2*8*11*2)
		row, column := at[0]/2, at[1]/2
		for y := range 8 {
			for x := range 11 {
				if abs(y-row) <= 2 && abs(x-column) <= 2 { // output 1 adds up a corner of the first map
					weights[(y*11+x)*2+1] = 1
				}
			}
		}
		for i, values := range [][]float64{conv, {0, 0}, weights, {0, 0}} {
			if err := net.Params[i].Set(values); err != nil {
				t.Fatal(err)
			}
		}
		x := make([]float64, 16*22)
		x[at[0]*22+at[1]] = 1 // drawn in the corner alone
		h := photograph(t, net, x, 1)
		lit := slices.Index(h.Picture, slices.Max(h.Picture))
		if len(h.Picture) != 16*22 || lit != at[0]*22+at[1] || h.Picture[lit] <= 0 {
			t.Errorf("corner %d: pixel %d is lit by %g", corner, lit, h.Picture[lit])
		}
		for k, v := range h.Picture {
			if k != lit && v != 0 {
				t.Errorf("corner %d: so is pixel %d", corner, k)
			}
		}
		if other := photograph(t, net, x, 0); slices.Max(other.Picture) != 0 {
			t.Errorf("corner %d speaks for what it has no part in", corner)
		}
	}
}

// Enlarged, a map is straight between its places and level at the edges.
func TestGradCAMIsEnlargedStraight(t *testing.T) {
	spec := models.Sequential([]int{1, 8, 4}, models.Conv2D{Maps: 1, Kernel: 2, Stride: 2, NoBias: true}, models.Flatten{}, models.Dense{Out: 1, NoBias: true})
	spec.Loss = models.HalfSquaredError()
	net := network(t, spec, tensor.Float64)
	if err := net.Params[0].Set([]float64{1, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	if err := net.Params[1].Set(slices.Repeat([]float64{1}, 8)); err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 32)
	for place := range 8 { // the map is 0, 1; 2, 3; 4, 5; 6, 7
		x[place/2*8+place%2*2] = float64(place)
	}
	h := photograph(t, net, x, 0)
	for y, down := range []float64{0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6} {
		for x, right := range []float64{0, 0.25, 0.75, 1} {
			if got := h.Picture[y*4+x]; !(math.Abs(got-down-right) <= 1e-12) {
				t.Errorf("row %d, column %d: %g, want %g", y, x, got, down+right)
			}
		}
	}
}

func TestNoCamera(t *testing.T) {
	if _, err := inspect.NewCamera(network(t, models.MLP(9, 5, 3), tensor.Float32), nil); err == nil || !strings.Contains(err.Error(), "mlp has no convolution") {
		t.Error(err)
	}
}

func abs(n int) int { return max(n, -n) }
