package looks_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"symgrad/cmd/internal/pretrained"
	"symgrad/cmd/playground/internal/looks"
	"symgrad/data/digit"
	"symgrad/data/digit/photo"
	"symgrad/data/mnist"
	"symgrad/data/sketch"
	"symgrad/train/inspect"
)

func pool(t *testing.T) *looks.Pool {
	t.Helper()
	net, err := pretrained.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := looks.NewPool(net, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// picture is the first test image, a 7, as a PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	_, set, err := mnist.First(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	img := photo.Photo{Width: 100, Height: 100, Size: 84, X: 8, Y: 8, Ink: color.RGBA{A: 255}, Paper: color.RGBA{255, 255, 255, 255}}.Of(set, 0)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLook(t *testing.T) {
	l, err := pool(t).Look(context.Background(), picture(t), inspect.Answer)
	if err != nil {
		t.Fatal(err)
	}
	if l.Answer != 7 || l.Chosen != 7 || l.Probabilities[7] < 0.9 || l.Network != "digits" {
		t.Errorf("answer %d, saliency of %d, probabilities %v", l.Answer, l.Chosen, l.Probabilities)
	}
	var names []string
	for _, layer := range l.Layers {
		names = append(names, layer.Name+" "+layer.Text)
		if g := layer.Maps; len(g.Values) != g.Count*g.Height*g.Width || g.Scale <= 0 {
			t.Errorf("%s: %d bytes for %dx%dx%d, scale %g", layer.Name, len(g.Values), g.Count, g.Height, g.Width, g.Scale)
		}
	}
	if got := strings.Join(names, ", "); got != "conv1 conv 16@5x5, relu1 relu, pool1 max-pool 2x2, conv2 conv 32@5x5, relu2 relu, pool2 max-pool 2x2" {
		t.Errorf("layers %s", got)
	}
	for _, v := range l.Layers[1].Maps.Values {
		if v < 128 {
			t.Fatal("a rectified map has a negative value")
		}
	}
	other, err := pool(t).Look(context.Background(), picture(t), 2)
	if err != nil || other.Answer != 7 || other.Chosen != 2 || bytes.Equal(other.Saliency.Values, l.Saliency.Values) {
		t.Errorf("asked about 2: answer %d, saliency of %d, %v", other.Answer, other.Chosen, err)
	}
}

// What is no digit is said to be none, and several are read.
func TestLookAtOtherThings(t *testing.T) {
	p, r := pool(t), rand.New(rand.NewPCG(3, 1))
	for _, c := range []struct {
		img    image.Image
		digits []int
	}{{sketch.Number("12", r, 200), []int{1, 2}}, {sketch.Held()[3].Draw(r, 200), nil}} {
		var b bytes.Buffer
		if err := png.Encode(&b, c.img); err != nil {
			t.Fatal(err)
		}
		l, err := p.Look(context.Background(), b.Bytes(), inspect.Answer)
		if err != nil || l.Answer != pretrained.NoDigit || len(l.Probabilities) != 11 || !slices.Equal(l.Digits, c.digits) {
			t.Errorf("answer %d, digits %v, want %v; %v", l.Answer, l.Digits, c.digits, err)
		}
	}
}

func TestLookRefuses(t *testing.T) {
	p := pool(t)
	if _, err := p.Look(context.Background(), []byte("no picture"), 0); err == nil || !strings.HasPrefix(err.Error(), "digit: picture: ") {
		t.Error(err)
	}
	white := photo.Photo{Width: 30, Height: 30, Size: 1, Paper: color.RGBA{255, 255, 255, 255}, Ink: color.RGBA{255, 255, 255, 255}}
	_, set, err := mnist.First(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, white.Of(set, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Look(context.Background(), b.Bytes(), 0); !errors.Is(err, digit.ErrBlank) {
		t.Error(err)
	}
}

// More callers than inspectors take turns; who cannot wait is told so.
func TestManyAtOnce(t *testing.T) {
	p, file := pool(t), picture(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if l, err := p.Look(context.Background(), file, inspect.Answer); err != nil || l.Answer != 7 {
				t.Error(l.Answer, err)
			}
		})
	}
	wg.Wait()
	empty, err := looks.NewPool(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := empty.Look(ctx, file, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// A byte is within half a step of its number.
func TestBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Float64Range(-1e6, 1e6)).Draw(t, "values")
		scale, b := looks.Bytes(values)
		for i, v := range values {
			if got := (float64(b[i]) - 128) / 127 * scale; !(math.Abs(got-v) <= scale/127*0.5001) || v == 0 && b[i] != 128 {
				t.Fatalf("%g became %d, %g", v, b[i], got)
			}
		}
	})
}
