package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

// A file without metadata, as PyTorch writes it, gives weights to a network that
// is there already.
func TestWeightsOfAnotherProgram(t *testing.T) {
	f := &safetensors.File{Tensors: []safetensors.Tensor{
		{Name: "fc1.weight", DType: "F64", Shape: []int{2, 3}, Data: float64s()},
		{Name: "fc1.bias", DType: "F32", Shape: []int{2}, Data: []byte{0, 0, 128, 63, 0, 0, 0, 64}},
	}}
	path := filepath.Join(t.TempDir(), "torch.safetensors")
	write := func() {
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write()
	net := must(models.MLP(3, 2).New(models.NewRand(1)))
	if err := checkpoint.LoadWeights(net, path); err != nil {
		t.Fatal(err)
	}
	// y = x W^T + b with PyTorch's W of (out, in): [1 2 3; 4 5 6] [1 1 1] + [1 2].
	if w := net.Params[0].Float64s(); w[0] != 1 || w[1] != 4 || w[2] != 2 || w[5] != 6 {
		t.Errorf("fc1.weight is %v", w)
	}
	if b := net.Params[1].Float64s(); b[0] != 1 || b[1] != 2 {
		t.Errorf("fc1.bias is %v", b)
	}
	if _, _, err := checkpoint.Load(path); err == nil || !strings.Contains(err.Error(), "torch.safetensors: no checkpoint of symgrad") {
		t.Error(err)
	}
	for want, other := range map[string]models.Spec{
		"tensor fc1.weight has shape [2 3], the network wants [3 2]":                             models.MLP(2, 3),
		"tensor fc2.weight of the network mlp is missing; there are fc1.weight, fc1.bias":        models.MLP(3, 2, 2),
		"tensor fc1.bias [2] is none of the network sequential":                                  models.Sequential([]int{3}, models.Dense{Out: 2, NoBias: true}),
		"tensor conv1.weight of the network tutorial is missing; there are fc1.weight, fc1.bias": models.Tutorial(),
	} {
		net := must(other.New(models.NewRand(1)))
		before := net.Params[0].Float64s()
		if err := checkpoint.LoadWeights(net, path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("want %q, got %v", want, err)
		}
		if net.Params[0].Float64s()[0] != before[0] {
			t.Error("a refused file changed the weights")
		}
	}
	f.Tensors[0].DType, f.Tensors[0].Data = "BF16", f.Tensors[0].Data[:12]
	write()
	if err := checkpoint.LoadWeights(net, path); err == nil || !strings.Contains(err.Error(), "tensor fc1.weight is of dtype \"BF16\", want F32 or F64") {
		t.Error(err)
	}
	if err := checkpoint.LoadWeights(net, path+"x"); err == nil || !strings.Contains(err.Error(), "torch.safetensorsx") {
		t.Error(err)
	}
}

// A checkpoint gives its weights, and keeps its optimiser's state to itself.
func TestWeightsOfACheckpoint(t *testing.T) {
	net, meta := trained(t, small(), squares(30, 1), train.Nesterov(0.9), 3)
	path := filepath.Join(t.TempDir(), "x")
	if err := checkpoint.Save(path, net, meta); err != nil {
		t.Fatal(err)
	}
	other := must(small().New(models.NewRand(77)))
	if err := checkpoint.LoadWeights(other, path); err != nil {
		t.Fatal(err)
	}
	sameNetwork(t, net, other)
}

// float64s is 1 to 6.
func float64s() (out []byte) {
	for v := 1.0; v <= 6; v++ {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
	}
	return out
}

type lonely struct{ models.Flatten }

func TestWhatCannotBeDescribed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	net := must(models.Sequential([]int{4}, lonely{}, models.Dense{Out: 2}).New(models.NewRand(1)))
	if err := checkpoint.Save(path, net, checkpoint.Meta{}); err == nil || !strings.Contains(err.Error(), "layer 1 is a checkpoint_test.lonely, which a file cannot describe") {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("something was written")
	}
}
