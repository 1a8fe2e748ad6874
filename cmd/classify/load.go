package main

import (
	"context"
	"fmt"
	"io"

	"gorgonia.org/tensor"

	"symgrad/cmd/internal/pretrained"
	"symgrad/data/digit"
	"symgrad/data/imagefile"
	"symgrad/models"
	"symgrad/train/checkpoint"
)

// eye turns a picture's file into the numbers that a network takes.
type eye func(ctx context.Context, file io.Reader, name string) (digit.Drawing, error)

// load reads the network of a checkpoint, or the built-in one, and tells how it
// sees and what its classes are called. One that was trained on pictures sees
// them as they were in training; the others see digits.
func load(path string) (*models.Network, eye, []string, error) {
	if path != "" {
		net, meta, err := checkpoint.Load(path)
		if err != nil {
			return nil, nil, nil, err
		}
		if d := meta.Data; d.Classes != nil {
			see, err := eyeFor(d.Shape, net.Input)
			if err == nil && len(d.Classes) != net.Outputs() {
				err = fmt.Errorf("%d names for %d classes", len(d.Classes), net.Outputs())
			}
			if err != nil {
				return nil, nil, nil, fmt.Errorf("%s: %w", path, err)
			}
			return net, see, d.Classes, nil
		}
	}
	net, err := pretrained.Load(path)
	return net, func(ctx context.Context, file io.Reader, name string) (digit.Drawing, error) {
		return digit.Read(ctx, file, name, imagefile.Limits{})
	}, nil, err
}

// eyeFor scales pictures to a shape of one or three channels, as package folder
// does. The network's input, which may be flat, must take as many numbers.
func eyeFor(shape, input []int) (eye, error) {
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 || min(shape[1], shape[2]) < 1 || max(shape[1], shape[2]) > 1<<13 {
		return nil, fmt.Errorf("it was trained on examples of %v, want pictures of 1 or 3 channels", shape)
	}
	if shape[0]*shape[1]*shape[2] != tensor.Shape(input).TotalSize() {
		return nil, fmt.Errorf("it was trained on examples of %v, but its network takes %v", shape, input)
	}
	return func(ctx context.Context, file io.Reader, name string) (digit.Drawing, error) {
		img, err := imagefile.Read(ctx, file, name, imagefile.Limits{})
		if err != nil {
			return digit.Drawing{}, err
		}
		planes := imagefile.Planes(img, shape[1], shape[2])
		if shape[0] == 1 {
			planes = imagefile.Luminance(planes)
		}
		out := make([]float64, len(planes))
		for i, b := range planes {
			out[i] = float64(b) / 255
		}
		return digit.Drawing{Pixels: out}, nil
	}, nil
}
