// Package vm runs a Gorgonia expression graph again and again, fast. A [Machine]
// takes the place of gorgonia.NewTapeMachine for any graph, also one built
// without the rest of this module:
//
//	m, err := vm.New(g, vm.Config{Results: gorgonia.Nodes{loss, dw}})
//	...
//	for range steps {
//		if err := m.RunAll(); err != nil { ... }
//		use(m.Value(dw))
//	}
//
// # How a graph is compiled
//
// The graph is lowered to a list of values (lower.go); Gorgonia's operators are
// told apart by type and by what they print, and one that is not known still
// runs, through its own Do, in the caller's goroutine. The list is simplified
// (simplify.go: no multiplication by one, no repeated scalar), then fused
// (fuse.go): a product takes its transposes, bias and activation along; a
// convolution takes bias, activation and max-pooling along and keeps only which
// pixel won, so that the way back visits a quarter of the pixels. Chains of
// elementwise operations become one pass over blocks that stay in the
// first-level cache (group.go). Memory is planned by liveness, once (plan.go):
// values that do not live at the same time share it. After that a run allocates
// nothing, unless an operator of Gorgonia's own does.
//
// In float32 the instructions are the kernels of package kernel; in float64
// they are plain Go, made for checking.
//
// # Workers
//
// An instruction is cut into pieces that do not depend on the number of workers,
// and sums over pieces are taken in their order, so that 1, 2 and 4 workers give
// the same bits. Workers spin for some 50 microseconds between instructions and
// then sleep. A machine that is forgotten without Close takes its goroutines
// along when it is collected.
//
// # Where it differs from TapeMachine
//
// Values and gradients agree to 1e-12 (float64) and 1e-5 (float32), relative to
// the largest of a tensor, which the tests check on every layer, loss, network
// and on random graphs. Two things differ: the slope of a rectifier (x times
// x >= 0) at -0 is 0 here and 1 there, and at NaN the incoming gradient there
// becomes 0 while here it passes.
//
// # Where the time went
//
// Stock Gorgonia, tutorial network, batch of 64: products 30 %, transposing
// through an element iterator 22 %, im2col 13 %, pooling 6 %, the rest copies of
// repeats, allocation and clearing. The MLP: products 75 %, at a seventh of the
// processor's peak. The neuron: 300 allocations a step.
//
// Here, one worker, SGD, of a whole step: the MLP spends 79 % in product tiles
// (75 of 96 GFLOP/s), 9 % in gathering images that miss every cache (a quarter
// of that since the next ones are fetched ahead) and 4 % in the update. The
// tutorial network: its dense layers' products 56 %, convolution and pooling
// 17 % forwards and 14 % backwards, sigmoid 7 %. LeNet: convolutions with
// pooling 36 %, spreading sparse gradients and patches 22 %, dense layers 15 %.
// The neuron: 1 microsecond a step, half of it the graph's arithmetic, the rest
// binding inputs, gathering four rows and the update.
package vm
