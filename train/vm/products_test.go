package vm_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestProducts(t *testing.T) {
	table := map[string]expression{
		"matrix and vector":   of2(G.Mul, normal(1, 4, 6), normal(2, 6)),
		"two vectors":         of2(G.Mul, normal(1, 6), normal(2, 6)),
		"batched":             of2(func(x, y *G.Node) (*G.Node, error) { return G.BatchedMatMul(x, y) }, normal(1, 3, 4, 5), normal(2, 3, 5, 2)),
		"two at once":         of2(func(x, y *G.Node) (*G.Node, error) { return G.BatchedMatMul(x, y) }, normal(1, 2, 4, 5), normal(2, 2, 5, 2)),
		"with itself":         of(func(x *G.Node) (*G.Node, error) { return G.Mul(x, x) }, normal(1, 5, 5)),
		"with its transpose":  of(func(x *G.Node) (*G.Node, error) { return G.Mul(x, G.Must(G.Transpose(x, 1, 0))) }, normal(1, 4, 6)),
		"three in a row":      one(func(p G.Nodes) (*G.Node, error) { return G.Mul(G.Must(G.Mul(p[0], p[1])), p[2]) }, normal(1, 3, 4), normal(2, 4, 5), normal(3, 5, 2)),
		"with bias":           one(layer(nil), normal(1, 5, 4), normal(2, 4, 3), normal(3, 3)),
		"with bias, rectify":  one(layer(G.Rectify), normal(1, 5, 4), normal(2, 4, 3), normal(3, 3)),
		"with bias, sigmoid":  one(layer(G.Sigmoid), normal(1, 5, 4), normal(2, 4, 3), normal(3, 3)),
		"with bias, tanh":     one(layer(G.Tanh), normal(1, 5, 4), normal(2, 4, 3), normal(3, 3)),
		"with bias, softplus": one(layer(G.Softplus), normal(1, 5, 4), normal(2, 4, 3), normal(3, 3)),
	}
	for _, s := range [][3]int{{1, 1, 1}, {1, 3, 1}, {4, 3, 1}, {7, 1, 5}, {1, 20, 33}, {17, 16, 15}, {64, 50, 10}, {210, 33, 40}, {65, 130, 70}} {
		table[fmt.Sprintf("%dx%d by %dx%d", s[0], s[1], s[1], s[2])] = of2(G.Mul, normal(1, s[0], s[1]), normal(2, s[1], s[2]))
	}
	expressions(t, table)
}

// layer is x W + b with an activation.
func layer(act func(*G.Node) (*G.Node, error)) func(p G.Nodes) (*G.Node, error) {
	return func(p G.Nodes) (*G.Node, error) {
		y, err := G.BroadcastAdd(G.Must(G.Mul(p[0], p[1])), p[2], nil, []byte{0})
		if err != nil || act == nil {
			return y, err
		}
		return act(y)
	}
}

// Gorgonia's own convolution and pooling run through their own Do.
func TestStockConvolution(t *testing.T) {
	conv := func(pad, stride int, kernel ...int) func(x, w *G.Node) (*G.Node, error) {
		return func(x, w *G.Node) (*G.Node, error) {
			return G.Conv2d(x, w, tensor.Shape(kernel), []int{pad, pad}, []int{stride, stride}, []int{1, 1})
		}
	}
	pool := func(x *G.Node) (*G.Node, error) {
		return G.MaxPool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2})
	}
	expressions(t, map[string]expression{
		"convolution":         of2(conv(0, 1, 3, 3), normal(1, 2, 3, 7, 6), normal(2, 4, 3, 3, 3)),
		"padded, stride 2":    of2(conv(1, 2, 3, 3), normal(1, 2, 3, 7, 6), normal(2, 4, 3, 3, 3)),
		"one image":           of2(conv(0, 1, 2, 3), normal(1, 1, 1, 5, 5), normal(2, 2, 1, 2, 3)),
		"max-pool":            of(pool, normal(1, 2, 3, 6, 6)),
		"convolution, pooled": of2(func(x, w *G.Node) (*G.Node, error) { return pool(G.Must(G.Rectify(G.Must(conv(1, 1, 3, 3)(x, w))))) }, normal(1, 2, 1, 6, 6), normal(2, 3, 1, 3, 3)),
		"im2col": of(func(x *G.Node) (*G.Node, error) {
			return G.Im2Col(x, tensor.Shape{3, 3}, tensor.Shape{0, 0}, tensor.Shape{1, 1}, tensor.Shape{1, 1})
		}, normal(1, 2, 3, 6, 5)),
	})
}
