package train_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
	"symgrad/models/formula"
	"symgrad/models/gradcheck"
	"symgrad/models/onnx"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/inspect"
	"symgrad/train/report"
	"symgrad/train/vm"
)

// sample is a layer in all its fields, and what stands before it on an image.
type sample struct {
	layer  models.Layer
	before []models.Layer
}

// samples has one of each layer that package models exports, by the name of its
// type or, for activations, of their function.
var samples = map[string]sample{
	"Conv2D":    {layer: models.Conv2D{Maps: 3, Kernel: 3, Stride: 2, Same: true, NoBias: true}},
	"MaxPool":   {layer: models.MaxPool{Size: 3, Stride: 2}},
	"MeanPool":  {layer: models.MeanPool{Size: 3, Stride: 2}},
	"Flatten":   {layer: models.Flatten{}},
	"Dense":     {layer: models.Dense{Out: 4, NoBias: true}, before: []models.Layer{models.Flatten{}}},
	"Dropout":   {layer: models.Dropout{Drop: 0.25}},
	"Sigmoid":   {layer: models.Sigmoid()},
	"Tanh":      {layer: models.Tanh()},
	"ReLU":      {layer: models.ReLU()},
	"LeakyReLU": {layer: models.LeakyReLU(0.125)},
	"Softmax":   {layer: models.Softmax(), before: []models.Layer{models.Flatten{}}},
}

// A layer that is added to package models is known everywhere, or this test names
// the places that do not know it.
func TestEveryLayerIsKnownEverywhere(t *testing.T) {
	declared := layers(t)
	for name := range samples {
		if !slices.Contains(declared, name) {
			t.Errorf("%s is no layer of package models: take it out of samples", name)
		}
	}
	for _, name := range declared {
		s, ok := samples[name]
		if !ok {
			t.Errorf("%s has no sample in train/everylayer_test.go", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			net := known(t, s)
			for place, knows := range places {
				if err := knows(name, s.layer, net); err != nil {
					t.Errorf("%s does not know %s: %v", place, name, err)
				}
			}
		})
	}
}

// places that know every layer, by what is to be edited.
var places = map[string]func(name string, l models.Layer, net *models.Network) error{
	"models/notation.go (ParseLayers)":                                   inNotation,
	"models/reference and models/gradcheck/translate.go":                 byWitness,
	"models/gradcheck/network_test.go (TestEveryLayerLossAndActivation)": tried("../models/gradcheck/network_test.go", "TestEveryLayerLossAndActivation"),
	"models/formula":                                     asFormula,
	"models/onnx/export.go":                              asONNX,
	"train/checkpoint/spec.go":                           inCheckpoint,
	"train/vm (lower.go, emit.go)":                       onMachine,
	"train/vm/networks_test.go (layerSpecs)":             tried("vm/networks_test.go", "layerSpecs"),
	"train/inspect":                                      inspected,
	"train/report/maps.go (FeatureMaps)":                 drawn,
	"cmd/playground/internal/web/assets/look.js (title)": titled,
}

func inNotation(_ string, l models.Layer, _ *models.Network) error {
	back, err := models.ParseLayers(fmt.Sprint(l))
	if err == nil && (len(back) != 1 || !reflect.DeepEqual(back[0], l)) {
		err = fmt.Errorf("%q is read back as %#v, want %#v", fmt.Sprint(l), back, l)
	}
	return err
}

func byWitness(_ string, _ models.Layer, net *models.Network) error {
	x, target := batch(net)
	_, err := gradcheck.Network(net, x, target, 2, gradcheck.NetworkOptions{})
	return err
}

var function = regexp.MustCompile(`\\operatorname\{([^}]*)\}`)

// asFormula wants mathematics: functions with names of their own, none as an
// operator prints itself.
func asFormula(_ string, _ models.Layer, net *models.Network) error {
	lines, err := formula.Network(net)
	if err != nil {
		return err
	}
	for _, l := range lines {
		for _, f := range function.FindAllStringSubmatch(l.Right, -1) {
			if strings.ToLower(f[1]) != f[1] || strings.ContainsAny(f[1], " \\{(") {
				return fmt.Errorf("%s = %s", l.Left, l.Right)
			}
		}
	}
	return formula.WriteDot(io.Discard, net, 2)
}

func asONNX(_ string, _ models.Layer, net *models.Network) error { return onnx.Export(io.Discard, net) }

func inCheckpoint(_ string, _ models.Layer, net *models.Network) error {
	var file bytes.Buffer
	if err := checkpoint.Write(&file, net, checkpoint.Meta{}); err != nil {
		return err
	}
	back, _, err := checkpoint.Read(&file)
	if err == nil && !reflect.DeepEqual(back.Layers, net.Layers) {
		err = fmt.Errorf("%v is read back as %v", net.Layers, back.Layers)
	}
	return err
}

// onMachine wants the graph of a training without an operator that Gorgonia has
// to run, and TapeMachine's numbers.
func onMachine(_ string, _ models.Layer, net *models.Network) error {
	g, err := net.Training(2)
	if err != nil {
		return err
	}
	x, target := batch(net)
	copy(g.Input.Value().Data().([]float64), x)
	copy(g.Target.Value().Data().([]float64), target)
	for _, m := range g.Masks {
		for i, mask := 0, m.Node.Value().Data().([]float64); i < len(mask); i += 2 {
			mask[i] = 1 / (1 - m.Drop)
		}
	}
	m, err := vm.New(g.Expr, vm.Config{Workers: 1})
	if err != nil {
		return err
	}
	defer m.Close()
	if e := m.Explain(); e.Count(vm.Gorgonia) > 0 {
		return fmt.Errorf("left to Gorgonia:\n%v", e)
	}
	results := append(G.Nodes{g.Output, g.Loss}, g.Grads...)
	var all [2][]float64
	for i, backend := range []train.Backend{train.OwnVM(1), train.TapeMachine()} {
		m, err := backend(g.Expr, results...)
		if err != nil {
			return err
		}
		defer m.Close()
		if err := m.RunAll(); err != nil {
			return err
		}
		for _, n := range results {
			switch v := m.Value(n).Data().(type) {
			case []float64:
				all[i] = append(all[i], v...)
			case float64:
				all[i] = append(all[i], v)
			}
		}
	}
	if len(all[0]) != len(all[1]) {
		return fmt.Errorf("%d numbers, TapeMachine has %d", len(all[0]), len(all[1]))
	}
	for i, v := range all[0] {
		if want := all[1][i]; !(math.Abs(v-want) <= 1e-12*max(1, math.Abs(want))) {
			return fmt.Errorf("%g, TapeMachine has %g", v, want)
		}
	}
	return nil
}

func inspected(_ string, l models.Layer, net *models.Network) error {
	look, err := inspect.New(net, nil)
	if err != nil {
		return err
	}
	defer look.Close()
	x, _ := batch(net)
	view, err := look.At(x[:len(x)/2], inspect.Answer)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(view.Layers, func(o train.LayerOutput) bool { return o.Kind == l.Kind() && len(o.Values) > 0 }) {
		return fmt.Errorf("no output of a %s", l.Kind())
	}
	return nil
}

// drawn wants a layer that makes maps in the picture of what each layer makes.
func drawn(_ string, l models.Layer, net *models.Network) error {
	spec := net.Spec
	spec.Input = []int{1, 9, 8} // pictures are grey or in colour
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		return err
	}
	set := &data.Set{Name: "one", Shape: spec.Input, Pixels: make([]byte, 9*8), Labels: []int{0}, Classes: 3}
	outputs, err := train.Layers(net, make([]float64, set.Size()))
	if err != nil {
		return err
	}
	for _, o := range outputs {
		if o.Kind != l.Kind() || len(o.Shape) != 3 {
			continue
		}
		figure, err := report.FeatureMaps(set, 0, report.Stage{Name: "now", Net: net})
		if err != nil {
			return err
		}
		var picture bytes.Buffer
		if err := figure.WriteSVG(&picture); err != nil {
			return err
		}
		if !strings.Contains(picture.String(), "now, "+o.Name+": ") {
			return fmt.Errorf("no maps of %s", o.Name)
		}
	}
	return nil
}

// titled wants a heading for what gives images.
func titled(_ string, l models.Layer, _ *models.Network) error {
	if out, err := l.Shape([]int{2, 9, 8}); err != nil || len(out) != 3 {
		return nil
	}
	page, err := os.ReadFile("../cmd/playground/internal/web/assets/look.js")
	if err != nil {
		return err
	}
	if !strings.Contains(string(page), l.Kind()+": ") && !strings.Contains(string(page), `"`+l.Kind()+`": `) {
		return fmt.Errorf("no title for the kind %q", l.Kind())
	}
	return nil
}

// tried tells whether a test's table has the layer; activations may be all there
// by models.Activations.
func tried(file, test string) func(string, models.Layer, *models.Network) error {
	return func(name string, l models.Layer, _ *models.Network) error {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		found := false
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == test {
				ast.Inspect(fn, func(n ast.Node) bool {
					if s, ok := n.(*ast.SelectorExpr); ok {
						_, activation := l.(models.Activation)
						found = found || s.Sel.Name == name || activation && s.Sel.Name == "Activations"
					}
					return true
				})
			}
		}
		if !found {
			return fmt.Errorf("no row has it")
		}
		return nil
	}
}

// layers are the exported types with an Apply, but Activation itself, and the
// functions that make one of that.
func layers(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir("../models")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), "../models/"+e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			if fn.Recv != nil && fn.Name.Name == "Apply" {
				if receiver := strings.TrimPrefix(text(fn.Recv.List[0].Type), "*"); ast.IsExported(receiver) && receiver != "Activation" {
					names = append(names, receiver)
				}
			}
			if r := fn.Type.Results; fn.Recv == nil && r != nil && len(r.List) == 1 && text(r.List[0].Type) == "Activation" && fn.Name.Name != "NewActivation" {
				names = append(names, fn.Name.Name)
			}
		}
	}
	if len(names) < 10 {
		t.Fatalf("only %v were found", names)
	}
	return names
}

func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return "*" + text(e.X)
	}
	return ""
}

// known is a network with the layer in it, in float64.
func known(t *testing.T, s sample) *models.Network {
	t.Helper()
	spec := models.Sequential([]int{2, 9, 8}, append(slices.Clone(s.before), s.layer)...)
	if _, flat := s.layer.(models.Flatten); !flat && s.before == nil {
		spec.Layers = append(spec.Layers, models.Flatten{})
	}
	spec.Layers = append(spec.Layers, models.Dense{Out: 3})
	spec.Dtype = tensor.Float64
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// batch is two inputs and their targets.
func batch(net *models.Network) (x, target []float64) {
	r := models.NewRand(2)
	for range 2 * 2 * 9 * 8 {
		x = append(x, 2*r.Float64()-1)
	}
	return x, []float64{1, 0, 0, 0, 0, 1}
}
