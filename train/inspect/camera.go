package inspect

import (
	"fmt"
	"slices"

	"symgrad/models"
	"symgrad/train"
)

// Camera says where in a picture a network saw an answer. It is not safe for
// concurrent use.
type Camera struct {
	*slopes
	layer string // whose maps they are
}

// Heat is where in a picture something speaks for an output.
type Heat struct {
	Chosen  int       // the output
	Layer   string    // the layer whose maps are weighed
	Weights []float64 // of the maps
	Shape   [2]int    // height and width of a map
	Map     []float64 // the weighed maps' sum where above zero, in a map's shape
	Picture []float64 // Map, in the picture's height and width
}

// NewCamera builds the graph; machine nil means train.OwnVM(0). A network without
// a convolution is an error.
func NewCamera(net *models.Network, machine train.Backend) (*Camera, error) {
	layer, err := lastMaps(net)
	if err != nil {
		return nil, err
	}
	g, err := net.LayerSaliency(1, layer)
	if err != nil {
		return nil, err
	}
	s, err := newSlopes(g, machine, g.Of)
	if err != nil {
		return nil, err
	}
	return &Camera{s, net.LayerNames()[layer]}, nil
}

// lastMaps is the last convolution, or the activation right behind it.
func lastMaps(net *models.Network) (layer int, err error) {
	layer = -1
	for i, l := range net.Layers {
		switch l.(type) {
		case models.Conv2D:
			layer = i
		case models.Activation:
			if i > 0 && layer == i-1 {
				layer = i
			}
		}
	}
	if layer < 0 {
		return 0, fmt.Errorf("inspect: %s has no convolution, whose maps Grad-CAM weighs", net.Name)
	}
	return layer, nil
}

// At weighs the maps of the last convolution, behind its activation, with the
// means of the slope of an output, or of the [Answer]:
//
//	weight[k] = mean over i, j of doutput/dmap[k][i][j],  Map = relu(sum over k of weight[k] map[k])
//
// Grad-CAM: Selvaraju et al., "Grad-CAM: visual explanations from deep networks
// via gradient-based localization" (2017), equations 1 and 2. Picture is Map,
// enlarged by bilinear interpolation.
func (c *Camera) At(input []float64, class int) (Heat, error) {
	chosen, err := c.at(input, class)
	if err != nil {
		return Heat{}, err
	}
	maps, slope := c.read(c.graph.Of), c.read(c.graph.Slope)
	shape := c.graph.Of.Shape() // (1, maps, height, width)
	area := shape[2] * shape[3]
	h := Heat{Chosen: chosen, Layer: c.layer, Shape: [2]int{shape[2], shape[3]}, Map: make([]float64, area)}
	for k := range shape[1] {
		sum := 0.0
		for _, s := range slope[k*area : (k+1)*area] {
			sum += s
		}
		h.Weights = append(h.Weights, sum/float64(area))
		for p, v := range maps[k*area : (k+1)*area] {
			h.Map[p] += h.Weights[k] * v
		}
	}
	for p, v := range h.Map {
		h.Map[p] = max(v, 0)
	}
	picture := c.graph.Input.Shape()
	h.Picture = enlarged(h.Map, shape[2], shape[3], picture[2], picture[3])
	return h, finite("the maps or their slopes", slices.Concat(h.Weights, h.Map))
}

// enlarged scales a map by bilinear interpolation, so that its edges are the
// picture's.
func enlarged(values []float64, height, width, toHeight, toWidth int) []float64 {
	out := make([]float64, 0, toHeight*toWidth)
	for y := range toHeight {
		up, down, dy := between(y, toHeight, height)
		for x := range toWidth {
			left, right, dx := between(x, toWidth, width)
			above := values[up*width+left]*(1-dx) + values[up*width+right]*dx
			below := values[down*width+left]*(1-dx) + values[down*width+right]*dx
			out = append(out, above*(1-dy)+below*dy)
		}
	}
	return out
}

// between says which two of n places the middle of pixel i of many lies between,
// and how near to the second.
func between(i, many, n int) (first, second int, share float64) {
	at := clip((float64(i)+0.5)*float64(n)/float64(many)-0.5, 0, float64(n-1))
	first = int(at)
	return first, min(first+1, n-1), at - float64(first)
}
