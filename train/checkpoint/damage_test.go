package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

// tiny is a whole checkpoint of few bytes: an optimiser's state, history and
// all.
func tiny(t *testing.T) []byte {
	t.Helper()
	set := squares(4, 1)
	spec := models.Sequential([]int{1, 8, 8}, models.MaxPool{Size: 4}, models.Flatten{}, models.Dense{Out: 4})
	net, meta := trained(t, spec, set, train.Momentum(0.9), 1)
	var b bytes.Buffer
	if err := checkpoint.Write(&b, net, meta); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// refused checks that neither way of reading takes a file.
func refused(t *testing.T, file []byte, what string) {
	t.Helper()
	if net, _, err := checkpoint.Read(bytes.NewReader(file)); err == nil || net != nil || strings.Contains(err.Error(), "\n") {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestEveryTruncationIsFound(t *testing.T) {
	file := tiny(t)
	for n := range file {
		refused(t, file[:n], fmt.Sprintf("the first %d of %d bytes", n, len(file)))
	}
	refused(t, append(bytes.Clone(file), 0), "a byte too many")
}

// Each seventh bit, so that no byte is left out, with LONG=1 every bit.
func TestEveryFlippedBitIsFound(t *testing.T) {
	file := tiny(t)
	if _, _, err := checkpoint.Read(bytes.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	net := must(models.Sequential([]int{1, 8, 8}, models.MaxPool{Size: 4}, models.Flatten{}, models.Dense{Out: 4}).New(models.NewRand(9)))
	before := net.Params[0].Float64s()
	path := filepath.Join(t.TempDir(), "flipped")
	step := 7
	if os.Getenv("LONG") != "" {
		step = 1
	}
	for i := 0; i < 8*len(file); i += step {
		file[i/8] ^= 1 << (i % 8)
		refused(t, file, fmt.Sprintf("bit %d of byte %d", i%8, i/8))
		if i%101 == 0 { // through a file, for weights alone
			if err := os.WriteFile(path, file, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := checkpoint.LoadWeights(net, path); err == nil || fmt.Sprint(net.Params[0].Float64s()) != fmt.Sprint(before) {
				t.Fatalf("weights with bit %d of byte %d flipped: %v", i%8, i/8, err)
			}
		}
		file[i/8] ^= 1 << (i % 8)
	}
}

// A header may be written anew by another program: the order of its names and
// its spaces are not what the checksum is about.
func TestRewrittenHeader(t *testing.T) {
	f := must(safetensors.Decode(tiny(t)))
	f.Metadata["format"] = "pt"
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	file := bytes.Replace(b.Bytes(), []byte(`"dtype":"F32",`), []byte(`"dtype": "F32" ,`), 1)
	length := file[0:8]
	n := int(length[0]) | int(length[1])<<8
	n += 2
	length[0], length[1] = byte(n), byte(n>>8)
	if _, _, err := checkpoint.Read(bytes.NewReader(file)); err != nil {
		t.Error(err)
	}
}

// resealed is a checkpoint whose metadata were changed by someone who knows how
// to make the checksum fit.
func resealed(t *testing.T, change func(m map[string]any, f *safetensors.File)) []byte {
	t.Helper()
	f := must(safetensors.Decode(tiny(t)))
	var m map[string]any
	if err := json.Unmarshal([]byte(f.Metadata["symgrad"]), &m); err != nil {
		t.Fatal(err)
	}
	change(m, f)
	f.Metadata["symgrad"] = string(must(json.Marshal(m)))
	f.Metadata["sha256"] = checkpoint.Checksum(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What the metadata claim is held against the tensors before anything is made.
func TestInventedMetadata(t *testing.T) {
	architecture := func(change func(a map[string]any, layers []any)) func(map[string]any, *safetensors.File) {
		return func(m map[string]any, _ *safetensors.File) {
			a := m["architecture"].(map[string]any)
			change(a, a["layers"].([]any))
		}
	}
	dense := func(key string, value any) func(map[string]any, *safetensors.File) {
		return architecture(func(_ map[string]any, l []any) { l[2].(map[string]any)[key] = value })
	}
	epoch := func(m map[string]any) map[string]any { return m["history"].([]any)[0].(map[string]any) }
	for want, change := range map[string]func(m map[string]any, f *safetensors.File){
		"tensor fc1.weight has shape [4 4], the network wants [1073741824 4]": dense("out", 1<<30),
		"layer 3, dense -1: -1 outputs":                                       dense("out", -1),
		`layer 3: no layer of type "lstm"`:                                    dense("type", "lstm"),
		"layer 3, max-pool 0x0: window 0x0":                                   dense("type", "max-pool"),
		"metadata: json: cannot unmarshal":                                    dense("out", "many"),
		"layers, at most 256":                                                 architecture(func(a map[string]any, l []any) { a["layers"] = make([]map[string]any, 257) }),
		"no layer of type \"\"":                                               architecture(func(a map[string]any, l []any) { a["layers"] = make([]map[string]any, 2) }),
		"at most 16777216 numbers in all layers": architecture(func(a map[string]any, l []any) {
			a["input"], a["layers"] = []int{1, 256, 256}, slices.Repeat([]any{map[string]any{"type": "relu"}}, 256)
		}),
		`the network's name "\x1b[2J" is not printable`: architecture(func(a map[string]any, _ []any) { a["name"] = "\x1b[2J" }),
		`the initialisation's name "xxx`:                architecture(func(a map[string]any, _ []any) { a["init"] = strings.Repeat("x", 1<<20) }),
		"tensor fc1.weight: its number 3 is NaN": func(_ map[string]any, f *safetensors.File) {
			binary.LittleEndian.PutUint32(f.Tensors[0].Data[12:], math.Float32bits(float32(math.NaN())))
		},
		"tensor fc1.bias: its number 0 is -Inf": func(_ map[string]any, f *safetensors.File) {
			binary.LittleEndian.PutUint32(f.Tensors[1].Data, math.Float32bits(float32(math.Inf(-1))))
		},
		"has no layers or no input": architecture(func(a map[string]any, l []any) { a["layers"] = nil }),
		"layer 1, max-pool 4x4: shape [1 1048576 1048576]: want positive sizes, and at most": architecture(func(a map[string]any, l []any) { a["input"] = []int{1, 1 << 20, 1 << 20} }),
		"shape [0 8 8]":                                             architecture(func(a map[string]any, l []any) { a["input"] = []int{0, 8, 8} }),
		`no loss "hinge"`:                                           architecture(func(a map[string]any, l []any) { a["loss"] = "hinge" }),
		`dtype "int", want float32 or`:                              architecture(func(a map[string]any, l []any) { a["dtype"] = "int" }),
		"L2 penalty -1 is negative":                                 architecture(func(a map[string]any, l []any) { a["l2"] = -1 }),
		"2 tensors of the optimizer, want 4":                        func(m map[string]any, _ *safetensors.File) { m["slots"] = []string{"a", "b"} },
		"the optimizer's tensors \"\\u202e\" are not printable":     func(m map[string]any, _ *safetensors.File) { m["slots"] = []string{"\u202e"} },
		"epoch 0 of the history comes after epoch 0":                func(m map[string]any, _ *safetensors.File) { epoch(m)["epoch"] = 0 },
		"epoch 1 of the history comes after epoch 1":                func(m map[string]any, _ *safetensors.File) { m["history"] = []any{epoch(m), epoch(m)} },
		"epoch 1 of the history has an accuracy of -0.5":            func(m map[string]any, _ *safetensors.File) { epoch(m)["validation_accuracy"] = -0.5 },
		"metadata: \"many\" is no number":                           func(m map[string]any, _ *safetensors.File) { m["loss_sum"] = "many" },
		"the architecture has no layers or no input":                architecture(func(a map[string]any, l []any) { a["input"] = nil }),
		"epoch 1 of the history has an accuracy of NaN":             func(m map[string]any, _ *safetensors.File) { epoch(m)["validation_accuracy"] = "NaN" },
		"epoch 1 of the history has an accuracy of 7":               func(m map[string]any, _ *safetensors.File) { epoch(m)["test_accuracy"] = 7 },
		"tensor optimizer.x.fc1.weight is missing":                  func(m map[string]any, _ *safetensors.File) { m["slots"] = []string{"x"} },
		`tensors ["velocity"] are not those of an optimizer "adam"`: func(m map[string]any, _ *safetensors.File) { m["optimizer"] = "adam" },
		`tensors ["velocity"] are not those of an optimizer ""`:     func(m map[string]any, _ *safetensors.File) { delete(m, "optimizer") },
		"tensor extra [] is none of the network": func(_ map[string]any, f *safetensors.File) {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: "extra", DType: "U8", Data: []byte{1}})
		},
		"tensor fc1.bias is missing":        func(_ map[string]any, f *safetensors.File) { f.Tensors[1].Name = "b" },
		`tensor fc1.bias is of dtype "U32"`: func(_ map[string]any, f *safetensors.File) { f.Tensors[1].DType = "U32" },
	} {
		_, _, err := checkpoint.Read(bytes.NewReader(resealed(t, change)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, _, err := checkpoint.Read(bytes.NewReader(resealed(t, func(map[string]any, *safetensors.File) {}))); err != nil {
		t.Error(err)
	}
}

// What data and classes are called is printed: what would move the cursor, or
// fill the screen, is left out.
func TestNamesOfData(t *testing.T) {
	_, meta, err := checkpoint.Read(bytes.NewReader(resealed(t, func(m map[string]any, _ *safetensors.File) {
		m["data"] = map[string]any{"name": "\x1b[31mred\n", "classes": []string{strings.Repeat("a", 1000), "b", strings.Repeat("c", 100)}}
	})))
	if err != nil || meta.Data.Name != "[31mred" || meta.Data.Classes[0] != strings.Repeat("a", 80)+"..." || meta.Data.Classes[1] != "b" || meta.Data.Classes[2] != strings.Repeat("c", 100) {
		t.Errorf("%+v %v", meta.Data, err)
	}
}
