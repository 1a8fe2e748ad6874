package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

// foreign writes tensors to a file and fills a network with them.
func foreign(t *testing.T, spec models.Spec, tensors ...safetensors.Tensor) (*models.Network, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	var b bytes.Buffer
	if err := (&safetensors.File{Tensors: tensors}).Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	net := must(spec.New(models.NewRand(1)))
	return net, checkpoint.LoadWeights(net, path)
}

func float64Tensor(name string, shape []int, values ...float64) safetensors.Tensor {
	t := safetensors.Tensor{Name: name, DType: safetensors.F64, Shape: shape}
	for _, v := range values {
		t.Data = binary.LittleEndian.AppendUint64(t.Data, math.Float64bits(v))
	}
	return t
}

// A number must be finite where it is going to stand.
func TestTooLargeForFloat32(t *testing.T) {
	spec := models.Sequential([]int{1}, models.Dense{Out: 1, NoBias: true})
	large := float64Tensor("fc1.weight", []int{1, 1}, 1e300)
	if _, err := foreign(t, spec, large); err == nil || !strings.Contains(err.Error(), "tensor fc1.weight: its number 0 is +Inf") {
		t.Error(err)
	}
	spec.Dtype = tensor.Float64
	if net, err := foreign(t, spec, large); err != nil || net.Params[0].Float64s()[0] != 1e300 {
		t.Error(err)
	}
}

// Only a dense layer's matrix stands in the file the other way round.
func TestTheMatrixOfAnotherLayer(t *testing.T) {
	type other struct{ models.Dense }
	net, err := foreign(t, models.Sequential([]int{3}, other{models.Dense{Out: 2, NoBias: true}}), float64Tensor("fc1.weight", []int{3, 2}, 1, 2, 3, 4, 5, 6))
	if err != nil || fmt.Sprint(net.Params[0].Float64s()) != "[1 2 3 4 5 6]" {
		t.Error(err)
	}
}

// What a file has instead is named, as far as eight.
func TestNamesOfTensors(t *testing.T) {
	for n, want := range map[int]string{0: "there are none", 2: "there are t1, t2", 8: "t7, t8", 9: "t7, t8, ...", 10: "t7, t8, ..."} {
		var tensors []safetensors.Tensor
		for i := range n {
			tensors = append(tensors, float64Tensor(fmt.Sprintf("t%d", i+1), []int{1}, 0))
		}
		if _, err := foreign(t, models.MLP(1, 2), tensors...); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%d tensors: want %q, got %v", n, want, err)
		}
	}
}

// metadata is what stands in a file, and what is read of it.
func metadata(t *testing.T, m checkpoint.Meta) (string, checkpoint.Meta) {
	t.Helper()
	var b bytes.Buffer
	if err := checkpoint.Write(&b, must(models.MLP(1, 2).New(models.NewRand(1))), m); err != nil {
		t.Fatal(err)
	}
	text := must(safetensors.Decode(b.Bytes())).Metadata["symgrad"]
	_, read, err := checkpoint.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return text, read
}

// Numbers that JSON does not have are strings, all others are numbers.
func TestNumbersOfTheHistory(t *testing.T) {
	for want, e := range map[string]train.Epoch{
		`"train_loss":"NaN"`:    {Number: 1, Loss: math.NaN()},
		`"train_loss":"+Inf"`:   {Number: 1, Loss: math.Inf(1)},
		`"train_loss":"-Inf"`:   {Number: 1, Loss: math.Inf(-1)},
		`"train_loss":2.5,`:     {Number: 1, Loss: 2.5},
		`"test_accuracy":1,`:    {Number: 1, Test: train.Result{Accuracy: 1}},
		`"validation_loss":0.1`: {Number: 1, Validation: train.Result{Loss: 0.1, Accuracy: 0.5}},
	} {
		text, read := metadata(t, checkpoint.Meta{History: []train.Epoch{e}})
		if d := cmp.Diff([]train.Epoch{e}, read.History, cmpopts.EquateNaNs()); d != "" || !strings.Contains(text, want) {
			t.Errorf("want %s in %s; read: %s", want, text, d)
		}
	}
}

// One shard is what files say that say nothing of shards.
func TestShards(t *testing.T) {
	for shards, want := range map[int]int{0: 1, 1: 1, 2: 2, 3: 3} {
		text, read := metadata(t, checkpoint.Meta{Progress: train.Progress{Shards: shards}})
		if read.Progress.Shards != want || strings.Contains(text, `"shards":`) != (want > 1) {
			t.Errorf("%d shards are read as %d of %s", shards, read.Progress.Shards, text)
		}
	}
}

// What no file can hold is not written: one line says what it is.
func TestWhatCannotBeWritten(t *testing.T) {
	own := models.NewActivation("own", func(x *gorgonia.Node) (*gorgonia.Node, error) { return x, nil })
	for want, c := range map[string]struct {
		layer  models.Layer
		change func(net *models.Network, m *checkpoint.Meta)
	}{
		"layer 2 is the activation own, which a file": {layer: own},
		"layer 2 is a checkpoint_test.lonely, which":  {layer: lonely{}},
		`no loss "hinge"`:         {change: func(net *models.Network, _ *checkpoint.Meta) { net.Loss.Name = "hinge" }},
		"unsupported value: +Inf": {change: func(net *models.Network, _ *checkpoint.Meta) { net.L2 = math.Inf(1) }},
		`no optimizer "x"`: {change: func(_ *models.Network, m *checkpoint.Meta) {
			m.Progress.State = train.State{Optimizer: "x", Slots: map[string][]any{}}
		}},
		"state has 0 tensors for fc1.weight, want 2": {change: func(_ *models.Network, m *checkpoint.Meta) {
			m.Progress.State = train.State{Optimizer: "adam", Slots: map[string][]any{}}
		}},
	} {
		layers := []models.Layer{models.Dense{Out: 2}}
		if c.layer != nil {
			layers = append(layers, c.layer)
		}
		net, m := must(models.Sequential([]int{2}, layers...).New(models.NewRand(1))), checkpoint.Meta{}
		if c.change != nil {
			c.change(net, &m)
		}
		if err := checkpoint.Write(io.Discard, net, m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// A network that was read can be begun anew, with the initialisation it had; of
// one that the program does not know, the name is kept.
func TestInitialisationIsRead(t *testing.T) {
	spec := small()
	for name, init := range map[string]models.Init{"he": models.HeNormal(), "own": models.Constant(7)} {
		spec.Init = init
		var b bytes.Buffer
		if err := checkpoint.Write(&b, must(spec.New(models.NewRand(3))), checkpoint.Meta{}); err != nil {
			t.Fatal(err)
		}
		net, _, err := checkpoint.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if name == "own" {
			init = models.Zeros()
			init.Name = "constant(7)"
		}
		spec.Init = init
		sameNetwork(t, must(spec.New(models.NewRand(5))), must(net.New(models.NewRand(5))))
	}
}

// The numbers of all layers are counted: as many as are allowed, and one more.
func TestLargestArchitecture(t *testing.T) {
	for inputs, want := range map[int]string{1 << 23: "is none of the network", 1<<23 + 1: "at most 16777216 numbers"} {
		file := resealed(t, func(m map[string]any, _ *safetensors.File) {
			a := m["architecture"].(map[string]any)
			a["input"], a["layers"] = []int{inputs}, []any{map[string]any{"type": "relu"}}
		})
		if _, _, err := checkpoint.Read(bytes.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d inputs: %v", inputs, err)
		}
	}
}
