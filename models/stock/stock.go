// Package stock reads what Gorgonia's own operators are. Gorgonia keeps their
// types to itself, so they are told apart by the name of the type and by what
// they print; this is the one place that does so.
package stock

import (
	"strings"

	G "gorgonia.org/gorgonia"
)

// The operators of Gorgonia that are known. Axes count from 0.
type (
	Unary     struct{ Name string }         // one number at a time: "exp", "neg", ...
	Binary    struct{ Name string }         // two numbers at a time: "+", "⊙", ">=", ...
	MatMul    struct{ TransA, TransB bool } // (m, k) by (k, n)
	MatVec    struct{ TransA bool }         // (m, k) by (k)
	Dot       struct{}                      // (k) by (k), a scalar
	Outer     struct{}                      // (m) by (n), (m, n)
	BatchMul  struct{ TransA, TransB bool } // (b..., m, k) by (b..., k, n)
	Transpose struct{ Perm []int }
	Reshape   struct{}
	Repeat    struct{ Axis int }    // the second operand says how often
	Size      struct{ Axis, N int } // of an axis of its operand; 0 where it is looked up in each run
	Sum       struct{ Axes []int }
	Max       struct{ Axes []int }
	Softmax   struct {
		Axis int // -1: the last
		Log  bool
	}
	SoftmaxGrad struct { // (x, y, dy) -> dx, y what Softmax gave
		Axis int
		Log  bool
	}
	Slice struct { // of one axis, from Start up to End
		Axis, Start, End, Step int
		All                    bool
	}
	SliceGrad     struct{ Slice }       // (x, dy) -> dx in x's shape
	Concat        struct{ Axis int }    // any number of operands
	At            struct{ Place []int } // one number of a tensor
	ByIndices     struct{ Axis int }    // (x, indices)
	ByIndicesGrad struct{ Axis int }    // (x, dy, indices) -> dx
	// Im2Col takes images (B, C, H, W) to their patches (B, OH, OW, C*h*w), Col2Im
	// adds patches up to images again.
	Im2Col      struct{ Window, Pad, Stride, Dilation [2]int }
	Col2Im      struct{ Im2Col }
	MaxPool     struct{ Size, Stride [2]int } // without padding
	MaxPoolGrad struct{ MaxPool }             // (x, y, dy) -> dx

	// PaddedMaxPoolGrad is MaxPoolGrad where so many rows and columns on both sides
	// of the images belong to windows, but are never a maximum.
	PaddedMaxPoolGrad struct {
		MaxPool
		Pad [2]int
	}
	// AvgPool means to average windows: see AveragePool2D of symgrad/models/repair.
	AvgPool      struct{ Size, Stride, Before, After [2]int } // Before and After: padding
	AvgPoolGrad  struct{ AvgPool }                            // (x, y, dy) -> dx
	GlobalAvg    struct{}                                     // (B, C, H, W) -> (B, C, 1, 1)
	Upsample     struct{ Scale int }                          // (B, C, H, W) -> (B, C, H*Scale, W*Scale)
	UpsampleGrad struct{ Scale int }                          // (x, y, dy) -> dx
	Sparsemax    struct{ Axis int }                           // -1: the last
	GroupNorm    struct {                                     // (B, C, ...), groups of channels to mean 0 and variance 1
		Groups  int
		Epsilon float64
	}
	GroupNormGrad struct{} // (x, dy) -> dx
	CTCLoss       struct{ Mean bool }
	Constant      struct{} // the same value in every run
	Random        struct{} // another value in every run
	Read          struct{ Into *G.Value }
	Let           struct{} // a statement without effect
)

// Of gives the operator of Gorgonia's that op computes as: the one that it says
// with a method Stock, else op itself.
func Of(op G.Op) G.Op {
	if around, ok := op.(interface{ Stock() G.Op }); ok {
		return around.Stock()
	}
	return op
}

// Decode tells which of the operators above op is; nil for any other.
func Decode(op G.Op) any {
	op = Of(op)
	switch kind := typeName(op); kind {
	case "elemUnaryOp":
		return Unary{op.String()}
	case "elemBinOp":
		name, _, _ := strings.Cut(op.String(), " ")
		return Binary{name}
	case "linAlgBinOp":
		return linear(op.String())
	case "transposeOp":
		return Transpose{numbers(op.String())}
	case "reshapeOp":
		return Reshape{}
	case "repeatOp":
		return number(op, func(n int) any { return Repeat{n} })
	case "sizeOp":
		return size(op)
	case "sumOp":
		return Sum{numbers(op.String())}
	case "maxOp":
		return Max{numbers(op.String())}
	case "softmaxOp":
		return softmax(op.String(), "Softmax{%d, %t}()", func(axis int, log bool) any { return Softmax{axis, log} })
	case "softmaxDiffOp":
		return softmax(op.String(), "SoftmaxDiff{%d, %t}()", func(axis int, log bool) any { return SoftmaxGrad{axis, log} })
	case "sliceOp":
		return slice(op.String())
	case "sliceIncrOp":
		if s, ok := slice(op.String()).(Slice); ok {
			return SliceGrad{s}
		}
	case "concatOp":
		return number(op, func(n int) any { return Concat{n} })
	case "atOp":
		return At{numbers(op.String())}
	case "byIndicesOp":
		return number(op, func(n int) any { return ByIndices{n} })
	case "byIndicesOpDiffOp":
		return number(op, func(n int) any { return ByIndicesGrad{n} })
	case "im2colOp":
		return im2col(op)
	case "col2imOp":
		return Col2Im{im2col(op)}
	case "maxPoolOp":
		if p, pad, ok := maxPool(op); ok && pad == [2]int{} {
			return p
		}
	case "maxPoolDiffOp":
		if p, pad, ok := maxPool(op); ok && pad != [2]int{} {
			return PaddedMaxPoolGrad{p, pad}
		} else if ok {
			return MaxPoolGrad{p}
		}
	case "avgPoolOp":
		return avgPool(op)
	case "avgPoolDiffOp":
		return AvgPoolGrad{avgPool(op)}
	case "globalAveragePoolOp":
		return GlobalAvg{}
	case "upsampleOp":
		return Upsample{1 + ints(op, "stride")[0]}
	case "upsampleDiffOp":
		return UpsampleGrad{1 + ints(op, "stride")[0]}
	case "sparsemaxOp":
		return Sparsemax{ints(op, "axis")[0]}
	case "GroupNormOp":
		return groupNorm(op)
	case "groupNormDiffOp":
		return GroupNormGrad{}
	case "ctcLossOp":
		return CTCLoss{Mean: reduction(op) == G.ReductionMean}
	case "BatchNormOp":
		return batchNorm(op.(*G.BatchNormOp))
	case "batchnormDiffOp":
		return batchNormGrad(op)
	case "dropoutOp":
		return dropout(op)
	case "dropoutDiffOp":
		return DropoutGrad{dropout(op)}
	case "constantScalar", "constantTensor":
		return Constant{}
	case "randomOp":
		return Random{}
	case "letOp":
		return Let{}
	case "readOp":
		return read(op)
	}
	return nil
}
