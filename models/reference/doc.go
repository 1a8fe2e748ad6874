// Package reference holds the project's networks with forward and backward
// passes written by hand, on plain float64 slices and the standard library
// alone. It is the independent witness for the symbolic gradients, so it shares
// no code with what it checks.
//
// Slices are row-major, the batch first; images are (B, C, H, W). Every layer
// comes as a pair XForward, XBackward with the derivation above it: dout is
// dL/d(output), dinp dL/d(input), dweight and dbias dL/d(parameters). Backward
// functions overwrite their results, [L2Backward] alone adds to them. The pairs
// trust the lengths of their slices; the layers of a [Network] check them.
// [Network.HessianVector] does the same for second derivatives.
package reference
