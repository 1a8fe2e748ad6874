// Package repair differentiates Gorgonia's graphs rightly, as often as wanted.
//
// Two things are wrong in Gorgonia 0.9.18. Some operators have a wrong derivative
// or none, first of all those that only occur in gradients. And gorgonia.Grad
// passes over every node that an earlier Grad has seen, so that a second
// derivative in the same graph is silently wrong whatever the operators are: the
// second derivative of the sum of x^3 comes out as 3x.
//
// [Grad] takes the place of gorgonia.Grad: it has the right derivatives, passes
// over nothing, and may be called on what it gave. [Graph] is for whoever calls
// gorgonia.Grad, or something that does: it builds anybody's graph anew with the
// right operators, says which ones those are, and forgets earlier derivatives, so
// that gorgonia.Grad is right in it, once; for the next derivative, call Graph
// again. In place cannot be had: a node's operator is not to be changed from
// outside.
//
// An operator that is put right is an [Op] around Gorgonia's own, with the same
// values; symgrad/train/vm runs it as it runs Gorgonia's. Derivatives are
// expressions of operators that have derivatives themselves.
package repair
