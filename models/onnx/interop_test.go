//go:build interop

package onnx_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/models/onnx"
	"symgrad/train"
)

// onnxruntime, in Node (NODE_PATH must have onnxruntime-node), gives the same
// answers to all 10,000 test images, in batches of many sizes. It runs under the
// tag interop.
func TestONNXRuntime(t *testing.T) {
	training, test, err := mnist.Load()
	if err != nil {
		t.Fatal(err)
	}
	var images bytes.Buffer
	x, all := make([]float64, test.Len()*784), make([]int, test.Len())
	for i := range all {
		all[i] = i
	}
	data.Gather(test, all, x, nil)
	for _, v := range x {
		images.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(v))))
	}
	for name, spec := range map[string]models.Spec{"tutorial": models.Tutorial(), "lenet": models.LeNet(), "mlp": models.MLP(784, 128, 10)} {
		t.Run(name, func(t *testing.T) {
			net, err := spec.New(models.NewRand(1))
			if err != nil {
				t.Fatal(err)
			}
			trainer, err := train.NewTrainer(net, training, train.Config{Batch: 32, Rate: 0.02, Optimizer: train.Nesterov(0.9)})
			if err != nil {
				t.Fatal(err)
			}
			defer trainer.Close()
			for range 400 {
				if _, err := trainer.Step(); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, net, test, images.Bytes())
		})
	}
}

func compare(t *testing.T, net *models.Network, test *data.Set, images []byte) {
	dir := t.TempDir()
	model, input, output := filepath.Join(dir, "model.onnx"), filepath.Join(dir, "images"), filepath.Join(dir, "logits")
	var file bytes.Buffer
	if err := onnx.Export(&file, net); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{model: file.Bytes(), input: images} {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shape := "784"
	if len(net.Input) == 3 {
		shape = "1,28,28"
	}
	batches := strings.Fields(strings.Repeat("1 ", 50) + "7 64 3 1000")
	cmd := exec.CommandContext(t.Context(), "node", append([]string{"testdata/run.js", model, input, output, shape}, batches...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	theirs, err := os.ReadFile(output)
	if err != nil || len(theirs) != 40*test.Len() {
		t.Fatalf("%v, %d bytes of logits", err, len(theirs))
	}
	worst, other, right := 0.0, 0, 0
	for from := 0; from < test.Len(); from += 1000 {
		x := make([]float64, 0, 784000)
		for at := from * 3136; at < (from+1000)*3136; at += 4 {
			x = append(x, float64(math.Float32frombits(binary.LittleEndian.Uint32(images[at:]))))
		}
		layers, err := train.Layers(net, x)
		if err != nil {
			t.Fatal(err)
		}
		ours := layers[len(layers)-1].Values
		for i := range 1000 {
			mine, their := 0, 0
			row := make([]float64, 10)
			for j := range 10 {
				row[j] = float64(math.Float32frombits(binary.LittleEndian.Uint32(theirs[40*(from+i)+4*j:])))
				worst = max(worst, math.Abs(row[j]-ours[10*i+j]))
				if ours[10*i+j] > ours[10*i+mine] {
					mine = j
				}
				if row[j] > row[their] {
					their = j
				}
			}
			if mine != their {
				other++
			}
			if their == test.Labels[from+i] {
				right++
			}
		}
	}
	if other > 0 || !(worst <= 1e-4) || right < 8000 {
		t.Errorf("%d answers differ, logits by %g; %d right", other, worst, right)
	}
	t.Logf("logits differ by at most %.1e; %d of %d right", worst, right, test.Len())
}
