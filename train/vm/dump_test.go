package vm_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// TestPrograms compares what graphs compile to with what is committed: a pass
// that no longer finds what it is for shows here, though all values are right.
// Of the presets, every pass; of other networks and of the zoo, the program at
// the end. UPDATE_GOLDEN=1 writes the files anew.
func TestPrograms(t *testing.T) {
	for dtype := range both {
		for _, spec := range []models.Spec{models.Neuron(3), models.MLP(784, 128, 10), models.Tutorial(), models.LeNet(), models.Small()} {
			golden(t, spec.Name, dtype, program(t, built(t, spec, dtype, readings["as in training"])))
		}
		for name, spec := range fusible() {
			for what, read := range map[string]reading{
				" trains":   readings["as in training"],
				" predicts": func(g *models.TrainingGraph) G.Nodes { return G.Nodes{g.Output} },
			} {
				golden(t, "layers/"+name+what, dtype, final(program(t, built(t, spec, dtype, read))))
			}
		}
	}
	for _, name := range zoo.Names() {
		m, err := zoo.New(name, tensor.Float64, zoo.Small)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "zoo/"+name, tensor.Float64, final(program(t, sample{expr: m.Expr})))
	}
}

func built(t *testing.T, spec models.Spec, dtype tensor.Dtype, read reading) sample {
	t.Helper()
	s, err := training(network(t, spec, dtype), 2, read)()
	if err != nil {
		t.Fatal(err)
	}
	return *s
}

// program is what a graph compiles to, and what becomes of its nodes.
func program(t *testing.T, s sample) string {
	t.Helper()
	var dump strings.Builder
	m, err := vm.New(s.expr, vm.Config{Workers: 1, Results: s.results, Dump: &dump, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	return dump.String() + "-- explanation\n" + m.Explain().String()
}

// final leaves out the stages before the last pass.
func final(dump string) string {
	plan := strings.Index(dump, "\n-- plan")
	return dump[strings.LastIndex(dump[:plan], "\n-- ")+1:]
}

func golden(t *testing.T, name string, dtype tensor.Dtype, got string) {
	t.Helper()
	file := filepath.Join("testdata", "programs", strings.ReplaceAll(name, " ", "-")+"."+dtype.String()+".txt")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (-committed +now):\n%.4000s", file, d)
	}
}
