// Package pretrained is the network that classify and playground use when they
// are given no other. It tells ten digits apart, and an eleventh class: what is no
// digit. Command teach trained it on 55,000 images of MNIST and on drawings of
// package sketch, all of them moved, scaled, slanted and drawn with other pens;
// the epoch and the temperature of its certainty were chosen on 5,000 other images
// and on other drawings. `go generate ./cmd/internal/pretrained` trains it again,
// in a minute, to the same bits on any processor with AVX2.
package pretrained

import (
	"bytes"
	_ "embed"
	"fmt"

	"symgrad/models"
	"symgrad/train/checkpoint"
)

//go:generate go run ./teach digits.safetensors

//go:embed digits.safetensors
var digits []byte

// NoDigit is the class of what is no digit, which the built-in network knows.
const NoDigit = 10

// Load reads the network of a checkpoint, or the built-in one where path is
// empty. It must take images of 28x28 and tell ten digits apart, and perhaps what
// is none.
func Load(path string) (*models.Network, error) {
	if path == "" {
		net, _, err := checkpoint.Read(bytes.NewReader(digits))
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
	if size != 28*28 || net.Outputs() != 10 && net.Outputs() != NoDigit+1 {
		return nil, fmt.Errorf("%s: the network %s takes %v and gives %d numbers, want 28x28 pixels and 10 digits", path, net.Name, net.Input, net.Outputs())
	}
	return net, nil
}
