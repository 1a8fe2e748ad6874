package inspect_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/train/inspect"
)

func attacker(t *testing.T, net *models.Network) *inspect.Attacker {
	t.Helper()
	a, err := inspect.NewAttacker(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func loss(t *testing.T, a *inspect.Attacker, x []float64, label int) inspect.Loss {
	t.Helper()
	l, err := a.Loss(x, label)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func presets() []models.Spec {
	return []models.Spec{models.MLP(784, 128, 10), models.Tutorial(), models.Small(), models.LeNet()}
}

// The loss and its slope are those of backpropagation by hand.
func TestLossAgreesWithTheHandWrittenOne(t *testing.T) {
	penalised := models.Small()
	penalised.Name, penalised.L2 = "small, penalised", 0.1
	squares := models.MLP(3, 4, 1).WithActivation(models.Tanh())
	squares.Name, squares.Loss = "one output", models.HalfSquaredError()
	for _, spec := range append(presets(), penalised, squares) {
		t.Run(spec.Name, func(t *testing.T) {
			net := network(t, spec, tensor.Float64)
			byHand, err := gradcheck.Reference(net)
			if err != nil {
				t.Fatal(err)
			}
			byHand.L2 = 0 // which no pixel changes
			size := 1
			for _, d := range spec.Input {
				size *= d
			}
			x, target := noise(size), make([]float64, net.Outputs())
			label := min(3, len(target))
			target[min(label, len(target)-1)] = 1
			value, slope, err := byHand.LossAndGradients(x, target, 1)
			if err != nil {
				t.Fatal(err)
			}
			got := loss(t, attacker(t, net), x, label)
			if !(math.Abs(got.Value-value) <= 1e-10*(1+value)) {
				t.Errorf("loss %g, by hand %g", got.Value, value)
			}
			for k := range slope {
				if !(math.Abs(got.Slope[k]-slope[k]) <= 1e-10*(1e-3+math.Abs(slope[k]))) {
					t.Fatalf("pixel %d: slope %g, by hand %g", k, got.Slope[k], slope[k])
				}
			}
		})
	}
}

// FGSM is the formula, raises the loss, and stays a picture; PGD stays in the
// ball, raises the loss at least as much, and is the same for the same seed.
func TestAttacks(t *testing.T) {
	for _, spec := range presets() {
		t.Run(spec.Name, func(t *testing.T) {
			a := attacker(t, network(t, spec, tensor.Float32))
			x := noise(784)
			x[0], x[1] = 0, 1
			const size, label = 0.1, 4
			clean := loss(t, a, x, label)
			fast, err := a.FGSM(x, label, size)
			if err != nil {
				t.Fatal(err)
			}
			for k, s := range clean.Slope {
				want := x[k]
				if s != 0 {
					want = min(max(x[k]+math.Copysign(size, s), 0), 1)
				}
				if !(math.Abs(fast[k]-want) <= 1e-15) {
					t.Fatalf("pixel %d, slope %g: %g becomes %g", k, s, x[k], fast[k])
				}
			}
			how := inspect.PGD{Size: size, Seed: 1}
			slow, err := a.PGD(context.Background(), x, label, how)
			if err != nil {
				t.Fatal(err)
			}
			moved := 0
			for k, v := range slow {
				if v < 0 || v > 1 || !(math.Abs(v-x[k]) <= size+1e-15) {
					t.Fatalf("pixel %d: %g becomes %g", k, x[k], v)
				}
				if v != x[k] {
					moved++
				}
			}
			if moved < 700 {
				t.Errorf("%d pixels of 784 move from a random start", moved)
			}
			before, one, many := clean.Value, loss(t, a, fast, label).Value, loss(t, a, slow, label).Value
			if one < 1.03*before || many < one {
				t.Errorf("loss %g, by FGSM %g, by PGD %g", before, one, many)
			}
			again, err := a.PGD(context.Background(), x, label, how)
			if err != nil || !slices.Equal(again, slow) {
				t.Errorf("the same seed, another attack: %v", err)
			}
			how.Seed = 2
			if other, err := a.PGD(context.Background(), x, label, how); err != nil || slices.Equal(other, slow) {
				t.Errorf("another seed, the same attack: %v", err)
			}
			if x[0] != 0 || x[1] != 1 {
				t.Error("the picture itself changed")
			}
		})
	}
}

// One step as large as the ball leads to its edge, and up: the loss of a single
// layer is convex.
func TestPGDTakesItsSteps(t *testing.T) {
	a := attacker(t, network(t, models.MLP(784, 10), tensor.Float64))
	x := slices.Repeat([]float64{0.5}, 784)
	p, err := a.PGD(context.Background(), x, 0, inspect.PGD{Size: 0.25, Steps: 1, Step: 2})
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range p {
		if d := math.Abs(v - 0.5); d != 0.25 {
			t.Fatalf("pixel %d is %g away after a step across the ball of 0.25", k, d)
		}
	}
}

func TestWrongAttacks(t *testing.T) {
	a := attacker(t, network(t, models.Small(), tensor.Float32))
	x := noise(784)
	bright := slices.Clone(x)
	bright[5] = 1.5
	for _, c := range []struct {
		input []float64
		label int
		size  float64
		want  string
	}{
		{x[1:], 0, 0.1, "inspect: 783 numbers given, want 784"},
		{x, 10, 0.1, "inspect: label 10 of 10: count from 0"},
		{x, -1, 0.1, "inspect: label -1 of 10: count from 0"},
		{x, 0, 0, "inspect: the size of an attack must be above 0 and at most 1"},
		{x, 0, math.NaN(), "inspect: the size of an attack must be above 0 and at most 1"},
		{bright, 0, 0.1, "inspect: pixel 5 is 1.5, want 0 to 1"},
	} {
		if _, err := a.FGSM(c.input, c.label, c.size); err == nil || err.Error() != c.want {
			t.Errorf("FGSM: got %v, want %s", err, c.want)
		}
		if _, err := a.PGD(context.Background(), c.input, c.label, inspect.PGD{Size: c.size}); err == nil || err.Error() != c.want {
			t.Errorf("PGD: got %v, want %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := a.PGD(ctx, x, 0, inspect.PGD{Size: 0.1}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
