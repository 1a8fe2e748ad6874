package vm_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/vm"
)

// TestPrograms compares what the presets' training graphs compile to, pass by
// pass, with what is committed: a pass that no longer finds what it is for shows
// here, though all values are right. UPDATE_GOLDEN=1 writes the files anew.
func TestPrograms(t *testing.T) {
	for _, spec := range []models.Spec{models.Neuron(3), models.MLP(784, 128, 10), models.Tutorial(), models.LeNet(), models.Small()} {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g, err := network(t, spec, dtype).Training(2)
			if err != nil {
				t.Fatal(err)
			}
			var dump bytes.Buffer
			m, err := vm.New(g.Expr, vm.Config{Workers: 1, Results: append(G.Nodes{g.Loss}, g.Grads...), Dump: &dump, Verify: true})
			if err != nil {
				t.Fatal(err)
			}
			m.Close()
			got := dump.String()
			file := filepath.Join("testdata", "programs", spec.Name+"."+dtype.String()+".txt")
			if os.Getenv("UPDATE_GOLDEN") != "" {
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
	}
}
