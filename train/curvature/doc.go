// Package curvature asks a loss for its second derivatives. The Hessian H itself,
// as many numbers as the parameters squared, is never made: H v is the gradient
// of <gradient, v>, two symbolic differentiations, and costs about as much as
// two gradients (Pearlmutter, "Fast Exact Multiplication by the Hessian", 1994).
//
//	loss, err := curvature.Of(net, input, target, vm.Config{})
//	hv, err := loss.HessianVector(v)
//	top, err := curvature.Largest(3, loss.Len(), 60, seed, loss.HessianVector)
//
// Vectors hold all parameters, one after the other in the order given.
package curvature
