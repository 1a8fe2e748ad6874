package checkpoint

import (
	"errors"
	"fmt"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/checkpoint/safetensors"
)

// spec is models.Spec as it stands in a file.
type spec struct {
	Name   string  `json:"name"`
	Input  []int   `json:"input"`
	Layers []layer `json:"layers"`
	Loss   string  `json:"loss"`
	Init   string  `json:"init"`
	Dtype  string  `json:"dtype"`
	L2     float64 `json:"l2,omitempty"`
}

// layer is any layer: its type and the fields that this type has.
type layer struct {
	Type   string  `json:"type"` // dense, conv, max-pool, mean-pool, flatten, dropout or an activation's name
	Out    int     `json:"out,omitempty"`
	Maps   int     `json:"maps,omitempty"`
	Kernel int     `json:"kernel,omitempty"`
	Size   int     `json:"size,omitempty"`
	Stride int     `json:"stride,omitempty"`
	Same   bool    `json:"same,omitempty"`
	NoBias bool    `json:"no_bias,omitempty"`
	Drop   float64 `json:"drop,omitempty"`
	Slope  float64 `json:"slope,omitempty"`
}

func describe(s models.Spec) (spec, error) {
	out := spec{Name: s.Name, Input: s.Input, Loss: s.Loss.Name, Init: s.Init.Name, Dtype: s.Dtype.String(), L2: s.L2}
	if _, err := lossByName(s.Loss.Name); err != nil {
		return out, err
	}
	for i, l := range s.Layers {
		switch l := l.(type) {
		case models.Dense:
			out.Layers = append(out.Layers, layer{Type: "dense", Out: l.Out, NoBias: l.NoBias})
		case models.Conv2D:
			out.Layers = append(out.Layers, layer{Type: "conv", Maps: l.Maps, Kernel: l.Kernel, Stride: l.Stride, Same: l.Same, NoBias: l.NoBias})
		case models.MaxPool:
			out.Layers = append(out.Layers, layer{Type: "max-pool", Size: l.Size, Stride: l.Stride})
		case models.MeanPool:
			out.Layers = append(out.Layers, layer{Type: "mean-pool", Size: l.Size, Stride: l.Stride})
		case models.Flatten:
			out.Layers = append(out.Layers, layer{Type: "flatten"})
		case models.Dropout:
			out.Layers = append(out.Layers, layer{Type: "dropout", Drop: l.Drop})
		case models.Activation:
			if l.Own() {
				return out, fmt.Errorf("layer %d is the activation %v, which a file cannot describe", i+1, l)
			}
			out.Layers = append(out.Layers, layer{Type: l.Name, Slope: l.Slope})
		default:
			return out, fmt.Errorf("layer %d is a %T, which a file cannot describe", i+1, l)
		}
	}
	return out, nil
}

func (s spec) spec() (models.Spec, error) {
	out := models.Spec{Name: s.Name, Input: s.Input, L2: s.L2}
	dtypes := map[string]tensor.Dtype{tensor.Float32.String(): tensor.Float32, tensor.Float64.String(): tensor.Float64}
	var known bool
	if out.Dtype, known = dtypes[s.Dtype]; !known {
		return out, fmt.Errorf("dtype %.100q, want float32 or float64", s.Dtype)
	}
	var err error
	if out.Loss, err = lossByName(s.Loss); err != nil {
		return out, err
	}
	if len(s.Layers) > deepest {
		return out, fmt.Errorf("the architecture has %d layers, at most %d are read", len(s.Layers), deepest)
	}
	for i, l := range s.Layers {
		built, err := l.layer()
		if err != nil {
			return out, fmt.Errorf("layer %d: %w", i+1, err)
		}
		out.Layers = append(out.Layers, built)
	}
	return out, nil
}

func (l layer) layer() (models.Layer, error) {
	switch l.Type {
	case "dense":
		return models.Dense{Out: l.Out, NoBias: l.NoBias}, nil
	case "conv":
		return models.Conv2D{Maps: l.Maps, Kernel: l.Kernel, Stride: l.Stride, Same: l.Same, NoBias: l.NoBias}, nil
	case "max-pool":
		return models.MaxPool{Size: l.Size, Stride: l.Stride}, nil
	case "mean-pool":
		return models.MeanPool{Size: l.Size, Stride: l.Stride}, nil
	case "flatten":
		return models.Flatten{}, nil
	case "dropout":
		return models.Dropout{Drop: l.Drop}, nil
	}
	for _, a := range append(models.Activations(), models.Softmax()) {
		if a.Name == l.Type {
			a.Slope = l.Slope
			return a, nil
		}
	}
	return nil, fmt.Errorf("no layer of type %.100q", l.Type)
}

func lossByName(name string) (models.Loss, error) {
	for _, l := range []models.Loss{models.SoftmaxCrossEntropy(), models.HalfSquaredError()} {
		if l.Name == name {
			return l, nil
		}
	}
	return models.Loss{}, fmt.Errorf("no loss %.100q", name)
}

// Bounds of the layers, and of the numbers in the outputs of all layers for one
// example, so that an invented architecture cannot ask for all memory.
const (
	deepest = 256
	largest = 1 << 24
)

// build makes the network that a file describes, its weights still zero, once
// the file is seen to hold a tensor for every weight.
func (s spec) build(f *safetensors.File) (*models.Network, error) {
	desc, err := s.spec()
	if err != nil {
		return nil, err
	}
	if len(desc.Layers) == 0 || len(desc.Input) == 0 {
		return nil, errors.New("the architecture has no layers or no input")
	}
	shape, count, left := desc.Input, map[string]int{}, largest
	for i, l := range desc.Layers {
		n, err := size(shape, left)
		if err != nil {
			return nil, fmt.Errorf("layer %d, %v: %w", i+1, l, err)
		}
		left -= n
		out, err := l.Shape(shape)
		if err != nil {
			return nil, fmt.Errorf("layer %d, %v: %w", i+1, l, err)
		}
		count[l.Kind()]++
		for _, w := range l.Weights(shape) {
			at := layoutOf(l, fmt.Sprintf("%s%d.%s", l.Kind(), count[l.Kind()], w.Suffix), w.Shape, desc.Dtype)
			t := f.Tensor(at.name)
			if t == nil {
				return nil, fmt.Errorf("tensor %s is missing", at.name)
			}
			if err := at.check(t); err != nil {
				return nil, err
			}
		}
		shape = out
	}
	if _, err := size(shape, left); err != nil {
		return nil, err
	}
	desc.Init = models.Zeros()
	net, err := desc.New(models.NewRand(0))
	if err != nil {
		return nil, err
	}
	if net.Init, err = models.InitByName(s.Init); err != nil { // a strategy with constants of its own: only its name is known
		net.Init = models.Zeros()
		net.Init.Name = s.Init
	}
	return net, nil
}

// size is how many numbers a shape has, of at most so many.
func size(shape []int, most int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 1 || n > most/d {
			return 0, fmt.Errorf("shape %v: want positive sizes, and at most %d numbers in all layers", shape, largest)
		}
		n *= d
	}
	return n, nil
}
