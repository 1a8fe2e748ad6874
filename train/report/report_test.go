package report_test

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/report"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func digits() *data.Set {
	_, test, err := mnist.First(1, 200)
	if err != nil {
		panic(err)
	}
	return test
}

// epochs of a training, with and without a test.
func epochs(test bool) (out []train.Epoch) {
	for i := range 3 {
		e := train.Epoch{Number: i + 1, Loss: 1 / float64(i+1)}
		if test {
			e.Test = train.Result{Loss: 1.1 / float64(i+1), Accuracy: 0.9 + 0.03*float64(i), Confusion: confusion()}
		}
		out = append(out, e)
	}
	return out
}

func confusion() train.Confusion {
	c := train.NewConfusion(10)
	for i := range 10 {
		c[i][i] = 90 + i
		c[i][(i+3)%10] = i
	}
	return c
}

func figures(t *testing.T) map[string]report.Figure {
	set := digits()
	net := must(models.LeNet().New(models.NewRand(1)))
	wrong := must(train.Evaluate(t.Context(), net, set)).Answers
	stages := []report.Stage{{Name: "before", Net: net}, {Name: "after", Net: must(models.LeNet().New(models.NewRand(2)))}}
	lines := must(report.Lines(report.Axes{Title: "V", X: "step", Y: "error", LogX: true, LogY: true},
		report.Line{Name: "a", X: []float64{1e-9, 1e-5, 1e-1, -1}, Y: []float64{1e-3, 1e-9, 1e-2, 5}, Dots: true},
		report.Line{Name: "none", X: []float64{1}, Y: []float64{math.NaN()}}))
	surface := must(report.Surface(report.Axes{Title: "plane"}, 0, 1, func(x, y float64) float64 { return x * y }, report.Point{X: 1, Y: 1, One: true}, report.Point{}))
	histogram := must(report.Histogram(report.Axes{Title: "how often"}, 0, 4, []float64{1, 2, 2, 3, math.Inf(1)}))
	return map[string]report.Figure{
		"curve":        must(report.Curve(epochs(true))),
		"losses":       must(report.Curve(epochs(false))),
		"one epoch":    must(report.Curve(epochs(true)[:1])),
		"confusion":    report.Confusion(confusion(), nil),
		"fashion":      report.Confusion(confusion(), data.FashionNames()),
		"mistakes":     must(report.Mistakes(net, set, wrong)),
		"no mistakes":  must(report.Mistakes(net, set, right(set))),
		"filters":      must(report.Filters(stages...)),
		"feature maps": must(report.FeatureMaps(set, 0, stages...)),
		"digits":       must(report.Digits(set, 0, 1, 2)),
		"images":       must(report.Images("maps", 2, []float64{1, 2, 3, 4}, []float64{0, 0})),
		"sigmoid":      must(report.Sigmoid()),
		"neuron":       report.Neuron([]float64{9.67, -0.2, -4.6}, 0.5),
		"lines":        report.Of(640, 400, lines),
		"plane":        report.Of(800, 400, surface, histogram),
	}
}

func right(set *data.Set) []int { return slices.Clone(set.Labels) }

// Every picture is drawn, within its size and the same each time, as PNG and as
// SVG, with something on it in more than one colour.
func TestFigures(t *testing.T) {
	first, second := figures(t), figures(t)
	for name, f := range first {
		file := f.PNG()
		if !bytes.Equal(file, second[name].PNG()) {
			t.Errorf("%s: not the same twice", name)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		size := img.Bounds().Size()
		if want := int(math.Round(float64(f.Width) / 0.75)); size.X != want || size.X > 900 || size.Y < 40 {
			t.Errorf("%s: %v, want a width of %d and at most 900", name, size, want)
		}
		colours := map[color.Color]int{}
		for y := range size.Y {
			for x := 0; x < size.X && len(colours) < 3; x++ {
				colours[img.At(x, y)]++
			}
		}
		if len(colours) < 3 {
			t.Errorf("%s: %d colours", name, len(colours))
		}
		for y := range size.Y { // nothing is cut off at the left and right edges
			for _, x := range []int{0, size.X - 1} {
				if r, g, b, _ := img.At(x, y).RGBA(); r+g+b != 3*0xffff {
					t.Fatalf("%s: ink at the edge, (%d, %d)", name, x, y)
				}
			}
		}
		var svg bytes.Buffer
		if err := f.WriteSVG(&svg); err != nil || !strings.Contains(svg.String(), "</svg>") {
			t.Errorf("%s: %v", name, err)
		}
		if f.Title == "" {
			t.Errorf("%s has no title", name)
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	set, mlp := digits(), must(models.MLP(784, 10).New(models.NewRand(1)))
	fail := func(_ report.Figure, err error) error { return err }
	for want, err := range map[string]error{
		"no epochs":                      fail(report.Curve(nil)),
		"has no filters":                 fail(report.Filters(report.Stage{Net: mlp})),
		"makes no maps":                  fail(report.FeatureMaps(set, 0, report.Stage{Net: mlp})),
		"example 200 of":                 fail(report.FeatureMaps(set, 200, report.Stage{Net: mlp})),
		"0 answers for the 200 examples": fail(report.Mistakes(mlp, set, nil)),
		"no examples of":                 fail(report.Digits(set)),
		"want one of images":             fail(report.Digits(truth.XOR(), 0)),
		`"empty": no finite points`:      second(report.Lines(report.Axes{Title: "empty"}, report.Line{})),
		`"h": no values`:                 second(report.Histogram(report.Axes{Title: "h"}, 0, 1, []float64{math.NaN()})),
		`"h": a histogram from 1 to 0`:   second(report.Histogram(report.Axes{Title: "h"}, 1, 0, nil)),
		`"m": no maps`:                   fail(report.Images("m", 2)),
		"map 0 has 3 numbers, want rows": fail(report.Images("m", 2, []float64{1, 2, 3})),
		`line "l": 1 x for 2 y`:          second(report.Lines(report.Axes{}, report.Line{Name: "l", X: []float64{1}, Y: []float64{1, 2}})),
		"a surface from 1 to 1":          second(report.Surface(report.Axes{}, 1, 1, nil)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// The page holds all that it shows: no address but data URLs.
func TestPage(t *testing.T) {
	page := report.Page{Title: "a <b>", Summary: "s", Facts: "f", Sections: []report.Section{
		{Heading: "plot", PNG: report.Neuron([]float64{1, 2}, 0).PNG()},
		{Heading: "graph", SVG: []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`)},
		{Heading: "words", Text: "only"},
	}}
	path := filepath.Join(t.TempDir(), "page.html")
	f := must(os.Create(path))
	if err := page.Write(f); err != nil {
		t.Fatal(err)
	}
	f.Close()
	text := string(must(os.ReadFile(path)))
	for _, want := range []string{"a &lt;b&gt;", `<img src="data:image/png;base64,`, `<img src="data:image/svg&#43;xml;base64,`, `alt="graph"`, "<p>only</p>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "http") || strings.Count(text, "<img") != 2 {
		t.Error("the page is not self-contained, or has other pictures")
	}
}
