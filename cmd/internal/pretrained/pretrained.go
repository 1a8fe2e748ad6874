// Package pretrained is the network that classify and playground use when they
// are given no other: models.Small, trained by
//
//	go run ./cmd/train-cnn -net small -epochs 10 -q -out out/small
//
// on 55,000 images of MNIST with seed 1, after the epoch that did best on the
// 5,000 others; its weights alone. `go generate ./cmd/internal/pretrained`
// trains it again, to the same bits on any processor with AVX2.
package pretrained

import (
	"bytes"
	_ "embed"
	"fmt"

	"symgrad/models"
	"symgrad/train/checkpoint"
)

//go:generate go run ../../train-cnn -net small -epochs 10 -q -force -out ../../../out/small
//go:generate go run ./strip ../../../out/small/best.safetensors small.safetensors

//go:embed small.safetensors
var small []byte

// Load reads the network of a checkpoint, or the built-in one where path is
// empty. It must take images of 28x28 and tell ten digits apart.
func Load(path string) (*models.Network, error) {
	if path == "" {
		net, _, err := checkpoint.Read(bytes.NewReader(small))
		return net, err
	}
	net, _, err := checkpoint.Load(path)
	if err != nil {
		return nil, err
	}
	size := 1
	for _, d := range net.Input {
		size *= d
	}
	if size != 28*28 || net.Outputs() != 10 {
		return nil, fmt.Errorf("%s: the network %s takes %v and gives %d numbers, want 28x28 pixels and 10 digits", path, net.Name, net.Input, net.Outputs())
	}
	return net, nil
}
