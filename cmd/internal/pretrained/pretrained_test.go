package pretrained_test

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/cmd/internal/pretrained"
	"symgrad/data"
	"symgrad/data/digit"
	"symgrad/data/digit/photo"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

func load(t *testing.T) (*models.Network, *data.Set) {
	t.Helper()
	net, err := pretrained.Load("")
	if err != nil {
		t.Fatal(err)
	}
	set, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	return net, set
}

// Photos of MNIST's digits are answered as the digits themselves are: 100 of each
// kind with LONG=1, else 4, one of which may miss what is asked of 100.
func TestPhotosAreAnsweredAsTheirDigits(t *testing.T) {
	images, missed := 100, 0.0
	if !long() {
		images, missed = 4, 1
	}
	net, set := load(t)
	black, white := color.RGBA{A: 255}, color.RGBA{255, 255, 255, 255}
	for name, c := range map[string]struct {
		photo.Photo
		least float64
	}{
		"as it is":       {photo.Photo{Width: 28, Height: 28, Size: 28, Ink: white, Paper: black}, 1},
		"inverted":       {photo.Photo{Width: 28, Height: 28, Size: 28, Ink: black, Paper: white}, 1},
		"blown up":       {photo.Photo{Width: 280, Height: 280, Size: 280, Ink: white, Paper: black}, 0.98},
		"corner":         {photo.Photo{Width: 400, Height: 300, Size: 120, X: 270, Y: 10, Ink: black, Paper: white}, 0.98},
		"red on green":   {photo.Photo{Width: 200, Height: 200, Size: 140, X: 30, Y: 30, Ink: color.RGBA{200, 60, 60, 255}, Paper: color.RGBA{60, 140, 60, 255}}, 0.98},
		"pencil":         {photo.Photo{Width: 200, Height: 200, Size: 140, X: 30, Y: 30, Ink: color.RGBA{190, 190, 190, 255}, Paper: color.RGBA{235, 235, 230, 255}, Noise: 0.01}, 0.97},
		"lamp":           {photo.Photo{Width: 300, Height: 240, Size: 168, X: 60, Y: 30, Ink: color.RGBA{30, 30, 80, 255}, Paper: color.RGBA{240, 235, 220, 255}, Lamp: 0.6}, 0.98},
		"lamp and noise": {photo.Photo{Width: 300, Height: 240, Size: 168, X: 60, Y: 30, Ink: color.RGBA{30, 30, 80, 255}, Paper: color.RGBA{240, 235, 220, 255}, Lamp: 0.4, Noise: 0.05}, 0.95},
		"chalk":          {photo.Photo{Width: 300, Height: 240, Size: 168, X: 60, Y: 30, Ink: color.RGBA{225, 225, 215, 255}, Paper: color.RGBA{35, 60, 45, 255}, Lamp: 0.3, Noise: 0.05}, 0.95},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := train.NewPredictor(net, 1, train.OwnVM(1))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			answer := func(pixels []float64) int {
				out, err := p.Predict(pixels)
				if err != nil {
					t.Fatal(err)
				}
				return out[0].Class
			}
			same := 0
			for i := range images {
				pixels := make([]float64, 784)
				data.Gather(set, []int{i}, pixels, nil)
				shot, err := digit.Find(c.Of(set, i))
				if err == nil && answer(shot.Pixels) == answer(pixels) {
					same++
				}
			}
			t.Logf("%d of %d", same, images)
			least := c.least * float64(images)
			if c.least < 1 {
				least -= missed
			}
			if float64(same) < least {
				t.Errorf("%d of %d answered as before, want %g", same, images, least)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	net, err := models.MLP(3, 4).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	other, broken := filepath.Join(dir, "other.safetensors"), filepath.Join(dir, "broken.safetensors")
	if err := checkpoint.Save(other, net, checkpoint.Meta{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		other:  "the network mlp takes [3] and gives 4 numbers, want 28x28 pixels and 10 digits",
		broken: "broken.safetensors", filepath.Join(dir, "missing"): "missing",
	} {
		if _, err := pretrained.Load(path); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}
