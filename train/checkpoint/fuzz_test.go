package checkpoint_test

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"testing"
	"unicode"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

// Whatever the metadata say, behind a checksum that fits: an error, or a network
// whose graph can be built and that is written to the same bytes again.
func FuzzMetadata(f *testing.F) {
	net := must(small().New(models.NewRand(1)))
	var whole bytes.Buffer
	if err := checkpoint.Write(&whole, net, checkpoint.Meta{Progress: train.Progress{State: train.State{Optimizer: "sgd"}}}); err != nil {
		f.Fatal(err)
	}
	file := must(safetensors.Decode(whole.Bytes()))
	f.Add(file.Metadata["symgrad"])
	f.Add(`{"architecture":{"name":"x","input":[4],"layers":[{"type":"dense","out":4}],"loss":"half squared error","init":"?","dtype":"float64"}}`)
	f.Fuzz(func(t *testing.T, metadata string) {
		file := &safetensors.File{Metadata: map[string]string{"symgrad": metadata}, Tensors: file.Tensors}
		file.Metadata["sha256"] = checkpoint.Checksum(file)
		var sealed bytes.Buffer
		if err := file.Write(&sealed); err != nil {
			return // not UTF-8
		}
		net, meta, err := checkpoint.Read(&sealed)
		if err != nil {
			return
		}
		if _, err := net.Forward(1); err != nil {
			t.Fatal(err)
		}
		if err := checkpoint.Write(&bytes.Buffer{}, net, meta); err != nil {
			t.Fatal(err)
		}
	})
}

// Checkpoints changed by someone who knows the format, their checksums right: one
// clear line, or a network that works; memory that the file's size explains.
func FuzzMutants(f *testing.F) {
	set := squares(8, 1)
	spec := models.Sequential([]int{1, 8, 8}, models.Conv2D{Maps: 2, Kernel: 3, Same: true}, models.LeakyReLU(0.1), models.MaxPool{Size: 4}, models.Flatten{}, models.Dropout{Drop: 0.5}, models.Dense{Out: 4})
	net := must(spec.New(models.NewRand(3)))
	trainer := must(train.NewTrainer(net, set, train.Config{Batch: 4, Optimizer: train.Momentum(0.9), Rate: 0.01, Seed: 5}))
	defer trainer.Close()
	must(trainer.Step())
	var whole bytes.Buffer
	meta := checkpoint.Meta{Data: checkpoint.Data{Name: "squares", Shape: set.Shape}, Progress: trainer.Progress(), History: []train.Epoch{{Number: 1, Loss: 2}}}
	if err := checkpoint.Write(&whole, net, meta); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{})
	for kind := range byte(13) {
		for i := range byte(12) {
			f.Add([]byte{kind, i, 3 * i, 5 * i, 7 * i, 11 * i, 1, 0})
		}
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		file := mutate(whole.Bytes(), script)
		before := allocated()
		net, meta, err := checkpoint.Read(bytes.NewReader(file))
		if used := allocated() - before; used > 4<<20+64*uint64(len(file)) {
			t.Errorf("%d bytes of memory for a file of %d", used, len(file))
		}
		if err != nil {
			clearLine(t, err)
			return
		}
		works(t, net, meta, set)
	})
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// clearLine checks that an error is one line, that can be shown and read.
func clearLine(t *testing.T, err error) {
	t.Helper()
	for _, r := range err.Error() {
		if !unicode.IsPrint(r) {
			t.Fatalf("the error has %q in it: %q", r, err)
		}
	}
	if len(err.Error()) > 2000 {
		t.Fatalf("an error of %d bytes: %.300q", len(err.Error()), err)
	}
}

// works uses a network that was read for all that it is for.
func works(t *testing.T, net *models.Network, meta checkpoint.Meta, set *data.Set) {
	t.Helper()
	for _, p := range net.Params {
		for i, w := range p.Float64s() {
			if math.IsNaN(w) || math.IsInf(w, 0) {
				t.Fatalf("%s[%d] is %v", p.Name, i, w)
			}
		}
	}
	for _, r := range net.String() {
		if !unicode.IsPrint(r) && r != '\n' {
			t.Fatalf("%q in what is printed of the network", r)
		}
	}
	inputs := 1
	for _, d := range net.Input {
		inputs *= d
	}
	if a, err := train.Predict(net, make([]float64, inputs)); err != nil {
		clearLine(t, err)
	} else if len(a.Probabilities) != net.Outputs() {
		t.Fatalf("%d answers of %d outputs", len(a.Probabilities), net.Outputs())
	} else {
		for _, v := range a.Probabilities {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("the answer is %v", a.Probabilities)
			}
		}
	}
	var again bytes.Buffer
	if err := checkpoint.Write(&again, net, meta); err != nil {
		t.Fatal(err)
	}
	two, _, err := checkpoint.Read(&again)
	if err != nil || fmt.Sprint(two) != fmt.Sprint(net) {
		t.Fatalf("written and read again: %v, %v", two, err)
	}
	goesOn(t, net, meta, set)
}

// goesOn trains a network on from where it stood, where that can be.
func goesOn(t *testing.T, net *models.Network, meta checkpoint.Meta, set *data.Set) {
	t.Helper()
	o, err := train.OptimizerByName(meta.Progress.State.Optimizer)
	if err != nil {
		clearLine(t, err)
		return
	}
	trainer, err := train.NewTrainer(net, set, train.Config{Batch: 4, Optimizer: o, Rate: 0.01, Seed: 5})
	if err != nil {
		clearLine(t, err)
		return
	}
	defer trainer.Close()
	if err = trainer.Resume(meta.Progress); err == nil && trainer.Progress().Index < trainer.Steps() {
		_, err = trainer.Step()
	}
	if err != nil {
		clearLine(t, err)
	}
}

// Any bytes are an error or a network, never a panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte("{}"))
	net := must(models.MLP(1, 2).New(models.NewRand(1)))
	var whole bytes.Buffer
	if err := checkpoint.Write(&whole, net, checkpoint.Meta{}); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		net, _, err := checkpoint.Read(bytes.NewReader(file))
		if (net == nil) != (err != nil) {
			t.Fatalf("%v, %v", net, err)
		}
	})
}
