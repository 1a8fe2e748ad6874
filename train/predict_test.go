package train_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
)

// TestClassesAreThoseOfPredict: both ways of asking give the same answers, with
// several outputs and with one.
func TestClassesAreThoseOfPredict(t *testing.T) {
	const batch = 12
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, spec := range []models.Spec{models.MLP(3, 16, 5), models.Neuron(3)} {
			spec.Dtype = dtype
			p, err := train.NewPredictor(network(t, spec, 3), batch, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			wide := uniform(7, 3*batch, 2)
			narrow := make([]float32, len(wide))
			for i := range wide {
				narrow[i] = float32(wide[i])
				wide[i] = float64(narrow[i])
			}
			answers, err := p.Predict(wide)
			if err != nil {
				t.Fatal(err)
			}
			var want []int
			seen := map[int]bool{}
			for _, a := range answers {
				want = append(want, a.Class)
				seen[a.Class] = true
			}
			if len(seen) < 2 {
				t.Fatalf("%s: every input has the class %v: the test shows nothing", spec.Name, want)
			}
			got := make([]int, batch)
			if err := p.Classes(narrow, got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %v: %s", spec.Name, dtype, diff)
			}
		}
	}
}

func TestClassesRefusesWrongLengths(t *testing.T) {
	p, err := train.NewPredictor(network(t, models.MLP(3, 5), 1), 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, c := range []struct {
		inputs, into int
		want         string
	}{
		{5, 2, "train: 5 numbers given, want 6"},
		{7, 2, "train: 7 numbers given, want 6"},
		{6, 1, "train: room for 1 classes given, want 2"},
	} {
		if err := p.Classes(make([]float32, c.inputs), make([]int, c.into)); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
