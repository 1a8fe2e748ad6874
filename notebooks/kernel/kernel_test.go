//go:build jupyter

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// These tests build the kernel and talk to it as Jupyter does: they need
// Debian's python3-jupyter-client, and run under the tag jupyter.

// asked is a cell, and what to do while it runs.
type asked struct {
	Code        string `json:"code"`
	InterruptOn string `json:"interrupt_on,omitempty"` // interrupt once this was printed
}

// answered is what came of it.
type answered struct {
	Status, Error, Stdout, Text string
	Pictures                    []string
	Seconds                     float64
}

// session builds the kernel, once for all tests, and runs cells in a fresh one.
func session(t *testing.T, cells ...asked) []answered {
	t.Helper()
	if err := install(t.Context(), filepath.Join(specs, "kernels", "gophernotes")); err != nil {
		t.Fatal(err)
	}
	order, err := json.Marshal(map[string]any{"kernel": "gophernotes", "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/cells.py")
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+specs)
	cmd.Stdin = bytes.NewReader(order)
	var diagnosis bytes.Buffer
	cmd.Stderr = &diagnosis
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &diagnosis)
	}
	var results []answered
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Logf("ready after %.2f s", results[0].Seconds)
	return results[1:]
}

var specs string

func TestMain(m *testing.M) {
	var err error
	if specs, err = os.MkdirTemp("", "kernel-test"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(specs)
	os.Exit(code)
}

// expect checks that cells printed or showed what they should; an empty text is
// not looked for.
func expect(t *testing.T, results []answered, want ...string) {
	t.Helper()
	for i, text := range want {
		r := results[i]
		if r.Status != "ok" || !strings.Contains(r.Stdout+r.Text, text) {
			t.Errorf("cell %d: want %q, got %+v", i+1, text, r)
		}
	}
}

// The project's packages are linked in: no plugin is compiled, which would take
// half a minute.
func TestImports(t *testing.T) {
	results := session(t, asked{Code: `import (
		"fmt"
		"symgrad/data"
		"symgrad/data/mnist"
		"symgrad/models"
		"symgrad/models/formula"
		"symgrad/models/gradcheck"
		"symgrad/train"
		"symgrad/train/report"
		"symgrad/notebooks/lab"
		"gorgonia.org/gorgonia"
		"gorgonia.org/tensor"
		"gonum.org/v1/plot"
	)`}, asked{Code: `net, err := models.MLP(4, 3, 2).New(models.NewRand(1))`},
		asked{Code: `fmt.Println(net)`},
		asked{Code: `models.NoSuchName`})
	expect(t, results[:3], "", "", "dense 3")
	t.Logf("imports took %.2f s", results[0].Seconds)
	if results[0].Seconds > 15 {
		t.Errorf("imports took %.1f s", results[0].Seconds)
	}
	if r := results[2]; strings.Contains(r.Text, "nil") {
		t.Errorf("Println's results are shown: %+v", r)
	}
	if r := results[3]; r.Status != "error" || !strings.Contains(r.Error, "NoSuchName") {
		t.Errorf("%+v", r)
	}
}

// What has generic types is used through package lab.
func TestGenericTypes(t *testing.T) {
	expect(t, session(t, asked{Code: `import ("fmt"; "symgrad/data/truth"; "symgrad/models"; "symgrad/train"; "symgrad/notebooks/lab")`},
		asked{Code: `net := lab.TutorialNetwork(models.Neuron(3))
losses := lab.Learn(net, truth.NeuronRows(), 10000, 1)
fmt.Printf("%.8f\n", lab.Outputs(net, []float64{1, 0, 0})[0])`},
		asked{Code: `n := 0
lab.Each(net, truth.NeuronRows(), train.Config{Epochs: 9, Batch: 4}, func(e train.Epoch) bool { n++; return n < 3 })
fmt.Println("epochs:", n)`},
		asked{Code: `lab.Inputs(truth.XOR(), 1, 2)`}), "", "0.99993704", "epochs: 3", "[0 1 1 1 0 1]")
}

// Functions of []*gorgonia.Node and ...*gorgonia.Node can be called, and written.
func TestVariadics(t *testing.T) {
	expect(t, session(t, asked{Code: `import ("fmt"; "gorgonia.org/gorgonia")`},
		asked{Code: `g := gorgonia.NewGraph()
a := gorgonia.NewScalar(g, gorgonia.Float64, gorgonia.WithName("a"), gorgonia.WithValue(2.0))
b := gorgonia.NewScalar(g, gorgonia.Float64, gorgonia.WithName("b"), gorgonia.WithValue(5.0))
cost := gorgonia.Must(gorgonia.Mul(a, b))
grads, err := gorgonia.Grad(cost, a, b)
fmt.Println(len(grads), err)`},
		asked{Code: `count := func(nodes ...*gorgonia.Node) int { return len(nodes) }
nodes := gorgonia.Nodes{a, b}
both := []*gorgonia.Node{a, b}
again, err := gorgonia.Grad(gorgonia.Must(gorgonia.Add(a, b)), both...)
fmt.Println(count(a, b, cost), count(both...), len(nodes), len(again))`},
		asked{Code: `vm := gorgonia.NewTapeMachine(g)
fmt.Println(vm.RunAll())
fmt.Println(grads[0].Value(), grads[1].Value())`}), "", "2 <nil>", "3 2 2 2", "5 2")
}

// A picture is shown for an image.Image, and for what has a method PNG; LaTeX for
// what has a method Latex.
func TestPictures(t *testing.T) {
	results := session(t, asked{Code: `import ("image"; "symgrad/models"; "symgrad/train/report"; "symgrad/notebooks/lab")`},
		asked{Code: `image.NewGray(image.Rect(0, 0, 30, 20))`},
		asked{Code: `report.Neuron([]float64{1, -2, 3}, 0)`},
		asked{Code: `lab.Show(report.Sigmoid())`},
		asked{Code: `lab.Graph(lab.TutorialNetwork(models.Neuron(3)), 4)`})
	for i, width := range []int{30, 640, 640, 0} {
		r := results[i+1]
		if len(r.Pictures) != 1 {
			t.Errorf("cell %d: %d pictures: %+v", i+2, len(r.Pictures), r)
			continue
		}
		file, err := base64.StdEncoding.DecodeString(r.Pictures[0])
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil || width > 0 && img.Bounds().Dx() != width {
			t.Errorf("cell %d: %v, %v", i+2, err, img.Bounds())
		}
	}
}

// An interrupt stops the cell, also in a compiled training, and what was set is
// kept.
func TestInterrupt(t *testing.T) {
	results := session(t, asked{Code: `import ("fmt"; "symgrad/data/truth"; "symgrad/models"; "symgrad/notebooks/lab"; "symgrad/train")`},
		asked{Code: `x := 41`},
		asked{Code: "fmt.Println(\"running\")\nfor { x = 42 }", InterruptOn: "running"},
		asked{Code: `fmt.Println("x is", x)`},
		asked{Code: `net := lab.TutorialNetwork(models.Neuron(3))`},
		asked{Code: "fmt.Println(\"training\")\nlab.Train(net, truth.NeuronRows(), train.Config{Epochs: 2000000000, Batch: 4})", InterruptOn: "training"},
		asked{Code: `fmt.Println(len(net.Params), x)`})
	expect(t, results[3:5], "x is 42", "")
	expect(t, results[6:], "1 42")
	for _, i := range []int{2, 5} {
		if r := results[i]; r.Status != "error" || !strings.Contains(r.Error, "interrupted") {
			t.Errorf("cell %d: %+v", i+1, r)
		}
	}
}

// A package that is not linked in is answered at once, with what to do.
func TestUnlinkedPackage(t *testing.T) {
	r := session(t, asked{Code: `import "gonum.org/v1/gonum/mat"`})[0]
	for _, want := range []string{`import "gonum.org/v1/gonum/mat": not linked into this kernel`, "packages.go", "go run ./kernel", "symgrad/models"} {
		if r.Status != "error" || !strings.Contains(r.Error, want) {
			t.Errorf("no %q in %+v", want, r)
		}
	}
}

// A cell that panics leaves the kernel alive, and its variables.
func TestPanics(t *testing.T) {
	results := session(t, asked{Code: `import ("fmt"; "errors"; "symgrad/models"; "symgrad/notebooks/lab"; "symgrad/train/report")`},
		asked{Code: `kept := 7`},
		asked{Code: `var m map[string]int; m["a"] = 1`},
		asked{Code: `s := []int{1}; s[kept]`},
		asked{Code: `panic("by hand")`},
		asked{Code: `lab.Check(errors.New("one clear line"))`},
		asked{Code: `lab.Network(models.MLP(3), 1)`},
		asked{Code: `lab.Show(report.Curve(nil))`},
		asked{Code: `fmt.Println("kept:", kept)`})
	for i, want := range map[int]string{2: "nil map", 3: "index out of range", 4: "by hand", 5: "one clear line", 6: "has no layers", 7: "no epochs"} {
		if r := results[i]; r.Status != "error" || !strings.Contains(r.Error, want) {
			t.Errorf("cell %d: want %q, got %+v", i+1, want, r)
		}
	}
	expect(t, results[8:], "kept: 7")
}
