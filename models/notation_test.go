package models_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"symgrad/models"
)

// layerGen draws layers of every kind in the form that notation can tell apart:
// a stride of 0 where it would change nothing.
func layerGen() *rapid.Generator[models.Layer] {
	stride := func(t *rapid.T, without int) int {
		if s := rapid.IntRange(1, 5).Draw(t, "stride"); s != without {
			return s
		}
		return 0
	}
	return rapid.Custom(func(t *rapid.T) models.Layer {
		n := rapid.IntRange(1, 1<<20).Draw(t, "units")
		k := rapid.IntRange(1, 40).Draw(t, "window")
		yes, no := rapid.Bool().Draw(t, "yes"), rapid.Bool().Draw(t, "no")
		x := rapid.Float64Range(0, 1).Draw(t, "x")
		return rapid.SampledFrom([]models.Layer{
			models.Conv2D{Maps: n, Kernel: k, Stride: stride(t, 1), Same: yes, NoBias: no},
			models.MaxPool{Size: k, Stride: stride(t, k)}, models.MeanPool{Size: k, Stride: stride(t, k)},
			models.Dense{Out: n, NoBias: yes}, models.Flatten{}, models.Dropout{Drop: x},
			models.Sigmoid(), models.Tanh(), models.ReLU(), models.LeakyReLU(x), models.Softmax(),
		}).Draw(t, "layer")
	})
}

// What is printed is read back as the same layers.
func TestNotationRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(layerGen(), 1, 12).Draw(t, "layers")
		var text []string
		for _, l := range want {
			text = append(text, l.(interface{ String() string }).String())
		}
		got, err := models.ParseLayers(strings.Join(text, ", "))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v\nwas read back as %v, %v", text, got, err)
		}
	})
}

// The notation is the table's: the middle column of every network's is read
// back as its layers.
func TestNotationOfTables(t *testing.T) {
	for _, spec := range []models.Spec{models.Tutorial(), models.LeNet(), models.Small(), models.MLP(784, 128, 10), models.Neuron(3), models.TwoLayers(3, 4, 1)} {
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		var text []string
		lines := strings.Split(net.String(), "\n")
		for _, line := range lines[1 : len(lines)-1] {
			text = append(text, line[15:37])
		}
		if got, err := models.ParseLayers(strings.Join(text, ",")); err != nil || !slices.Equal(got, spec.Layers) {
			t.Errorf("%s: %v, %v", spec.Name, got, err)
		}
	}
}

func TestNotationOfPeople(t *testing.T) {
	want := []models.Layer{models.Conv2D{Maps: 16, Kernel: 3, Same: true}, models.ReLU(), models.MaxPool{Size: 2}, models.MeanPool{Size: 3, Stride: 2}, models.LeakyReLU(0.01), models.Dense{Out: 64}}
	got, err := models.ParseLayers(" conv 16@3 same,relu ,maxpool 2,  meanpool 3x3 stride 2, leaky-relu, dense 64")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestBadNotationIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"":                           `layer 1, "": nothing stands there`,
		"relu,,flatten":              `layer 2, "": nothing stands there`,
		"relu, convolution 3":        `layer 2, "convolution 3": no such layer`,
		"conv":                       `"conv": want conv MAPS@KxK`,
		"conv 3x3":                   `want conv MAPS@KxK`,
		"conv 8@3x5":                 `want conv MAPS@KxK`,
		"conv 0@3x3":                 `want conv MAPS@KxK`,
		"conv +8@3x3":                `want conv MAPS@KxK`,
		"conv 8@3x3 stride":          `want conv MAPS@KxK`,
		"conv 8@3x3 stride x":        `want conv MAPS@KxK`,
		"conv 8@3x3 same same":       `want conv MAPS@KxK`,
		"maxpool -2":                 `want max-pool KxK`,
		"mean-pool 2 stride 0":       `want mean-pool KxK`,
		"dense 1.5":                  `want dense UNITS`,
		"dense 99999999999999999999": `want dense UNITS`,
		"flatten 2":                  `want flatten`,
		"dropout half":               `want dropout P`,
		"relu 0.1":                   `want relu`,
		"softmax 1":                  `want softmax`,
		"leaky-relu x":               `want leaky-relu`,
	} {
		if _, err := models.ParseLayers(text); err == nil || !strings.HasPrefix(err.Error(), "models: layer ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q, got %v", text, want, err)
		}
	}
}

// A network for other data keeps its hidden layers; one that is too deep for it
// says which layer, and with which shapes.
func TestFor(t *testing.T) {
	for _, c := range []struct {
		spec  models.Spec
		input []int
		want  string // output shapes, or the error
	}{
		{models.Tutorial(), []int{3, 32, 32}, "[10 28 28] [10 28 28] [10 14 14] [1960] [128] [128] [26]"},
		{models.LeNet(), []int{1, 10, 12}, "[32 8 10] [32 8 10] [32 4 5] [64 2 3] [64 2 3] [64 1 1] [64] [128] [128] [26]"},
		{models.MLP(784, 20, 10), []int{3, 4, 5}, "[20] [20] [26]"},
		{models.LeNet(), []int{1, 8, 8}, "models: lenet on input 1x8x8: layer 6, pool2 (max-pool 2x2): window 2x2 is larger than the image 1x1"},
		{models.Small(), []int{1, 3, 9}, "models: small on input 1x3x9: layer 1, conv1 (conv 8@5x5): kernel 5x5 is larger than the image 3x9"},
		{models.MLP(784, 1<<16, 10), []int{3, 64, 64}, "models: mlp: layer 1, fc1 (dense 65536): with its weight of 12288x65536 the network has more than 134217728 weights"},
	} {
		got := ""
		net, err := c.spec.For(c.input, 26).New(models.NewRand(1))
		if err != nil {
			got = err.Error()
		} else {
			for i := range net.Layers[1:] {
				got += fmt.Sprint(net.LayerInput(i+1), " ")
			}
			got += fmt.Sprint([]int{net.Outputs()})
		}
		if got != c.want {
			t.Errorf("%s for %v: %s\nwant %s", c.spec.Name, c.input, got, c.want)
		}
	}
	if models.LeNet().Layers[9] != (models.Dense{Out: 10}) {
		t.Error("For changed the spec that it was called on")
	}
}
