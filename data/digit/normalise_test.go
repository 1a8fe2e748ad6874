package digit_test

import (
	"errors"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"symgrad/data/digit"
	"symgrad/data/digit/photo"
)

// MNIST's images are normalised already: what comes out is what went in. 100 of
// them, with LONG=1 a thousand.
func TestMNISTStaysAsItIs(t *testing.T) {
	set := digits(t)
	images, total, worst := 100, 0.0, 0.0
	if os.Getenv("LONG") != "" {
		images = 1000
	}
	for i := range images {
		got, err := found(photo.Photo{Width: 28, Height: 28, Size: 28, Ink: color.RGBA{255, 255, 255, 255}}.Of(set, i))
		if err != nil {
			t.Fatal(i, err)
		}
		d := apart(got, original(set, i))
		total, worst = total+d, max(worst, d)
	}
	if mean := total / float64(images); mean > 0.02 || worst > 0.12 {
		t.Errorf("pixels differ by %.4f on average, by %.4f in the worst image", mean, worst)
	}
}

// Whatever its size, place, colours and light, a digit comes out as it was.
func TestPhotosOfMNIST(t *testing.T) {
	set := digits(t)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(40, 160).Draw(t, "size")
		p := photo.Photo{
			Width: size + rapid.IntRange(0, 90).Draw(t, "wider"), Height: size + rapid.IntRange(0, 90).Draw(t, "higher"), Size: size,
			Lamp: rapid.Float64Range(0, 0.4).Draw(t, "lamp"), Noise: rapid.Float64Range(0, 0.03).Draw(t, "noise"),
		}
		p.X, p.Y = rapid.IntRange(0, p.Width-size).Draw(t, "x"), rapid.IntRange(0, p.Height-size).Draw(t, "y")
		dark, light := rapid.Uint8Range(0, 60), rapid.Uint8Range(170, 255)
		p.Ink = color.RGBA{dark.Draw(t, "r"), dark.Draw(t, "g"), dark.Draw(t, "b"), 255}
		p.Paper = color.RGBA{light.Draw(t, "R"), light.Draw(t, "G"), light.Draw(t, "B"), 255}
		if rapid.Bool().Draw(t, "light on dark") {
			p.Ink, p.Paper = p.Paper, p.Ink
		}
		i := rapid.IntRange(0, 999).Draw(t, "image")
		got, err := found(p.Of(set, i))
		if err != nil {
			t.Fatal(err)
		}
		wellPlaced(t, got)
		if d := alike(got, original(set, i)); d > 0.08 {
			t.Errorf("image %d: pixels differ by %.3f on average", i, d)
		}
	})
}

// wellPlaced checks what is true of every normalised digit.
func wellPlaced(t interface{ Fatalf(string, ...any) }, pixels []float64) {
	if len(pixels) != 784 {
		t.Fatalf("%d numbers", len(pixels))
	}
	var mass, mx, my, top float64
	box := image.Rectangle{}
	for i, v := range pixels {
		if !(v >= 0 && v <= 1) {
			t.Fatalf("pixel %d is %g", i, v)
		}
		x, y := i%28, i/28
		mass, mx, my, top = mass+v, mx+v*(float64(x)+0.5), my+v*(float64(y)+0.5), max(top, v)
		if v > 0 {
			box = box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	if top != 1 {
		t.Fatalf("the brightest pixel is %g", top)
	}
	if max(box.Dx(), box.Dy()) > 20 {
		t.Fatalf("the digit fills %v", box)
	}
	inside := func(lo, hi int) bool { return lo > 0 && hi < 28 } // else it was held back at the border
	if x := mx / mass; !(math.Abs(x-14.5) <= 0.51) && inside(box.Min.X, box.Max.X) {
		t.Fatalf("centre of mass at x = %g", x)
	}
	if y := my / mass; !(math.Abs(y-14.5) <= 0.51) && inside(box.Min.Y, box.Max.Y) {
		t.Fatalf("centre of mass at y = %g", y)
	}
}

// A line of one pixel becomes a stroke as wide as MNIST's.
func TestThinPen(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 400, 400))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := 50; y < 350; y++ {
		img.SetGray(200, y, color.Gray{0})
		img.SetGray(199, y, color.Gray{60})
	}
	got, err := found(img)
	if err != nil {
		t.Fatal(err)
	}
	wellPlaced(t, got)
	row := 0.0
	for _, v := range got[14*28 : 15*28] {
		row += v
	}
	if row < 1.5 || row > 3 {
		t.Errorf("the stroke is %.2f pixels wide", row)
	}
}

// Ink on nothing: the backdrop is chosen so that the ink shows.
func TestTransparency(t *testing.T) {
	set := digits(t)
	for name, ink := range map[string]uint8{"black": 0, "grey": 128, "white": 255} {
		img := image.NewNRGBA(image.Rect(0, 0, 28, 28))
		for k, a := range set.Pixels[:784] {
			img.SetNRGBA(k%28, k/28, color.NRGBA{ink, ink, ink, a})
		}
		got, err := found(img)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := apart(got, original(set, 0)); d > 0.02 {
			t.Errorf("%s ink on nothing: pixels differ by %.3f", name, d)
		}
	}
}

// Specks of dust and the dark table beside the paper are not ink.
func TestSpecksAndTable(t *testing.T) {
	set := digits(t)
	p := photo.Photo{Width: 400, Height: 400, Size: 200, X: 120, Y: 100, Paper: color.RGBA{230, 225, 215, 255}, Ink: color.RGBA{20, 20, 90, 255}}
	photos := 3
	if os.Getenv("LONG") != "" {
		photos = 20
	}
	for i := range photos {
		img := p.Of(set, i)
		for y := range 400 {
			for x := range 12 {
				img.SetRGBA(x, y, color.RGBA{60, 30, 10, 255})
			}
		}
		for _, at := range []image.Point{{60, 60}, {370, 30}, {350, 380}} {
			for k := range 9 {
				img.SetRGBA(at.X+k%3, at.Y+k/3, color.RGBA{A: 255})
			}
		}
		got, err := found(img)
		if err != nil {
			t.Fatal(i, err)
		}
		if d := alike(got, original(set, i)); d > 0.08 {
			t.Errorf("image %d: pixels differ by %.3f", i, d)
		}
	}
}

func TestBlank(t *testing.T) {
	fill := func(f func(x, y int) color.Color) image.Image {
		img := image.NewNRGBA(image.Rect(-5, 7, 95, 87)) // bounds need not start at 0
		for y := 7; y < 87; y++ {
			for x := -5; x < 95; x++ {
				img.Set(x, y, f(x, y))
			}
		}
		return img
	}
	r := rand.New(rand.NewPCG(1, 2))
	for name, img := range map[string]image.Image{
		"white":       fill(func(_, _ int) color.Color { return color.White }),
		"black":       fill(func(_, _ int) color.Color { return color.Black }),
		"transparent": fill(func(_, _ int) color.Color { return color.Transparent }),
		"shade":       fill(func(x, y int) color.Color { return color.Gray{uint8(100 + x + y/2)} }),
		"noise":       fill(func(_, _ int) color.Color { return color.Gray{uint8(128 + 20*r.NormFloat64())} }),
		"one pixel":   image.NewGray(image.Rect(0, 0, 1, 1)),
	} {
		if _, err := found(img); !errors.Is(err, digit.ErrBlank) {
			t.Errorf("%s: %v, want ErrBlank", name, err)
		}
	}
	if _, err := found(image.NewGray(image.Rectangle{})); err == nil || errors.Is(err, digit.ErrBlank) {
		t.Errorf("no pixels: %v", err)
	}
}

func abs(v int) int { return max(v, -v) }

// What cannot be told apart is said, with what to do.
func TestBlankSaysWhy(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for want, at := range map[string]func(x, y int) uint8{
		"nothing is drawn there: the picture is of one colour": func(_, _ int) uint8 { return 255 },
		"by 2% of the way from black to white, and the paper itself by 0%; write darker or larger": func(x, _ int) uint8 {
			return uint8(200 - 5*max(1-abs(x-50), 0)) // a faint line
		},
		"take the photo nearer and in even light": func(_, _ int) uint8 { return uint8(128 + 20*r.NormFloat64()) },
		"but the paper's rules; write darker": func(x, y int) uint8 {
			return uint8(240 - 150*max(max(x%20-18, 0), max(y%20-18, 0))) // squares
		},
	} {
		img := image.NewGray(image.Rect(0, 0, 100, 100))
		for i := range img.Pix {
			img.Pix[i] = at(i%100, i/100)
		}
		if _, err := found(img); !errors.Is(err, digit.ErrBlank) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
