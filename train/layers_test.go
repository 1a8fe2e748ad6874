package train_test

import (
	"math"
	"strings"
	"testing"

	"symgrad/models"
	"symgrad/train"
)

// Every layer by hand: a filter of ones, pooling, a weight for each map.
func TestLayers(t *testing.T) {
	spec := models.Sequential([]int{1, 3, 3}, models.Conv2D{Maps: 1, Kernel: 2}, models.ReLU(), models.MaxPool{Size: 2}, models.Flatten{}, models.Dense{Out: 2})
	net := must(spec.New(models.NewRand(1)))
	for i, w := range [][]float64{{1, 1, 1, 1}, {-10}, {2, 3}, {0.5, -1}} {
		if err := net.Params[i].Set(w); err != nil {
			t.Fatal(err)
		}
	}
	layers := must(train.Layers(net, []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}))
	want := map[string][]float64{
		"conv1": {2, 6, 14, 18}, "relu1": {2, 6, 14, 18}, "pool1": {18}, "flatten1": {18}, "fc1": {36.5, 53},
	}
	if len(layers) != len(want) {
		t.Fatalf("%d layers, want %d", len(layers), len(want))
	}
	for _, l := range layers {
		got := l.Example(1)
		for i, v := range want[l.Name] {
			if !(math.Abs(got[i]-v) <= 1e-6) {
				t.Errorf("%s: %v, want %v", l.Name, got, want[l.Name])
			}
		}
		if first := l.Example(0); l.Name == "conv1" && first[0] != -10 || l.Name == "relu1" && first[0] != 0 {
			t.Errorf("%s of zeros: %v", l.Name, first)
		}
	}
	for _, n := range []int{0, 8, 10} {
		if _, err := train.Layers(net, make([]float64, n)); err == nil || !strings.Contains(err.Error(), "want a multiple of 9") {
			t.Errorf("%d numbers: %v", n, err)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
