package gradcheck

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
	"symgrad/models/ops"
)

func TestOp(t *testing.T) {
	Op(t, ops.Conv2DOp{Stride: [2]int{1, 2}, Pad: [2]int{1, 0}}, []int{2, 2, 4, 5}, []int{3, 2, 3, 2})
	Op(t, ops.MaxPoolOp{Pool: ops.Pool{Size: [2]int{2, 2}, Stride: [2]int{1, 1}}}, []int{2, 2, 4, 3})
	Op(t, ops.SoftmaxCrossEntropyOp{}, []int{3, 4}, []int{3, 4})
	failed := failure{TB: t}
	Op(&failed, wrongOp{ops.AddBiasOp{Dims: 2}}, []int{4, 3}, []int{3})
	if !strings.Contains(failed.text, "wrong bias") {
		t.Errorf("a wrong operator gave %q", failed.text)
	}
}

// failure keeps what is reported as an error.
type failure struct {
	testing.TB
	text string
}

func (f *failure) Error(args ...any) { f.text += args[0].(error).Error() }

func FuzzProduct(f *testing.F) {
	Fuzz(f, func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.Rectify(must(G.Mul(p[0], p[1]))))) }, 2, 2)
}

func TestDrawn(t *testing.T) {
	at := drawn([]byte{1, 5, 2, 50, 0, 231}, []int{2, 1})
	if len(at) != 2 || !(tensor.Shape{2, 1}).Eq(at[0].Shape) || at[1].Shape[0] != 3 || at[0].Values[0] != 2 || at[0].Values[1] != 0 || at[1].Values[0] != -1 || at[1].Values[1] == at[1].Values[2] {
		t.Errorf("%v", at)
	}
}

// The reproducer of a finding is a program that shows it.
func TestReproducer(t *testing.T) {
	f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return G.Mean(must(G.Square(must(G.InverseSqrt(x))))) }, 1, 2, 3, 4)
	if f.Operator == nil || f.Operator.Reproducer == "" {
		t.Fatalf("no reproducer: %v", f)
	}
	// Laid over a place that is always the same, a program that was linked once is there.
	dir := t.TempDir()
	file, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{"reproducer/main.go": file}})
	if err := errors.Join(err, os.WriteFile(file, []byte(f.Operator.Reproducer), 0o666), os.WriteFile(overlay, replace, 0o666)); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "run", "-overlay", overlay, "-ldflags=-s -w", "./reproducer").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "symbolic   [-0.5 -1.767") || !strings.Contains(string(out), "difference 1 -0.2209") {
		t.Errorf("%v\n%s\n%s", err, out, f.Operator.Reproducer)
	}
}

// One wrong number among many, along a random direction, is found by halving.
func TestOneOfMany(t *testing.T) {
	at := []Tensor{{Name: "x", Shape: []int{60, 50}, Values: make([]float64, 3000)}}
	for i := range at[0].Values {
		at[0].Values[i] = float64(i%17)/10 - 0.83
	}
	how := each("number 1234 doubled", func(i, _ int, d float64) float64 {
		if i == 1234 {
			return 2 * d
		}
		return d
	})
	found, err := Check(func(p G.Nodes) (*G.Node, error) {
		y := must(G.Tanh(p[0]))
		return G.Sum(must(G.ApplyOp(mutant{y.Op().(G.SDOp), 0, how, nil}, p[0])))
	}, at, Options{})
	if err != nil || len(found) != 1 || found[0].Index != 1234 || found[0].Operator == nil {
		t.Errorf("%v, %v", found, err)
	}
}

// A machine with other numbers than the interpreter's is found.
func TestAnotherMachine(t *testing.T) {
	m := tamper(func(n *G.Node, v G.Value) G.Value {
		x := audit.Numbers(v)
		x[0] *= 1 + 1e-7
		return interpret.Float(v.Dtype(), v.Shape(), x)
	})
	if f := one(t, Options{Machine: m}, func(x *G.Node) (*G.Node, error) { return G.Sum(must(G.Tanh(x))) }, 1, 2); f.Kind != finding.Machine {
		t.Errorf("%v", f)
	}
}
