package gradcheck

import (
	"fmt"

	"symgrad/models"
	"symgrad/models/reference"
)

// Reference is the hand-written twin of a network, with a copy of its weights.
// masks are the values of its dropout layers, in order; without them dropout is
// left out, as in evaluation.
func Reference(net *models.Network, masks ...[]float64) (*reference.Network, error) {
	r := &reference.Network{L2: net.L2}
	switch net.Loss.Name {
	case models.SoftmaxCrossEntropy().Name:
		r.Loss = reference.SoftmaxCrossEntropy
	case models.HalfSquaredError().Name:
		r.Loss = reference.HalfSquaredError
	default:
		return nil, fmt.Errorf("gradcheck: no hand-written twin of the loss %s", net.Loss.Name)
	}
	for i, l := range net.Layers {
		in := net.LayerInput(i)
		switch l := l.(type) {
		case models.Dense:
			r.Layers = append(r.Layers, reference.NewDense(in[0], l.Out, !l.NoBias))
		case models.Conv2D:
			w := reference.Window{H: in[1], W: in[2], KH: l.Kernel, KW: l.Kernel, Stride: max(l.Stride, 1), Pad: l.Pad()}
			r.Layers = append(r.Layers, reference.NewConv2D(in[0], l.Maps, w, !l.NoBias))
		case models.MaxPool:
			r.Layers = append(r.Layers, pool(in, l.Size, l.Stride, false))
		case models.MeanPool:
			r.Layers = append(r.Layers, pool(in, l.Size, l.Stride, true))
		case models.Flatten:
			r.Layers = append(r.Layers, &reference.Pointwise{Kind: "flatten"})
		case models.Dropout:
			if l.Drop > 0 && len(masks) > 0 {
				r.Layers = append(r.Layers, &reference.Pointwise{Kind: "dropout", Mask: masks[0]})
				masks = masks[1:]
			}
		case models.Activation:
			if l.Own() {
				return nil, fmt.Errorf("gradcheck: no hand-written twin of the activation %v", l)
			}
			kind := l.Name
			if kind == "relu" {
				kind = "leaky-relu"
			}
			r.Layers = append(r.Layers, &reference.Pointwise{Kind: kind, Slope: l.Slope, Row: in[0]})
		default:
			return nil, fmt.Errorf("gradcheck: no hand-written twin of the layer %v", l)
		}
	}
	params := r.Params()
	if len(params) != len(net.Params) {
		return nil, fmt.Errorf("gradcheck: the hand-written twin has %d parameters, the network %d", len(params), len(net.Params))
	}
	for i, p := range params {
		values := net.Params[i].Float64s()
		if len(values) != len(p.Value) {
			return nil, fmt.Errorf("gradcheck: parameter %s has %d numbers, its twin %d", net.Params[i].Name, len(values), len(p.Value))
		}
		p.Bias = net.Params[i].Bias
		copy(p.Value, values)
	}
	return r, nil
}

func pool(in []int, size, stride int, mean bool) *reference.Pool {
	if stride == 0 {
		stride = size
	}
	return &reference.Pool{Channels: in[0], Window: reference.Window{H: in[1], W: in[2], KH: size, KW: size, Stride: stride}, Mean: mean}
}
