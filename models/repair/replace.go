package repair

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/stock"
)

// wrongNumbers tells what is wrong with an operator's values on every machine;
// empty where nothing is.
func wrongNumbers(op G.Op, in G.Nodes) string {
	switch op := stock.Decode(op).(type) {
	case stock.AvgPool:
		return "it divides by the width of the images, and its gradient goes to the last number of a window"
	case stock.AvgPoolGrad:
		return "it goes to the last number of a window"
	case stock.Sparsemax:
		if op.Axis != -1 && (op.Axis != 1 || in[0].Dims() != 2) {
			return "its numbers lie in the wrong order, or it fails, for an axis that is not the last of a matrix"
		}
	case stock.GlobalAvg:
		return "it has no gradient"
	}
	return ""
}

// put puts the right operator in an operator's place, over operands that are in
// the new graph; nil where Gorgonia's is right.
func put(op G.Op, in G.Nodes) (built *G.Node, why string, err error) {
	switch known := stock.Decode(op).(type) {
	case stock.AvgPool:
		size, stride := known.Size, known.Stride
		built, err = AveragePool2D(in[0], tensor.Shape{size[0], size[1]}, []int{known.Before[0], known.After[0], known.Before[1], known.After[1]}, stride[:])
		return built, wrongNumbers(op, in), err
	case stock.GlobalAvg:
		built, err = GlobalAveragePool2D(in[0])
		return built, wrongNumbers(op, in), err
	case stock.Sparsemax:
		if why = wrongNumbers(op, in); why != "" {
			built, err = Sparsemax(in[0], known.Axis)
			return built, why, err
		}
	case stock.Dropout:
		built, err = masked(op, in[0])
		return built, "its gradient is dy/p in place of dy/(1-p), and 0 where a number that is kept is 0", err
	case stock.DropoutGrad:
		built, err = G.HadamardProd(in[2], interpret.Operands(in[1])[1]) // of the product with a mask
		return built, "it is dy/p in place of dy/(1-p)", err
	case stock.AvgPoolGrad:
		return nil, "", fmt.Errorf("a gradient of AveragePool2D: repair the graph before it is differentiated")
	case stock.Sum:
		if misread(in[0].Shape(), known.Axes) {
			built, err = G.ApplyOp(Op{op}, in...)
			return built, "it adds up other numbers than those asked for, over inner axes of four and more", err
		}
	case stock.Max:
		if misread(in[0].Shape(), known.Axes) {
			built, err = G.ApplyOp(Op{op}, in...)
			return built, "it looks at other numbers than those asked for, over inner axes of four and more", err
		}
	}
	if d := derivativeOf(op); d != nil && (d.only == nil || d.only(in)) {
		built, err = G.ApplyOp(Op{op}, in...)
		return built, d.why, err
	}
	return nil, "", nil
}

// misread tells whether Gorgonia's tensors reduce the wrong numbers: axis after
// axis, over one that lies inside, is not two long and has several before it, not
// counting the first.
func misread(shape tensor.Shape, axes []int) bool {
	left := shape.Clone()
	for done, a := range axes {
		if a -= done; a > 1 && a < len(left)-1 && left[a] != 2 && volume(left[1:a]) > 1 {
			return true
		}
		left = append(left[:a], left[a+1:]...)
	}
	return false
}

// dropoutGrad is linear: what comes back is dropped alike.
func dropoutGrad(in G.Nodes, y, u *G.Node, _ []bool) (G.Nodes, error) {
	d, err := G.ApplyOp(y.Op(), in[0], in[1], u)
	return G.Nodes{nil, nil, d}, err
}
