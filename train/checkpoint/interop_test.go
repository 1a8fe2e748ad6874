//go:build interop

package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// These tests ask PyTorch (Debian: python3-torch), and run under the tag interop.

func specs() map[string]models.Spec {
	return map[string]models.Spec{"tutorial": models.Tutorial(), "lenet": models.LeNet(), "mlp": models.MLP(784, 128, 10)}
}

func torch(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", append([]string{"testdata/torch_net.py"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// float32s writes numbers for PyTorch, and readLogits what it answers.
func float32s(t *testing.T, path string, numbers []float64) {
	var b bytes.Buffer
	for _, v := range numbers {
		b.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(v))))
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readLogits(t *testing.T, path string) (logits []float64) {
	file := must(os.ReadFile(path))
	for at := 0; at+4 <= len(file); at += 4 {
		logits = append(logits, float64(math.Float32frombits(binary.LittleEndian.Uint32(file[at:]))))
	}
	return logits
}

func pixels(set *data.Set) []float64 {
	x, all := make([]float64, set.Len()*set.Size()), make([]int, set.Len())
	for i := range all {
		all[i] = i
	}
	data.Gather(set, all, x, nil)
	return x
}

func logitsOf(net *models.Network, x []float64) []float64 {
	layers := must(train.Layers(net, x))
	return layers[len(layers)-1].Values
}

// same compares logits: differences relative to the largest.
func same(t *testing.T, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("%d logits, want %d", len(got), len(want))
	}
	largest, worst := 0.0, 0.0
	for i := range got {
		largest, worst = max(largest, math.Abs(want[i])), max(worst, math.Abs(got[i]-want[i]))
	}
	if !(worst <= tolerance*largest) {
		t.Errorf("logits differ by %g, the largest is %g", worst, largest)
	}
	t.Logf("logits differ by at most %.1e of the largest", worst/largest)
}

// PyTorch opens a checkpoint and gets the same logits.
func TestPyTorchReadsCheckpoints(t *testing.T) {
	training, test, err := mnist.Load()
	if err != nil {
		t.Fatal(err)
	}
	x := pixels(test.Head(200))
	for name, spec := range specs() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			images, weights, logits := filepath.Join(dir, "images"), filepath.Join(dir, "net.safetensors"), filepath.Join(dir, "logits")
			net := must(spec.New(models.NewRand(1)))
			trainer := must(train.NewTrainer(net, training.Head(2000), train.Config{Batch: 32, Rate: 0.02, Optimizer: train.Nesterov(0.9)}))
			defer trainer.Close()
			for range 100 {
				must(trainer.Step())
			}
			if err := checkpoint.Save(weights, net, checkpoint.Meta{Progress: trainer.Progress()}); err != nil {
				t.Fatal(err)
			}
			float32s(t, images, x)
			torch(t, "forward", name, weights, images, logits)
			same(t, logitsOf(net, x), readLogits(t, logits), 1e-5)
		})
	}
}

// Weights trained in PyTorch give the same logits and the same accuracy here.
func TestWeightsOfPyTorch(t *testing.T) {
	training, _, err := mnist.Load()
	if err != nil {
		t.Fatal(err)
	}
	set := training.Head(2000)
	x := pixels(set)
	for name, spec := range specs() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			images, labels, weights, logits := filepath.Join(dir, "images"), filepath.Join(dir, "labels"), filepath.Join(dir, "net.safetensors"), filepath.Join(dir, "logits")
			float32s(t, images, x)
			if err := os.WriteFile(labels, bytesOf(set.Labels), 0o644); err != nil {
				t.Fatal(err)
			}
			torch(t, "train", name, images, labels, weights, logits)
			net := must(spec.New(models.NewRand(1)))
			if err := checkpoint.LoadWeights(net, weights); err != nil {
				t.Fatal(err)
			}
			want := readLogits(t, logits)
			same(t, logitsOf(net, x), want, 1e-5)
			right := 0
			for i, l := range set.Labels {
				row := want[10*i : 10*i+10]
				best := 0
				for j, v := range row {
					if v > row[best] {
						best = j
					}
				}
				if best == int(l) {
					right++
				}
			}
			result := must(train.Evaluate(t.Context(), net, set))
			if got := int(math.Round(result.Accuracy * float64(set.Len()))); got != right || right < 1000 {
				t.Errorf("%d right, PyTorch has %d", got, right)
			}
			t.Logf("%d of %d right", right, set.Len())
		})
	}
}

func bytesOf(labels []int) []byte {
	out := make([]byte, len(labels))
	for i, l := range labels {
		out[i] = byte(l)
	}
	return out
}
