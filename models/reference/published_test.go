package reference

import (
	"fmt"
	"math"
	"os"
	"testing"
)

var (
	neuronX = []float64{0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1}
	neuronY = []float64{0, 1, 1, 0}
	xorX    = []float64{0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1}
	xorY    = []float64{0, 1, 1, 0}
)

func step(t *testing.T, n *Network, x, y []float64, rate float64) {
	if _, _, err := n.LossAndGradients(x, y, len(y)); err != nil {
		t.Helper() // which takes longer than the step
		t.Fatal(err)
	}
	n.Step(rate)
}

func output(t *testing.T, n *Network, x ...float64) []float64 {
	t.Helper()
	out, err := n.Forward(x, len(x)/3)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func close8(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 0.51e-8) {
			t.Errorf("%s %d: %.10f, want %.8f", what, i, got[i], want[i])
		}
	}
}

func TestNineLineNeuron(t *testing.T) {
	n := Neuron(3, false)
	newNumpy(1).fill(n.Params()[0].Value)
	close8(t, "starting weight", n.Params()[0].Value, -0.16595599, 0.44064899, -0.99977125)
	close8(t, "first output", output(t, n, neuronX...), 0.2689864, 0.3262757, 0.23762817, 0.36375058)
	after := map[int]float64{1: 0.53002734, 10: 0.84820304, 100: 0.99025576, 1000: 0.99929937, 10000: 0.99993704}
	for i := 1; i <= 10000; i++ {
		if i == 10000 {
			close8(t, "last printed output", output(t, n, xorX[0:3]...), 0.00966449)
		}
		step(t, n, neuronX, neuronY, 1)
		if want, ok := after[i]; ok {
			close8(t, fmt.Sprintf("answer after %d steps,", i), output(t, n, 1, 0, 0), want)
		}
	}
	close8(t, "trained weight", n.Params()[0].Value, 9.67299303, -0.2078435, -4.62963669)
	all := output(t, n, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1)
	close8(t, "answer", all, 0.5, 0.009664, 0.44822538, 0.00786466, 0.99993704, 0.99358931, 0.9999225, 0.99211997)
}

// two is the tutorials' 3-hidden-1 network of sigmoids without biases.
func two(hidden int) *Network {
	n := &Network{Layers: []Layer{NewDense(3, hidden, false), &Pointwise{Kind: "sigmoid"}, NewDense(hidden, 1, false), &Pointwise{Kind: "sigmoid"}}}
	draw := newNumpy(1)
	for _, p := range n.Params() {
		draw.fill(p.Value)
	}
	return n
}

// meanError is what Trask prints: the mean absolute error before step i.
func meanError(t *testing.T, n *Network, x, y []float64) float64 {
	sum := 0.0
	for i, o := range output(t, n, x...) {
		sum += math.Abs(y[i] - o)
	}
	return sum / float64(len(y))
}

func TestTrasksXOR(t *testing.T) {
	want := []float64{0.496410031903, 0.00858452565325, 0.00578945986251, 0.00462917677677, 0.00395876528027, 0.00351012256786}
	n := two(4)
	for i := range 50001 {
		if i%10000 == 0 {
			if got := meanError(t, n, xorX, xorY); !(math.Abs(got-want[i/10000]) <= 1e-9) {
				t.Errorf("error before step %d: %.12f, want %.12f", i, got, want[i/10000])
			}
		}
		step(t, n, xorX, xorY, 1)
	}
}

// One of the rates, with LONG=1 all.
func TestTrasksLearningRates(t *testing.T) {
	for rate, want := range map[float64]float64{0.001: 0.485977857846, 0.01: 0.0985964298089, 0.1: 0.0130144905381, 1: 0.00351012256786,
		10: 0.00131274062834, 100: 0.125206352756, 1000: 0.5} {
		if os.Getenv("LONG") == "" && rate != 10 {
			continue
		}
		n := two(4)
		for range 50000 {
			step(t, n, xorX, xorY, rate)
		}
		if got := meanError(t, n, xorX, xorY); !(math.Abs(got-want) <= 1e-9) {
			t.Errorf("rate %g: error %.12f, want %.12f", rate, got, want)
		}
	}
}

func TestMultiLayerTutorial(t *testing.T) {
	x := []float64{0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0}
	y := []float64{0, 1, 1, 1, 1, 0, 0}
	n := two(4)
	for range 60000 {
		step(t, n, x, y, 1)
	}
	close8(t, "hidden weight", n.Params()[0].Value, 0.3122465, 4.57704063, -6.15329916, -8.75834924, 0.19676933, -8.74975548, -6.1638187,
		4.40720501, -0.03327074, -0.58272995, 0.08319184, -0.39787635)
	close8(t, "output weight", n.Params()[1].Value, -8.18850925, 10.13210706, -21.33532796, 9.90935111)
	close8(t, "answer", output(t, n, 1, 1, 0), 0.0078876)
}

func TestTrasksTwoLayers(t *testing.T) {
	n := Neuron(3, false)
	newNumpy(1).fill(n.Params()[0].Value)
	x := []float64{0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1}
	var last []float64 // he prints the outputs that the last update was made from
	for range 10000 {
		last = output(t, n, x...)
		step(t, n, x, []float64{0, 0, 1, 1}, 1)
	}
	close8(t, "output", last, 0.00966449, 0.00786506, 0.99358898, 0.99211957)
}

// The nine-line neuron as its tutorial prints it.
func ExampleNeuron() {
	n := Neuron(3, false)
	newNumpy(1).fill(n.Params()[0].Value) // 2*random.random((3, 1)) - 1
	for range 10000 {
		if _, _, err := n.LossAndGradients(neuronX, neuronY, 4); err != nil {
			fmt.Println(err)
		}
		n.Step(1)
	}
	answer, err := n.Forward([]float64{1, 0, 0}, 1)
	fmt.Printf("weights %.8f\n[1 0 0] -> %.8f %v\n", n.Params()[0].Value, answer, err)
	// Output:
	// weights [9.67299303 -0.20784350 -4.62963669]
	// [1 0 0] -> [0.99993704] <nil>
}
