package vm_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
			golden(t, spec.Name+"."+dtype.String()+".txt", program(t, built(t, spec, dtype, readings["as in training"])))
		}
		for name, spec := range fusible() {
			for what, read := range map[string]reading{
				" trains":   readings["as in training"],
				" predicts": func(g *models.TrainingGraph) G.Nodes { return G.Nodes{g.Output} },
			} {
				golden(t, "layers/"+name+what+"."+dtype.String()+".txt", final(program(t, built(t, spec, dtype, read))))
			}
		}
	}
	for _, name := range zoo.Names() {
		m, err := zoo.New(name, tensor.Float64, zoo.Small)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "zoo/"+name+"."+tensor.Float64.String()+".txt", final(program(t, sample{expr: m.Expr})))
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

// TestWhatFuses has a line for each graph that tempts a pass: how many values of
// which operation are left, and what they take.
func TestWhatFuses(t *testing.T) {
	var graphs strings.Builder
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, table := range []map[string]expression{convolutions(), patterns()} {
			for _, name := range slices.Sorted(maps.Keys(table)) {
				s, err := table[name].sample(dtype)
				if err != nil {
					t.Fatal(name, err)
				}
				fmt.Fprintf(&graphs, "%s, %v: %s\n", name, dtype, summary(program(t, *s)))
			}
		}
	}
	golden(t, "graphs.txt", graphs.String())
}

// TestWhatFusesAroundAResult has such a line for each network with each of its
// nodes among the results.
func TestWhatFusesAroundAResult(t *testing.T) {
	var results strings.Builder
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, name := range slices.Sorted(maps.Keys(fusible())) {
			if dtype == tensor.Float64 && name != "dense" { // what float64 has differs there alone
				continue
			}
			var graph *models.TrainingGraph
			s := built(t, fusible()[name], dtype, func(g *models.TrainingGraph) G.Nodes { graph = g; return nil })
			for _, node := range inner(graph) {
				s.results = append(readings["as in training"](graph), node)
				fmt.Fprintf(&results, "%s, %v, %v%v: %s\n", name, dtype, node.Op(), node.Shape(), summary(program(t, s)))
			}
		}
	}
	golden(t, "results.txt", results.String())
}

var line = regexp.MustCompile(`(?m)^%\d+ = ([^ \[({]+)(?:\(([^)]*)\))?.*?(, channels last)?(?:, result)?$`)

// summary counts the operations of a program, each with what is fused into it,
// and copies the plan's headline.
func summary(dump string) string {
	dump = final(dump)
	count := map[string]int{}
	for _, m := range line.FindAllStringSubmatch(dump, -1) {
		if _, fused, ok := strings.Cut(m[2], ", "); ok {
			m[1] += " with " + fused
		}
		switch m[1] {
		case "input", "constant", "alias", "besides":
			continue
		}
		count[m[1]+m[3]]++
	}
	_, plan, _ := strings.Cut(dump, "-- plan: ")
	plan, _, _ = strings.Cut(plan, "\n")
	var parts []string
	for _, op := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d %s", count[op], op))
	}
	return plan + ": " + strings.Join(parts, "; ")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "programs", strings.ReplaceAll(name, " ", "-"))
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

// hiccup is a disk that takes all but one text, after so many.
type hiccup struct{ before int }

func (h *hiccup) Write(text []byte) (int, error) {
	if h.before--; h.before == -1 {
		return 0, io.ErrShortWrite
	}
	return len(text), nil
}

// TestADumpThatIsNotWritten is an error, whichever part it was.
func TestADumpThatIsNotWritten(t *testing.T) {
	s := built(t, models.Neuron(3), tensor.Float64, readings["as in training"])
	failed := 0
	for n := 0; ; n++ {
		m, err := vm.New(s.expr, vm.Config{Workers: 1, Dump: &hiccup{n}})
		if err == nil {
			m.Close()
			break
		}
		if !errors.Is(err, io.ErrShortWrite) {
			t.Fatal(err)
		}
		failed++
	}
	if want := strings.Count(program(t, s), "\n-- "); failed != want { // all but the first begin a line, and the explanation is none
		t.Errorf("%d parts could fail, want %d", failed, want)
	}
}
