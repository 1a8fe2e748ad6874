package paper

import (
	"bytes"
	"image/png"
	"math"
	"strings"
	"testing"

	"symgrad/cmd/bench/internal/goal"
	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/peer"
)

// some are lines of a few runs; numpy did not do C2, and one run is an outlier.
func some() Results {
	return Results{
		Facts:    []string{"1 May 2026, a processor."},
		Problems: []string{"GoMLX: not built"},
		Lines: []peer.Line{
			{Peer: peer.Us, Model: "C2", Threads: 2, Batch: 64, Train: 12000, Predict: 30000},
			{Peer: peer.PyTorch, Version: "1.13", Model: "C2", Threads: 2, Batch: 64, Train: 4000, Predict: 40000},
			{Peer: peer.Us, Model: "C2", Threads: 2, Batch: 64, Train: 99000, Predict: 31000},
			{Peer: peer.Us, Model: "C2", Threads: 2, Batch: 64, Train: 11000, Predict: 32000},
			{Peer: peer.Us, Model: "M", Threads: 1, Batch: 64, Train: 130000, Predict: 300000},
			{Peer: peer.NumPy, Version: "1.24", Model: "M", Threads: 1, Batch: 64, Train: 100000, Predict: 300000},
			{Peer: peer.Us, Model: "M", Threads: 1, Batch: 8, Predict: 200000, PredictSame: 260000},
			{Peer: peer.TensorFlow, Version: "4.22", Model: "M", Threads: 1, Batch: 8, Predict: 10000, PredictSame: 20000},
			{Peer: peer.Us, Model: "M", Threads: 1, Batch: 1, Predict: 90000},
			{Peer: peer.ONNXRuntime, Version: "1.30", Model: "M", Threads: 1, Batch: 1, Predict: 30000},
			{Peer: peer.Us, Model: "N", Threads: 1, Step: 2},
			{Peer: peer.Gorgonia, Version: "v0.9.18", Model: "N", Threads: 1, Step: 237.1},
		},
	}
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	if err := some().WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	const want = `Training, batch 64, images/s

| model | threads | symgrad | PyTorch | ratio | numpy | ratio |
|---|---|--:|--:|--:|--:|--:|
| M | 1 | 130,000 | - | - | 100,000 | 1.30x |
| C2 | 2 | 12,000 | 4,000 | 3.0x | - | - |

Prediction, batch 64, images/s

| model | threads | symgrad | PyTorch | ratio | numpy | ratio |
|---|---|--:|--:|--:|--:|--:|
| M | 1 | 300,000 | - | - | 300,000 | 1.00x |
| C2 | 2 | 31,000 | 40,000 | 0.78x | - | - |

Prediction, batch 1, images/s

| model | threads | symgrad | onnxruntime | ratio |
|---|---|--:|--:|--:|
| M | 1 | 90,000 | 30,000 | 3.0x |

Prediction, batch 8, images/s

| model | threads | symgrad | TensorFlow.js | ratio |
|---|---|--:|--:|--:|
| M | 1 | 200,000 | 10,000 | 20x |

Prediction, batch 8 again and again, images/s

| model | threads | symgrad | TensorFlow.js | ratio |
|---|---|--:|--:|--:|
| M | 1 | 260,000 | 20,000 | 13x |

The neuron, microseconds a step

| model | threads | symgrad | stock Gorgonia | ratio |
|---|---|--:|--:|--:|
| N | 1 | 2 | 237 | 119x |

1 May 2026, a processor.
Peers: PyTorch 1.13, numpy 1.24, stock Gorgonia v0.9.18, onnxruntime 1.30, TensorFlow.js 4.22.
Medians of the runs; a ratio says how many times faster we are.

Who could not run:

- GoMLX: not built
`
	if !strings.HasPrefix(b.String(), want) {
		t.Errorf("got\n%s", b.String())
	}
	for _, line := range []string{
		"| Training, batch 64 | C2 | 2 | symgrad | 12,000 (11,000 .. 99,000) |",
		"| The neuron | N | 1 | stock Gorgonia | 237 (237 .. 237) |",
	} {
		if !strings.Contains(b.String(), line) {
			t.Errorf("no line %s", line)
		}
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "-", 0.5: "0.50x", 1.994: "1.99x", 1.996: "2.0x", 9.94: "9.9x", 9.96: "10x", 123.4: "123x"} {
		if got := Times(v); got != want {
			t.Errorf("%v times: %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", 7: "7", 999.6: "1,000", 1234567: "1,234,567"} {
		if got := Count(v); got != want {
			t.Errorf("%v counted: %s, want %s", v, got, want)
		}
	}
}

func TestPictures(t *testing.T) {
	var chart, scaling bytes.Buffer
	if err := some().WriteChart(&chart); err != nil {
		t.Fatal(err)
	}
	study := own.Study{Name: "batch", Curves: []own.Curve{{Name: own.MLP, Points: []own.Point{{Size: 1, Seconds: 0.001, Work: 1}, {Size: 4096, Seconds: 1, Work: 4096}}}}}
	if err := WriteScaling(&scaling, study); err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string]*bytes.Buffer{"chart": &chart, "scaling": &scaling} {
		img, err := png.Decode(picture)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if img.Bounds().Dx() != 800 {
			t.Errorf("%s is %v, want 800 pixels wide", name, img.Bounds())
		}
		seen := map[[3]uint32]bool{}
		for y := range img.Bounds().Dy() {
			for x := range 800 {
				r, g, b, _ := img.At(x, y).RGBA()
				seen[[3]uint32{r >> 8, g >> 8, b >> 8}] = true
			}
		}
		if !seen[[3]uint32{0, 114, 178}] {
			t.Errorf("%s: numpy's and M's blue is not in it", name)
		}
	}
	if (Results{Lines: some().Lines[:1]}).Comparable() || !some().Comparable() {
		t.Error("comparable means us and a peer")
	}
}

// TestStudy: twice the expected cost at the small size.
func TestStudy(t *testing.T) {
	var b bytes.Buffer
	study := own.Study{Title: "A step", Size: "images", Curves: []own.Curve{{Name: "M", Points: []own.Point{{Size: 10, Seconds: 0.002, Work: 10}, {Size: 1000, Seconds: 0.1, Work: 1000}}}}}
	if err := WriteStudy(&b, study); err != nil {
		t.Fatal(err)
	}
	if want := "| images | M |\n|--:|--:|\n| 10 | 2 (2.0x) |\n| 1,000 | 100 (1.00x) |\n"; !strings.Contains(b.String(), want) {
		t.Errorf("got\n%s", b.String())
	}
}

func TestAttempts(t *testing.T) {
	var b bytes.Buffer
	attempt := func(seed, epochs int, accuracy, seconds float64) goal.Attempt {
		return goal.Attempt{Who: peer.PyTorch, Model: "C1", Threads: 2, Seed: seed, Setting: "slowly", Goal: 0.985, Accuracy: accuracy, Epochs: epochs, Seconds: seconds}
	}
	err := WriteAttempts(&b, []goal.Attempt{attempt(1, 6, 0.9854, 25.3), attempt(2, 8, 0.9834, 33), attempt(3, 5, 0.9856, 27.6)}, []string{"a note"})
	if err != nil {
		t.Fatal(err)
	}
	want := "| C1 98.5 % | 2 | PyTorch | 27.6 s, 1 of 3 missed | 1: 25.3 s (6, 98.54 %); 2: not in 8 epochs, 33.0 s (98.34 %); 3: 27.6 s (5, 98.56 %) | slowly |\n\na note\n"
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("got\n%s", b.String())
	}
}

func TestPowers(t *testing.T) {
	for _, tick := range powers(-0.3, 1.2) {
		if tick.Label != Times(math.Pow(10, tick.Value)) {
			t.Errorf("the tick at %v says %s", tick.Value, tick.Label)
		}
	}
}
