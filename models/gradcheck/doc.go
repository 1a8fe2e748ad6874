// Package gradcheck checks symbolic gradients. [Check] compares the gradient that
// gorgonia.Grad builds for anybody's graph with the slopes of that graph,
// and where they differ names the first operator whose own gradient is wrong;
// [Test] does so in a Go test, [Fuzz] in a fuzz test over shapes and numbers, [Op]
// for one operator. [Network] checks a network of package models against two
// witnesses, the hand-written backpropagation of models/reference and finite
// differences, on the machine that trains it, in the float type that it trains in.
//
// Where a loss is made of analytic operators alone, the witness is not a difference
// but a complex step, which loses no digits (package complexstep), so that slopes
// far below the rounding of the loss can be told right or wrong.
//
// A difference comes with what it may be off by, from Richardson's extrapolation
// and from the rounding that is measured in the loss itself, so tolerances scale
// with the gradient, and a verdict is right, wrong or cannot tell. At a corner, such
// as a ReLU at 0 or a tie in a pool, any of its slopes is right; where corners fall
// together each operator is checked alone, and the whole near the point.
//
// The kinds of findings are those of package finding. For readers who know
// PyTorch's torch.autograd.gradcheck (1.13), its options, row by row:
//
//	eps                          Options.Step: the largest of several steps; chosen for each direction
//	-                            a complex step where the loss is analytic: no step to choose
//	atol                         none: tolerances scale with the gradient, however small the loss
//	rtol                         Options.Relative
//	raise_exception              Check returns findings, Test fails
//	check_sparse_nnz, masked     none: Gorgonia has no sparse tensors
//	nondet_tol                   0: the same bits, else finding.Random or finding.State
//	check_undefined_grad         finding.Missing: an operator that passes no gradient on
//	check_grad_dtypes            Options.Dtype: float32 is compared with float64
//	check_batched_grad           none: no vmap; the pattern says "right for a batch of one"
//	check_batched_forward_grad   none
//	check_forward_ad             none: Gorgonia has no forward mode
//	check_backward_ad            always
//	fast_mode                    Options.Directions
//	-                            Options.Points: a gradient remembered from the first point is found
//	-                            Options.Operators: each operator alone, also where all is right
//	gradgradcheck                Options.Second: differences of the gradient, and the dot-product test, u'Hv = v'Hu
//	-                            Options.Machine: another machine must come to the same numbers
package gradcheck
