// Package vm runs a Gorgonia expression graph again and again, fast. A [Machine]
// takes the place of gorgonia.NewTapeMachine for any graph, also one built
// without the rest of this module:
//
//	m, err := vm.New(g, vm.Config{}) // was: m := gorgonia.NewTapeMachine(g)
//	...
//	for range steps {
//		if err := m.RunAll(); err != nil { ... }
//		solver.Step(gorgonia.NodesToValueGrads(parameters))
//	}
//
// Losses, gradients, what nothing else uses and what gorgonia.Read asks for are
// results; [Config.Results] and [Machine.Keep] choose others.
//
// # How a graph is compiled
//
// The stages are files: lower turns the graph into a program, a list of values
// with typed operations; the passes of the table in pass.go rewrite it (constants,
// rectifiers, slopes, dense layers, convolutions, layouts); schedule gathers
// elementwise operations into groups that go through blocks of memory in the
// first-level cache; plan gives every value its memory, shared by values that do
// not live at once; emit makes instructions of the kernels in package kernel.
// After that a run allocates nothing, unless an operator without an instruction
// of ours does, through its own Do.
//
// With [Config.Verify] the program is checked after each pass and the plan by a
// run on paper; [Config.Dump] writes all of it as text; [Config.Skip] leaves
// passes out: whatever is left out, the values are the same, which tests check on
// thousands of random graphs against package interpret. [Machine.Explain] tells
// what became of each node, so that a user sees why a graph is slow.
//
// # Workers
//
// An instruction is cut into pieces that do not depend on the number of workers,
// and sums over pieces are taken in their order, so that 1, 2 and 4 workers give
// the same bits. A worker takes what others have not begun, and sleeps when there
// was nothing to do for a while. A machine that is forgotten without Close takes
// its goroutines along when it is collected.
//
// # Where it differs from TapeMachine
//
// Values and gradients agree to 1e-12 (float64) and 1e-5 (float32), relative to
// the largest of a tensor, where TapeMachine's are right. Known differences:
//
//   - where Gorgonia's own operators are wrong, see package interpret, these are
//     right: sums over axis 2 of four, division by zero, the sign of 0 and NaN,
//     saturated sigmoid and softplus, softmax of NaN, ByIndices, the gradients of
//     dropout and, in evaluation, of batch normalisation, and in float32 functions
//     of very large and of denormal numbers;
//   - products keep NaN and infinities that Gorgonia's leave out beside zeros;
//   - whether zeros around an image, and those of a pool's gradient, are multiplied
//     by infinite weights or gradients, which makes NaN, a convolution leaves open;
//   - a zero that a rectifier gives may have the other sign, and with a max-pool
//     fused a window of -Inf beside larger numbers has no NaN; where a saturated
//     sigmoid makes equal numbers of a window, the gradient goes to the one that
//     was larger before it, and where a rectifier makes zeros of a window whose
//     largest number is exactly 0, to that one, with the slope 1 that Gorgonia's
//     rectifier has at 0: another subgradient, of black images with zero biases;
//   - gradients are those of the last run: TapeMachine with BindDualValues adds
//     them up until a solver zeroes them;
//   - a slice operator keeps the range that it had when the machine was made,
//     though UnsafeLet may give the node another;
//   - there is no log and no watching of single nodes: [Machine.Keep] and
//     [Config.Dump] take their place. What needs LispMachine, automatic
//     differentiation without gorgonia.Grad, is not here.
package vm
