//go:build !loose

package train_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
)

// trainedBits are SHA-256 of weights, made with AVX2: after 6,000 images, for
// which LONG=1 asks, and after 320.
var trainedBits = map[string][2]string{
	"M": {"0c30e5c9e6ae545703cc4e552a1200d4d4c643d353cd16bd6968fba9bda90f86",
		"31d516c3f4666c6f1c7dcf6c6f81008d444176a9d4787a54aadbfe2021139c0b"},
	"C1": {"d2cbe8704962d441cf847eb330f54a4b8a8b05778db7fe83c84b2afa81e86a24",
		"7ea1edf0a3939449a0783f0f00dc4e3f4109f41d173da84c2706ef0cf58e263a"},
	"C2": {"88c48a13033d118c5f431d903593b4fca0efa54ae8bc9a7ca39c1c03d4388301",
		"12bff8a1b762879f97f3accb3cb27e81cbb4f84960037ce4a4d68a02d2e9b107"},
	"small": {"d436722ad66a984a1365ffaeaabf65aab1b98dbb722067e9cb5ee405fc4c7870",
		"200fcfbb7c06af3e226a60908b5459d242b90b1b7b020ec6ded6bb399cf3e952"},
	"M in float64": {"6c53d062e54d9ad99362a6dc76540573467847984e0a8f83e612e985efc0b00f",
		"4c3214d3bb01ec9d42c61687142ca724d52f87a08e7bbf8462c8273593b10af2"},
}

// Every processor trains to the same weights: with AVX-512, with AVX2 and by the
// twins in Go, on every platform, .ci/bits runs them.
func TestTrainedBits(t *testing.T) {
	size, images := 1, 320
	if os.Getenv("LONG") != "" && !testing.Short() {
		size, images = 0, 6000
	}
	set, _, err := mnist.First(images, 1)
	if err != nil {
		t.Fatal(err)
	}
	double := models.MLP(784, 128, 10)
	double.Dtype = tensor.Float64
	for name, spec := range map[string]models.Spec{"M": models.MLP(784, 128, 10), "C1": models.Tutorial(), "C2": models.LeNet(),
		"small": models.Small(), "M in float64": double} {
		t.Run(name, func(t *testing.T) {
			net, err := spec.New(models.NewRand(1))
			if err != nil {
				t.Fatal(err)
			}
			trainer, err := train.NewTrainer(net, set, train.Config{Epochs: 1, Rate: 0.02, Optimizer: train.Nesterov(0.9), Machine: train.OwnVM(2)})
			if err != nil {
				t.Fatal(err)
			}
			defer trainer.Close()
			if _, err := trainer.Epoch(context.Background()); err != nil {
				t.Fatal(err)
			}
			hash := sha256.New()
			for _, p := range net.Params {
				if err := binary.Write(hash, binary.LittleEndian, p.Data()); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := fmt.Sprintf("%x", hash.Sum(nil)), trainedBits[name][size]; got != want {
				t.Errorf("after %d images: weights of SHA-256 %s, want %s", images, got, want)
			}
		})
	}
}
