package influence

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train"
)

// gradient is that of one example's loss, by layer.
type gradient[F float32 | float64] []layer[F]

// layer is the part of a gradient that belongs to one layer's weights.
type layer[F float32 | float64] struct {
	bias bool

	input, slope []F // of a dense layer, the factors of an outer product
	each         []F // of a convolution: a map's filter and bias after each other
	row          int // of these
}

// gradientsOf are the gradients of a batch's examples, where they are in the
// machine: the next run overwrites them.
func gradientsOf[F float32 | float64](net *models.Network, g *models.FactorGraph, m train.Machine) ([]gradient[F], error) {
	all := make([]gradient[F], g.Batch)
	numbers := func(n *G.Node) []F { return m.Value(n).Data().([]F) }
	for _, f := range g.Factors {
		switch of := net.Layers[f.Layer].(type) {
		case models.Dense:
			input, slope := numbers(f.Input), numbers(f.Slope)
			for k := range all {
				all[k] = append(all[k], layer[F]{bias: !of.NoBias, input: part(input, k, g.Batch), slope: part(slope, k, g.Batch)})
			}
		case models.Conv2D:
			each := numbers(f.Each)
			for k := range all {
				all[k] = append(all[k], layer[F]{bias: !of.NoBias, each: part(each, k, g.Batch), row: len(each) / g.Batch / of.Maps})
			}
		default:
			return nil, fmt.Errorf("influence: the gradient of an example by the weights of %s (%v) is not known", net.LayerNames()[f.Layer], of)
		}
	}
	return all, nil
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
func (g gradient[F]) dot(other gradient[F]) (sum float64) {
	for i, l := range g {
		o := other[i]
		if l.row > 0 {
			sum += l.rows(o)
			continue
		}
		inputs := product(l.input, o.input)
		if l.bias {
			inputs++
		}
		sum += inputs * product(l.slope, o.slope)
	}
	return sum
}

// rows is dot of a convolution, without the biases where it has none.
func (l layer[F]) rows(o layer[F]) (sum float64) {
	if l.bias {
		return product(l.each, o.each)
	}
	for at := 0; at < len(l.each); at += l.row {
		sum += product(l.each[at:at+l.row-1], o.each[at:])
	}
	return sum
}

func (g gradient[F]) clone() (out gradient[F]) {
	for _, l := range g {
		l.input, l.slope, l.each = slices.Clone(l.input), slices.Clone(l.slope), slices.Clone(l.each)
		out = append(out, l)
	}
	return out
}

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
