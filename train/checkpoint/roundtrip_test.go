package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

func sameNetwork(t *testing.T, want, got *models.Network) {
	t.Helper()
	if want.String() != got.String() || want.Dtype != got.Dtype || want.L2 != got.L2 || want.Init.Name != got.Init.Name {
		t.Errorf("network\n%v\nwant\n%v", got, want)
	}
	for i, p := range want.Params {
		if diff := cmp.Diff(p.Data(), got.Params[i].Data()); diff != "" || p.Bias != got.Params[i].Bias {
			t.Errorf("%s: %s", p.Name, diff)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, o := range train.Optimizers() {
			spec := small()
			spec.Dtype = dtype
			net, meta := trained(t, spec, squares(30, 1), o, 6)
			path := filepath.Join(t.TempDir(), "last.safetensors")
			if err := checkpoint.Save(path, net, meta); err != nil {
				t.Fatal(err)
			}
			got, gotMeta, err := checkpoint.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			sameNetwork(t, net, got)
			for i := range meta.History { // of a test, only loss and accuracy are kept
				meta.History[i].Test = train.Result{Loss: meta.History[i].Test.Loss, Accuracy: meta.History[i].Test.Accuracy}
			}
			if o.Name == "sgd" {
				meta.Progress.State.Slots = nil
			}
			if diff := cmp.Diff(meta, gotMeta); diff != "" {
				t.Errorf("%s: %s", o.Name, diff)
			}
			var buffer bytes.Buffer
			if err := checkpoint.Write(&buffer, net, meta); err != nil {
				t.Fatal(err)
			}
			if file := must(os.ReadFile(path)); !bytes.Equal(file, buffer.Bytes()) {
				t.Error("Write and Save differ")
			}
			read, _, err := checkpoint.Read(&buffer)
			if err != nil {
				t.Fatal(err)
			}
			sameNetwork(t, net, read)
		}
	}
}

// The presets have PyTorch's names and shapes in the file.
func TestNamesAndShapes(t *testing.T) {
	net := must(models.LeNet().New(models.NewRand(1)))
	path := filepath.Join(t.TempDir(), "x")
	if err := checkpoint.Save(path, net, checkpoint.Meta{}); err != nil {
		t.Fatal(err)
	}
	f := must(safetensors.Decode(must(os.ReadFile(path))))
	got := map[string][]int{}
	for _, t := range f.Tensors {
		got[t.Name] = t.Shape
	}
	want := map[string][]int{"conv1.weight": {32, 1, 3, 3}, "conv1.bias": {32}, "conv2.weight": {64, 32, 3, 3}, "conv2.bias": {64},
		"fc1.weight": {128, 1600}, "fc1.bias": {128}, "fc2.weight": {10, 128}, "fc2.bias": {10}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f.Metadata["format"] != "pt" {
		t.Error(f.Metadata)
	}
	// fc2.weight[3][7] here is W[7][3] of the parameter.
	if got, want := f.Tensor("fc2.weight").Data[4*(3*128+7):][:4], net.Params[6].Data().([]float32)[7*10+3]; math.Float32frombits(binary.LittleEndian.Uint32(got)) != want {
		t.Errorf("%v is not %v", got, want)
	}
}
