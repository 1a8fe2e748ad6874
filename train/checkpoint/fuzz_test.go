package checkpoint_test

import (
	"bytes"
	"testing"

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
