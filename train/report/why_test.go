package report_test

import (
	"bytes"
	"context"
	"image/color"
	"image/png"
	"testing"

	"symgrad/models"
	"symgrad/train/report"
)

// Networks of vectors, grey pictures and pictures in colour; one without a
// convolution has a tile less.
func TestWhy(t *testing.T) {
	colour := models.Sequential([]int{3, 10, 12}, models.Conv2D{Maps: 2, Kernel: 3}, models.ReLU(), models.Flatten{}, models.Dense{Out: 3})
	for _, c := range []struct {
		spec  models.Spec
		size  int
		tiles int
	}{{models.MLP(784, 10), 784, 3}, {models.Small(), 784, 4}, {colour, 360, 4}} {
		net, err := c.spec.New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		r, err := report.NewReasoner(net, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		pixels := make([]float64, c.size)
		for k := range pixels {
			pixels[k] = float64(k%5) / 4
		}
		why, err := r.Of(context.Background(), pixels, 2)
		if err != nil {
			t.Fatal(err)
		}
		if (why.Heat != nil) != (c.tiles == 4) || len(why.Saliency) != c.size || why.Shares.Chosen != 2 {
			t.Errorf("%s: %+v", c.spec.Name, why)
		}
		img, err := png.Decode(bytes.NewReader(report.Why("", why, why).PNG()))
		if err != nil {
			t.Fatal(err)
		}
		if want := 32 + c.tiles*174; img.Bounds().Dx() != max(want, 16+16+8*len(": orange speaks for the answer, blue against it")) {
			t.Errorf("%s: %d pixels wide, want %d", c.spec.Name, img.Bounds().Dx(), want)
		}
	}
	if _, err := report.NewReasoner(mustNew(t, models.MLP(3, 1)), nil); err == nil || err.Error() != "report: mlp takes [3], no pictures of 1 or 3 channels" {
		t.Error(err)
	}
}

// What speaks for an answer is orange, what speaks against it blue, what does
// neither white, or grey where there is ink.
func TestWhyIsOrangeAndBlue(t *testing.T) {
	r := report.Reasons{Shape: []int{1, 2, 2}, Picture: []float64{0, 0, 0, 1}, Saliency: []float64{1, -2, 0, 0}}
	r.Shares.Values = make([]float64, 4)
	img, err := png.Decode(bytes.NewReader(report.Why("", r).PNG()))
	if err != nil {
		t.Fatal(err)
	}
	at := func(x, y int) color.RGBA { // of the second tile, whose pixels are 84 wide
		return color.RGBAModel.Convert(img.At(16+174+42+84*x, 40+24+42+84*y)).(color.RGBA)
	}
	if c := at(0, 0); !(c.R > c.G && c.G > c.B) {
		t.Errorf("for it: %v", c)
	}
	if c := at(1, 0); !(c.B > c.G && c.G > c.R) {
		t.Errorf("against it: %v", c)
	}
	if c := at(0, 1); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("neither: %v", c)
	}
	if c := at(1, 1); c.R != c.G || c.G != c.B || c.R > 200 || c.R < 150 {
		t.Errorf("ink: %v", c)
	}
}

func mustNew(t *testing.T, spec models.Spec) *models.Network {
	t.Helper()
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	return net
}
