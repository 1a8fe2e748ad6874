// Package formula shows what a graph computes: its nodes as LaTeX, and the whole
// graph, gradient included, as a drawing.
//
// Nothing here knows how a gradient should look: the formulas are read off the
// nodes that gorgonia.Grad made, factors of one and scalars folded. The
// neuron's comes out as the tutorial's error-weighted derivative,
//
//	X^T ((A - Y) . A . (1 - A))
//
// In the formulas a dot in a circle is the product element by element, a star
// the cross-correlation that networks call convolution, an asterisk the same
// with a flipped kernel, B the number of examples, 1[...] one where the
// condition holds and zero elsewhere.
package formula
