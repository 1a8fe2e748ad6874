package zoo_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/zoo"
)

// TestGradients checks every model's gradients, by Gorgonia's own machine,
// against central differences of its loss: a model whose expression Gorgonia
// differentiates wrongly is no measure of machines.
func TestGradients(t *testing.T) {
	for _, name := range zoo.Names() {
		t.Run(name, func(t *testing.T) {
			m, err := zoo.New(name, tensor.Float64, zoo.Small)
			if err != nil {
				t.Fatal(err)
			}
			gradients := make([]G.Value, len(m.Params))
			for i, p := range m.Params {
				G.Read(p.Deriv(), &gradients[i])
			}
			var value G.Value
			G.Read(m.Loss, &value)
			tape := G.NewTapeMachine(m.Expr)
			defer tape.Close()
			loss := func() float64 {
				if err := tape.RunAll(); err != nil {
					t.Fatal(err)
				}
				tape.Reset()
				return value.Data().(float64)
			}
			loss()
			var slopes [][]float64
			for _, g := range gradients {
				slopes = append(slopes, append([]float64{}, floats(g)...))
			}
			for i, p := range m.Params {
				if p.IsScalar() {
					continue
				}
				data := p.Value().Data().([]float64)
				for k := 0; k < len(data); k += 1 + len(data)/7 {
					const h = 1e-6
					was := data[k]
					data[k] = was + h
					above := loss()
					data[k] = was - h
					below := loss()
					data[k] = was
					if want := (above - below) / (2 * h); !(math.Abs(slopes[i][k]-want) <= 1e-6*(1+math.Abs(want))) {
						t.Errorf("%v[%d]: %v, want %v", p, k, slopes[i][k], want)
					}
				}
			}
		})
	}
}

func floats(v G.Value) []float64 {
	if x, ok := v.Data().(float64); ok {
		return []float64{x}
	}
	return v.Data().([]float64)
}

func TestUnknownModels(t *testing.T) {
	if _, err := zoo.New("perceptron", tensor.Float64, zoo.Small); err == nil {
		t.Error("a model of no name was built")
	}
	if _, err := zoo.New("MLP", tensor.Int, zoo.Small); err == nil {
		t.Error("a model of whole numbers was built")
	}
}

// TestFullSizes builds every model as benchmarks take it.
func TestFullSizes(t *testing.T) {
	for _, name := range zoo.Names() {
		for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			if _, err := zoo.New(name, dtype, zoo.Full); err != nil {
				t.Error(err)
			}
		}
	}
}
