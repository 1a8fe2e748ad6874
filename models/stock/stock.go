// Package stock reads what Gorgonia's own operators are. Gorgonia keeps their
// types to itself, so they are told apart by the name of the type and by what
// they print; this is the one place that does so.
package stock

import (
	"fmt"
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
	text := op.String()
	switch kind := typeName(op); kind {
	case "elemUnaryOp":
		return Unary{text}
	case "elemBinOp":
		name, _, _ := strings.Cut(text, " ")
		return Binary{name}
	case "linAlgBinOp":
		return linear(text)
	case "transposeOp":
		return Transpose{numbers(text)}
	case "reshapeOp":
		return Reshape{}
	case "repeatOp":
		return scan(text, "Repeat%d", func(n []int) any { return Repeat{n[0]} })
	case "sizeOp":
		return size(op)
	case "sumOp":
		return Sum{numbers(text)}
	case "maxOp":
		return Max{numbers(text)}
	case "softmaxOp":
		return softmax(text, "Softmax{%d, %t}()", func(axis int, log bool) any { return Softmax{axis, log} })
	case "softmaxDiffOp":
		return softmax(text, "SoftmaxDiff{%d, %t}()", func(axis int, log bool) any { return SoftmaxGrad{axis, log} })
	case "sliceOp":
		return slice(text)
	case "sliceIncrOp":
		if s, ok := slice(text).(Slice); ok {
			return SliceGrad{s}
		}
	case "concatOp":
		return scan(text, "Concat(axis=%d)", func(n []int) any { return Concat{n[0]} })
	case "atOp":
		return At{numbers(text)}
	case "byIndicesOp":
		return scan(text, "ByIndicesOp{axis=%d}", func(n []int) any { return ByIndices{n[0]} })
	case "byIndicesOpDiffOp":
		return scan(text, "ByIndicesOpDiff{}(%d)", func(n []int) any { return ByIndicesGrad{n[0]} })
	case "im2colOp":
		return im2col(op)
	case "col2imOp":
		return Col2Im{im2col(op)}
	case "maxPoolOp":
		if p, ok := maxPool(op); ok {
			return p
		}
	case "maxPoolDiffOp":
		if p, ok := maxPool(op); ok {
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

// typeName is the name of an operator's type where it is one of Gorgonia's.
func typeName(op G.Op) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", op), "*")
	if kind, ours := strings.CutPrefix(name, "gorgonia."); ours {
		return kind
	}
	return ""
}

// linear reads a product: A, transposed or not, the sign of the product, B.
func linear(text string) any {
	a, b := strings.HasPrefix(text, "Aᵀ"), strings.HasSuffix(text, "Bᵀ")
	fields := strings.Fields(text)
	if len(fields) != 3 {
		return nil
	}
	switch matrix := strings.HasPrefix(fields[2], "B"); fields[1] {
	case "×××":
		return BatchMul{a, b}
	case "×":
		if matrix {
			return MatMul{a, b}
		}
		return MatVec{a}
	case "⋅":
		return Dot{}
	case "⊗":
		return Outer{}
	}
	return nil
}

func softmax(text, format string, of func(axis int, log bool) any) any {
	var axis int
	var log bool
	if _, err := fmt.Sscanf(text, format, &axis, &log); err != nil {
		return nil
	}
	return of(axis, log)
}

// slice reads T[:, :, 2:5:1]: as many colons as axes come before the sliced one.
func slice(text string) any {
	inside, _, _ := strings.Cut(strings.TrimPrefix(text, "T["), "...]")
	axes := strings.Split(inside, ", ")
	last := axes[len(axes)-1]
	s := Slice{Axis: len(axes) - 1}
	if last == ":" {
		s.All = true
		return s
	}
	if _, err := fmt.Sscanf(last, "%d:%d:%d", &s.Start, &s.End, &s.Step); err != nil {
		return nil
	}
	return s
}

// scan reads whole numbers by a format of fmt.Sscanf with one %d.
func scan(text, format string, of func(n []int) any) any {
	var n int
	if _, err := fmt.Sscanf(text, format, &n); err != nil {
		return nil
	}
	return of([]int{n})
}

// numbers lists the non-negative integers in a text.
func numbers(text string) []int {
	var out []int
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		var v int
		if _, err := fmt.Sscan(field, &v); err == nil {
			out = append(out, v)
		}
	}
	return out
}
