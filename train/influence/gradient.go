package influence

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
)

// gradient is that of one example's loss, by layer.
type gradient struct{ layers []*layer }

// layer is the part of a gradient that belongs to one layer's weights.
type layer struct {
	bias bool

	// Of a dense layer, the factors of an outer product.
	input, slope []float32
	exactInput   []float64 // the same where the network is in float64
	exactSlope   []float64

	// Of a convolution, dloss/dweight, then dloss/dbias.
	conv         *correlation
	weights      []float32
	exactWeights []float64
}

func newGradient(net *models.Network, g *models.FactorGraph) (*gradient, error) {
	out := &gradient{}
	for k, i := range g.Of {
		switch l := net.Layers[i].(type) {
		case models.Dense:
			out.layers = append(out.layers, &layer{bias: !l.NoBias})
		case models.Conv2D:
			c, err := newCorrelation(l, g.Inputs[k].Shape(), g.Slopes[k].Shape())
			if err != nil {
				return nil, err
			}
			out.layers = append(out.layers, &layer{bias: !l.NoBias, conv: c})
			if net.Dtype == tensor.Float64 {
				out.layers[k].exactWeights = make([]float64, c.numbers())
			} else {
				out.layers[k].weights = make([]float32, c.numbers())
			}
		default:
			return nil, fmt.Errorf("influence: the gradient of an example by the weights of %s (%v) is not known", net.LayerNames()[i], l)
		}
	}
	return out, nil
}

// scratch is what read works in, by layer.
func (g *gradient) scratch() (by [][]float32) {
	for _, l := range g.layers {
		if by = append(by, nil); l.conv != nil {
			by[len(by)-1] = l.conv.scratch()
		}
	}
	return by
}

// read takes example k of a batch from a machine.
func (g *gradient) read(m train.Machine, graph *models.FactorGraph, k int, scratch [][]float32) {
	for i, l := range g.layers {
		switch in := m.Value(graph.Inputs[i]).Data().(type) {
		case []float32:
			slope := m.Value(graph.Slopes[i]).Data().([]float32)
			l.input, l.slope = part(in, k, graph.Batch), part(slope, k, graph.Batch)
			if l.conv != nil {
				l.conv.single(l.input, l.slope, l.weights, scratch[i])
			}
		case []float64:
			slope := m.Value(graph.Slopes[i]).Data().([]float64)
			l.exactInput, l.exactSlope = part(in, k, graph.Batch), part(slope, k, graph.Batch)
			if l.conv != nil {
				l.conv.double(l.exactInput, l.exactSlope, l.exactWeights)
			}
		}
	}
}

func part[F float32 | float64](all []F, k, of int) []F {
	n := len(all) / of
	return all[k*n : (k+1)*n]
}

// dot is the product of two gradients: of dense layers, without writing them down,
//
//	sum over i, j of (x_i s_j) (x'_i s'_j) = (x . x') (s . s')
//
// and of their biases s . s'.
func (g *gradient) dot(other *gradient) (sum float64) {
	for i, l := range g.layers {
		o := other.layers[i]
		if l.conv != nil {
			skip := 0
			if !l.bias {
				skip = l.conv.Maps
			}
			sum += product(butLast(l.weights, skip), butLast(o.weights, skip))
			sum += product(butLast(l.exactWeights, skip), butLast(o.exactWeights, skip))
			continue
		}
		inputs := product(l.input, o.input) + product(l.exactInput, o.exactInput)
		if l.bias {
			inputs++
		}
		sum += inputs * (product(l.slope, o.slope) + product(l.exactSlope, o.exactSlope))
	}
	return sum
}

func (g *gradient) clone() *gradient {
	out := &gradient{}
	for _, l := range g.layers {
		c := *l
		c.input, c.slope, c.weights = slices.Clone(l.input), slices.Clone(l.slope), slices.Clone(l.weights)
		c.exactInput, c.exactSlope, c.exactWeights = slices.Clone(l.exactInput), slices.Clone(l.exactSlope), slices.Clone(l.exactWeights)
		out.layers = append(out.layers, &c)
	}
	return out
}

func butLast[F float32 | float64](all []F, n int) []F { return all[:max(len(all)-n, 0)] }

// product adds up in four sums, which do not wait for each other.
func product[F float32 | float64](a, b []F) float64 {
	var s [4]float64
	k := 0
	for ; k+4 <= len(a); k += 4 {
		x, y := a[k:k+4:k+4], b[k:k+4:k+4]
		s[0] += float64(x[0]) * float64(y[0])
		s[1] += float64(x[1]) * float64(y[1])
		s[2] += float64(x[2]) * float64(y[2])
		s[3] += float64(x[3]) * float64(y[3])
	}
	for ; k < len(a); k++ {
		s[0] += float64(a[k]) * float64(b[k])
	}
	return s[0] + s[1] + s[2] + s[3]
}
