package vm_test

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// TestConvolutionsTogether: the values of graphs that tempt the machine.
func TestConvolutionsTogether(t *testing.T) { expressions(t, convolutions()) }

// convolutions are graphs of this project's convolutions that no stack of layers
// makes: each tempts the machine to fuse what does not belong together.
func convolutions() map[string]expression {
	must := G.Must
	conv := func(x, w *G.Node) *G.Node { return must(ops.Conv2D(x, w, [2]int{1, 1}, [2]int{})) }
	pool := func(x *G.Node) *G.Node { return must(ops.MaxPool(x, [2]int{2, 2}, [2]int{2, 2})) }
	mean := func(x *G.Node) *G.Node { return must(ops.MeanPool(x, [2]int{2, 2}, [2]int{2, 2})) }
	bias := func(x, b *G.Node) *G.Node { return must(ops.AddBias(x, b)) }
	x, w, v, b := normal(1, 3, 2, 8, 8), normal(2, 4, 2, 3, 3), normal(3, 4, 2, 3, 3), normal(4, 4)
	nodes := func(build func(p G.Nodes) G.Nodes, params ...array) expression {
		return expression{params: params, build: func(p G.Nodes) (G.Nodes, error) { return build(p), nil }}
	}
	grad := func(loss *G.Node, of ...*G.Node) G.Nodes {
		d, err := G.Grad(loss, of...)
		if err != nil {
			panic(err)
		}
		return d
	}
	asked := func(build func(p G.Nodes) G.Nodes, params ...array) expression { // for no more than this
		e := nodes(build, params...)
		e.flat = true
		return e
	}
	// The gradients of conv and of pool by hand, and the slope of tanh where it gave y.
	toFilters := func(x, d *G.Node) *G.Node {
		return must(G.ApplyOp(ops.Conv2DWeightGradOp{Stride: [2]int{1, 1}, Kernel: [2]int{3, 3}}, x, d))
	}
	unpool := func(y, d *G.Node) *G.Node {
		return must(G.ApplyOp(ops.MaxPoolGradOp{Pool: ops.Pool{Size: [2]int{2, 2}, Stride: [2]int{2, 2}}}, y, d))
	}
	slope := func(y, d *G.Node) *G.Node {
		return must(G.HadamardProd(must(G.Sub(constantLike(y, 1), must(G.HadamardProd(y, y)))), d))
	}
	return map[string]expression{
		"two of one input": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Add(conv(p[0], p[1]), conv(p[0], p[2])))}
		}, x, w, v),
		"three of one input, of more and of fewer maps": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Concat(1, conv(p[0], p[1]), conv(p[0], p[2]), conv(p[0], p[3])))}
		}, normal(1, 3, 2, 4, 4), w, normal(3, 5, 2, 3, 3), normal(4, 3, 2, 3, 3)),
		"two of one input, pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Add(pool(conv(p[0], p[1])), pool(conv(p[0], p[2]))))}
		}, x, w, v),
		"two of one input, added and pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{pool(must(G.Add(conv(p[0], p[1]), conv(p[0], p[2]))))}
		}, x, w, v),
		"one filter twice": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.HadamardProd(conv(p[0], p[2]), conv(p[1], p[2])))}
		}, x, normal(9, 3, 2, 8, 8), w),
		"one filter of two batches": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Sum(must(G.Reshape(must(G.Concat(0, conv(p[0], p[2]), conv(p[1], p[2]))), []int{5 * 4 * 36}))))}
		}, x, normal(9, 2, 2, 8, 8), w),
		"one filter twice in a row": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{conv(must(G.Tanh(conv(p[0], p[1]))), p[1])}
		}, x, normal(5, 2, 2, 3, 3)),
		"pooled twice": nodes(func(p G.Nodes) G.Nodes {
			y := bias(conv(p[0], p[1]), p[2])
			return G.Nodes{must(G.Add(pool(y), mean(y))), y}
		}, x, w, b),
		"activation and pool beside each other": nodes(func(p G.Nodes) G.Nodes {
			y := bias(conv(p[0], p[1]), p[2])
			return G.Nodes{must(G.HadamardProd(pool(y), mean(must(G.Rectify(y)))))}
		}, x, w, b),
		"two activations": nodes(func(p G.Nodes) G.Nodes {
			y := bias(conv(p[0], p[1]), p[2])
			return G.Nodes{must(G.Add(pool(must(G.Tanh(y))), pool(must(G.Sigmoid(y)))))}
		}, x, w, b),
		"two biases": nodes(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{pool(must(G.HadamardProd(bias(y, p[2]), bias(y, p[3]))))}
		}, x, w, b, normal(6, 4)),
		"one bias twice": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Add(pool(bias(conv(p[0], p[1]), p[3])), pool(bias(conv(p[0], p[2]), p[3]))))}
		}, x, w, v, b),
		"pool read twice": nodes(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Rectify(bias(conv(p[0], p[1]), p[2]))))
			return G.Nodes{must(G.HadamardProd(y, must(G.Tanh(y))))}
		}, x, w, b),
		"pooled maps read, then convolved": nodes(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Rectify(bias(conv(p[0], p[1]), p[2]))))
			return G.Nodes{pool(conv(y, p[3])), y}
		}, x, w, b, normal(7, 5, 4, 2, 2)),
		"pooled maps convolved twice": nodes(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Rectify(bias(conv(p[0], p[1]), p[2]))))
			return G.Nodes{must(G.Add(pool(conv(y, p[3])), pool(conv(y, p[4]))))}
		}, x, w, b, normal(7, 5, 4, 2, 2), normal(8, 5, 4, 2, 2)),
		"sum of a convolution": nodes(func(p G.Nodes) G.Nodes { return G.Nodes{must(G.Sum(conv(p[0], p[1])))} }, x, w),
		"sum of it with bias": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Sum(bias(conv(p[0], p[1]), p[2])))}
		}, x, w, b),
		"sum of it pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Sum(pool(bias(conv(p[0], p[1]), p[2]))))}
		}, x, w, b),
		"a stride that no kernel knows": nodes(func(p G.Nodes) G.Nodes {
			y := must(ops.Conv2D(p[0], p[1], [2]int{2, 3}, [2]int{1, 0}))
			return G.Nodes{must(G.Tanh(bias(y, p[2])))}
		}, x, w, b),
		"a pool that no kernel knows": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(ops.MaxPool(conv(p[0], p[1]), [2]int{17, 17}, [2]int{1, 1}))}
		}, normal(1, 1, 1, 20, 20), normal(2, 2, 1, 3, 3)),
		"a pool, and the gradient of another": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			other := must(ops.MaxPool(y, [2]int{2, 2}, [2]int{3, 3}))
			return append(grad(must(G.Sum(other)), p[1]), pool(y))
		}, x, w),
		"two of one input, multiplied": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.HadamardProd(conv(p[0], p[1]), conv(p[0], p[2])))}
		}, x, w, v),
		"two losses": asked(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Tanh(bias(conv(p[0], p[1]), p[2]))))
			return slices.Concat(grad(must(G.Sum(y)), p[1]), grad(must(G.Sum(must(G.Square(y)))), p[1]), G.Nodes{y})
		}, x, w, b),
		"the maximum's gradient and the mean's": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(bias(conv(p[0], p[1]), p[2])))
			return slices.Concat(grad(must(G.Sum(pool(y))), p[1]), grad(must(G.Sum(mean(y))), p[1]), G.Nodes{pool(y)})
		}, x, w, b),
		"the mean's gradient and the maximum's": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Sigmoid(bias(conv(p[0], p[1]), p[2])))
			return slices.Concat(grad(must(G.Sum(mean(y))), p[1]), grad(must(G.Sum(pool(y))), p[1]), G.Nodes{pool(y)})
		}, x, w, b),
		"the mean's gradient, and the maximum": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			return append(grad(must(G.Sum(mean(y))), p[1]), pool(y))
		}, x, w),
		"a sum of maxima, its gradient alone": asked(func(p G.Nodes) G.Nodes {
			return grad(must(G.Sum(pool(conv(p[0], p[1])))), p[1])
		}, x, w),
		"two pools": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			return G.Nodes{pool(y), must(ops.MaxPool(y, [2]int{3, 3}, [2]int{3, 3}))}
		}, x, w),
		"the bias's gradient alone": asked(func(p G.Nodes) G.Nodes {
			return grad(must(G.Sum(must(G.Square(pool(bias(conv(p[0], p[1]), p[2])))))), p[2])
		}, x, w, b),
		"the activation's gradient": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			grad(must(G.Sum(must(G.Square(pool(y))))), p[1])
			return G.Nodes{pool(y), must(G.Sum(y.Deriv()))}
		}, x, w),
		"the activation's gradient and the filters'": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			dw := grad(must(G.Sum(must(G.Square(pool(y))))), p[1])
			return append(dw, pool(y), must(G.Sum(y.Deriv())))
		}, x, w),
		"the activation's gradient and the mean's": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			grad(must(G.Sum(must(G.Square(pool(y))))), p[1])
			d := must(G.Sum(y.Deriv()))
			return append(grad(must(G.Sum(mean(y))), p[1]), pool(y), d)
		}, x, w),
		"the maps' gradient and the filters'": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			dw := grad(must(G.Sum(must(G.Square(pool(y))))), p[1])
			return append(dw, pool(y), must(G.Sum(y.Deriv())))
		}, x, w),
		"maps as another pool's gradient": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{pool(y), must(G.ApplyOp(ops.MaxPoolGradOp{Pool: ops.Pool{Size: [2]int{2, 2}, Stride: [2]int{2, 2}}}, p[2], y))}
		}, x, w, normal(10, 3, 4, 12, 12)),
		"sums of another pool's gradient by the maps": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{pool(y), must(G.ApplyOp(ops.BiasGradOp{Dims: 4}, unpool(p[2], y)))}
		}, x, w, normal(10, 3, 4, 12, 12)),
		"activated maps as their own gradient": asked(func(p G.Nodes) G.Nodes {
			y, same := must(G.Tanh(conv(p[0], p[1]))), ops.Pool{Size: [2]int{1, 1}, Stride: [2]int{1, 1}}
			d := slope(y, must(G.ApplyOp(ops.MaxPoolGradOp{Pool: same}, y, y)))
			return G.Nodes{must(ops.MaxPool(y, same.Size, same.Stride)), toFilters(p[0], d), must(G.ApplyOp(ops.BiasGradOp{Dims: 4}, d))}
		}, x, w),
		"maps as their own gradient": asked(func(p G.Nodes) G.Nodes {
			y, same := conv(p[0], p[1]), ops.Pool{Size: [2]int{1, 1}, Stride: [2]int{1, 1}}
			d := must(G.ApplyOp(ops.MaxPoolGradOp{Pool: same}, y, y))
			return G.Nodes{must(ops.MaxPool(y, same.Size, same.Stride)), must(G.ApplyOp(ops.Conv2DWeightGradOp{Stride: [2]int{1, 1}, Kernel: [2]int{3, 3}}, p[0], d))}
		}, x, w),
		"gradients of others like it": asked(func(p G.Nodes) G.Nodes {
			four := [2]int{4, 4}
			dw := func(op ops.Conv2DWeightGradOp, x *G.Node) *G.Node { return must(G.ApplyOp(op, x, p[2])) }
			dx := func(op ops.Conv2DInputGradOp, w *G.Node) *G.Node { return must(G.ApplyOp(op, w, p[2])) }
			return G.Nodes{
				must(ops.Conv2D(p[0], p[1], four, [2]int{})),
				dw(ops.Conv2DWeightGradOp{Stride: four, Kernel: [2]int{3, 3}}, p[0]),
				dw(ops.Conv2DWeightGradOp{Stride: [2]int{5, 4}, Kernel: [2]int{3, 3}}, p[0]),
				dw(ops.Conv2DWeightGradOp{Stride: four, Pad: [2]int{1, 0}, Kernel: [2]int{3, 3}}, p[0]),
				dw(ops.Conv2DWeightGradOp{Stride: four, Kernel: [2]int{3, 4}}, p[0]),
				dw(ops.Conv2DWeightGradOp{Stride: four, Kernel: [2]int{3, 3}}, p[3]),
				dx(ops.Conv2DInputGradOp{Stride: four, Image: [2]int{8, 8}}, p[1]),
				dx(ops.Conv2DInputGradOp{Stride: [2]int{5, 4}, Image: [2]int{8, 8}}, p[1]),
				dx(ops.Conv2DInputGradOp{Stride: four, Pad: [2]int{1, 0}, Image: [2]int{8, 8}}, p[1]),
				dx(ops.Conv2DInputGradOp{Stride: four, Image: [2]int{8, 7}}, p[1]),
				dx(ops.Conv2DInputGradOp{Stride: four, Image: [2]int{8, 8}}, p[4]),
			}
		}, x, w, normal(11, 3, 4, 2, 2), normal(12, 3, 2, 8, 8), v),
		"another's gradient through a pool": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			grad(must(G.Sum(must(G.Square(pool(y))))), p[1])
			return G.Nodes{pool(y), must(G.ApplyOp(ops.Conv2DWeightGradOp{Stride: [2]int{1, 1}, Kernel: [2]int{3, 3}}, p[2], y.Deriv()))}
		}, x, w, normal(12, 3, 2, 8, 8)),
		"the slope at the activation": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Sigmoid(conv(p[0], p[1])))
			d := must(G.HadamardProd(must(G.HadamardProd(must(G.Sigmoid(y)), must(G.Sigmoid(must(G.Neg(y)))))), unpool(y, p[2])))
			return G.Nodes{pool(y), toFilters(p[0], d)}
		}, x, w, normal(10, 3, 4, 3, 3)),
		"two gradients of a maximum": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{pool(y), toFilters(p[0], unpool(y, p[2])), toFilters(p[0], unpool(y, p[3]))}
		}, x, w, normal(10, 3, 4, 3, 3), normal(11, 3, 4, 3, 3)),
		"two gradients of an activated maximum": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			return G.Nodes{pool(y), toFilters(p[0], slope(y, unpool(y, p[2]))), toFilters(p[0], slope(y, unpool(y, p[3])))}
		}, x, w, normal(10, 3, 4, 3, 3), normal(11, 3, 4, 3, 3)),
		"the maximum's gradient, and another like the mean's": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			return G.Nodes{pool(y), toFilters(p[0], slope(y, unpool(y, p[2]))), toFilters(p[0], slope(y, p[3]))}
		}, x, w, normal(10, 3, 4, 3, 3), normal(11, 3, 4, 6, 6)),
		"another like the mean's, and the maximum's gradient": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			return G.Nodes{toFilters(p[0], slope(y, p[3])), toFilters(p[0], slope(y, unpool(y, p[2]))), pool(y)}
		}, x, w, normal(10, 3, 4, 3, 3), normal(11, 3, 4, 6, 6)),
		"the slope times another gradient": asked(func(p G.Nodes) G.Nodes {
			y := must(G.Tanh(conv(p[0], p[1])))
			return G.Nodes{pool(y), toFilters(p[0], slope(y, p[3])), must(G.Sum(unpool(y, p[2])))}
		}, x, w, normal(10, 3, 4, 3, 3), normal(11, 3, 4, 6, 6)),
		"the gradient by the images, through other filters": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{pool(y), must(G.ApplyOp(ops.Conv2DInputGradOp{Stride: [2]int{1, 1}, Image: [2]int{8, 8}}, p[3], unpool(y, p[2])))}
		}, x, w, normal(10, 3, 4, 3, 3), v),
		"images that hang on the bias's gradient": asked(func(p G.Nodes) G.Nodes {
			db := must(G.ApplyOp(ops.BiasGradOp{Dims: 4}, p[2]))
			x := must(G.HadamardProd(p[0], must(G.Sum(db))))
			return G.Nodes{conv(x, p[1]), toFilters(x, p[2]), db}
		}, x, w, normal(11, 3, 4, 6, 6)),
		"the gradient before the maximum": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			dw := toFilters(p[0], unpool(y, p[2]))
			return G.Nodes{dw, pool(y)}
		}, x, w, normal(10, 3, 4, 3, 3)),
		"the slope alone": asked(func(p G.Nodes) G.Nodes {
			return G.Nodes{toFilters(p[0], slope(must(G.Tanh(conv(p[0], p[1]))), p[2]))}
		}, x, w, normal(11, 3, 4, 6, 6)),
		"no gradient, before the maximum": asked(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{toFilters(p[0], must(G.Square(y))), pool(y)}
		}, x, w),
		"a sum of convolved maxima, the first filters' gradient alone": asked(func(p G.Nodes) G.Nodes {
			return grad(must(G.Sum(conv(pool(conv(p[0], p[1])), p[2]))), p[1])
		}, x, w, normal(7, 5, 4, 2, 2)),
		"something else than an activation, pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{pool(must(G.Square(conv(p[0], p[1]))))}
		}, x, w),
	}
}

// The gradient of one of two convolutions of one input, whose settings differ
// but whose shapes do not.
func TestGradientOfOneOfTwoConvolutions(t *testing.T) {
	must := G.Must
	for dtype, tolerance := range both {
		for what, first := range map[string]int{"the first": 0, "the second": 1} {
			check(t, dtype.String()+", "+what, func() (*sample, error) {
				e := expression{params: []array{normal(1, 2, 2, 3, 3), normal(2, 4, 2, 3, 3), normal(3, 4, 2, 3, 3)}, flat: true}
				e.build = func(p G.Nodes) (G.Nodes, error) {
					one := must(ops.Conv2D(p[0], p[1], [2]int{1, 1}, [2]int{}))
					two := must(ops.Conv2D(p[0], p[2], [2]int{3, 3}, [2]int{1, 1}))
					cost := must(G.Sum(must(G.Tanh(G.Nodes{one, two}[first]))))
					grads, err := G.Grad(cost, p[1+first])
					return G.Nodes{one, two, grads[0]}, err
				}
				return e.sample(dtype)
			}, tolerance)
		}
	}
}
