package digit_test

import (
	"context"
	"image"
	"io"
	"math"
	"sync"
	"testing"

	"symgrad/data"
	"symgrad/data/digit"
	"symgrad/data/imagefile"
	"symgrad/data/mnist"
)

// testSet is MNIST's, decoded once.
var testSet = sync.OnceValues(mnist.Test)

func digits(t testing.TB) *data.Set {
	t.Helper()
	set, err := testSet()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// original is an MNIST image as numbers.
func original(set *data.Set, i int) []float64 {
	out := make([]float64, 784)
	for k, b := range set.Pixels[i*784 : (i+1)*784] {
		out[k] = float64(b) / 255
	}
	return out
}

// apart is the mean difference of two images' pixels.
func apart(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += math.Abs(a[i] - b[i])
	}
	return sum / float64(len(a))
}

// alike is [apart] but for one pixel's shift: a box that came out a little larger
// may round to it.
func alike(got, want []float64) float64 {
	best := apart(got, want)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			moved := make([]float64, len(got))
			for i, v := range got {
				if x, y := i%28+dx, i/28+dy; x >= 0 && y >= 0 && x < 28 && y < 28 {
					moved[y*28+x] = v
				}
			}
			best = min(best, apart(moved, want))
		}
	}
	return best
}

func found(img image.Image) ([]float64, error) {
	d, err := digit.Find(img)
	return d.Pixels, err
}

func read(ctx context.Context, r io.Reader, name string, limits imagefile.Limits) ([]float64, error) {
	d, err := digit.Read(ctx, r, name, limits)
	return d.Pixels, err
}
