package onnx_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"symgrad/models"
	"symgrad/models/onnx"
)

// field is one field of a message: a number or bytes.
type field struct {
	number int
	value  uint64
	bytes  []byte
}

// fields reads a message; any mistake of the encoding fails the test.
func fields(t *testing.T, message []byte) (out []field) {
	t.Helper()
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		message = message[n:]
		f := field{number: int(number)}
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(message)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(message)
			f.value = uint64(v)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(message)
		default:
			t.Fatalf("field %d is of wire type %d", number, kind)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		message = message[n:]
		out = append(out, f)
	}
	return out
}

func all(fs []field, number int) (out []field) {
	for _, f := range fs {
		if f.number == number {
			out = append(out, f)
		}
	}
	return out
}

func texts(fs []field) (out []string) {
	for _, f := range fs {
		out = append(out, string(f.bytes))
	}
	return out
}

func export(t *testing.T, spec models.Spec) (*models.Network, []field) {
	t.Helper()
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := onnx.Export(&b, net); err != nil {
		t.Fatal(err)
	}
	return net, fields(t, b.Bytes())
}

// Every layer becomes its operator, wired to the one before, with its weights
// and attributes; field numbers as in onnx.proto.
func TestGraph(t *testing.T) {
	spec := models.Sequential([]int{2, 9, 9},
		models.Conv2D{Maps: 3, Kernel: 3, Stride: 2, Same: true}, models.LeakyReLU(0.25), models.MaxPool{Size: 2, Stride: 1},
		models.MeanPool{Size: 2}, models.Tanh(), models.Flatten{}, models.Dropout{Drop: 0.5},
		models.Dense{Out: 5, NoBias: true}, models.Sigmoid(), models.Dense{Out: 4}, models.ReLU(), models.Dense{Out: 3}, models.Softmax())
	spec.Loss = models.HalfSquaredError()
	net, model := export(t, spec)
	if ir := all(model, 1); len(ir) != 1 || ir[0].value != 7 {
		t.Errorf("ir_version %v", ir)
	}
	if set := fields(t, all(model, 8)[0].bytes); all(set, 2)[0].value != 13 {
		t.Errorf("opset_import %v", set)
	}
	graph := fields(t, all(model, 7)[0].bytes)
	var nodes []string
	for _, n := range all(graph, 1) {
		fs := fields(t, n.bytes)
		line := strings.Join(texts(all(fs, 1)), " ") + " -> " + texts(all(fs, 4))[0]
		for _, a := range all(fs, 5) {
			af := fields(t, a.bytes)
			line += " " + texts(all(af, 1))[0] + "="
			for _, v := range append(append(all(af, 2), all(af, 3)...), all(af, 8)...) {
				if v.number == 2 {
					v.value = uint64(100 * math.Float32frombits(uint32(v.value)))
				}
				line += string('0' + rune(v.value%10)) // one digit is enough here
			}
			line += "/" + string('0'+rune(all(af, 20)[0].value))
		}
		nodes = append(nodes, line+" -> "+texts(all(fs, 2))[0])
	}
	want := []string{
		"input conv1.weight conv1.bias -> Conv kernel_shape=33/7 strides=22/7 pads=1111/7 -> conv1",
		"conv1 -> LeakyRelu alpha=5/1 -> leaky-relu1",
		"leaky-relu1 -> MaxPool kernel_shape=22/7 strides=11/7 -> pool1",
		"pool1 -> AveragePool kernel_shape=22/7 strides=22/7 -> pool2",
		"pool2 -> Tanh -> tanh1",
		"tanh1 -> Flatten axis=1/2 -> flatten1",
		"flatten1 -> Identity -> dropout1",
		"dropout1 fc1.weight -> Gemm -> fc1",
		"fc1 -> Sigmoid -> sigmoid1",
		"sigmoid1 fc2.weight fc2.bias -> Gemm -> fc2",
		"fc2 -> Relu -> relu1",
		"relu1 fc3.weight fc3.bias -> Gemm -> fc3",
		"fc3 -> Softmax axis=1/2 -> output",
	}
	if diff := cmp.Diff(want, nodes); diff != "" {
		t.Error(diff)
	}
	for i, f := range all(graph, 5) {
		tensor, p := fields(t, f.bytes), net.Params[i]
		raw := all(tensor, 9)[0].bytes
		if string(all(tensor, 8)[0].bytes) != p.Name || len(raw) != 4*p.Len() || len(all(tensor, 1)) != len(p.Shape) || all(tensor, 2)[0].value != 1 {
			t.Errorf("%s: %d bytes of %v", p.Name, len(raw), p.Shape)
		}
		for j, w := range p.Data().([]float32) {
			if got := math.Float32frombits(binary.LittleEndian.Uint32(raw[4*j:])); got != w {
				t.Fatalf("%s[%d] is %g, want %g", p.Name, j, got, w)
			}
		}
	}
}

func TestLogitsAreCalledLogits(t *testing.T) {
	_, model := export(t, models.Tutorial())
	graph := fields(t, all(model, 7)[0].bytes)
	if out := texts(all(fields(t, all(graph, 12)[0].bytes), 1)); out[0] != "logits" {
		t.Error(out)
	}
}

type own struct{ models.Flatten }

func (own) String() string { return "own" }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestMistakes(t *testing.T) {
	net, err := models.Sequential([]int{4}, own{}, models.Dense{Out: 2}).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.Export(full{}, net); err == nil || err.Error() != "onnx: sequential: layer 1, flatten1: own (a onnx_test.own) has no operator in ONNX" {
		t.Error(err)
	}
	if net, err = models.MLP(2, 2).New(models.NewRand(1)); err != nil {
		t.Fatal(err)
	}
	if err := onnx.Export(full{}, net); err == nil || err.Error() != "onnx: no space left" {
		t.Error(err)
	}
}
