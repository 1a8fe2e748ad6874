package vm

import (
	"errors"
	"fmt"
	"slices"
)

// verify checks what must hold of a program before and after every pass: each
// operand is computed before its reader, operands and shapes are what the
// operation wants, uses are counted, layouts fit, and results are what the graph
// says.
func (p *program) verify() error {
	seen := map[*value]bool{}
	uses := map[*value]int{}
	for _, v := range p.values {
		for _, a := range v.before() {
			if !seen[a] {
				return fmt.Errorf("%v comes before its operand %v", v, a)
			}
		}
		for _, a := range v.args {
			uses[a]++
		}
		if seen[v] {
			return fmt.Errorf("%v stands twice", v)
		}
		seen[v] = true
		if err := v.verify(); err != nil {
			return fmt.Errorf("%v: %w", v, err)
		}
	}
	kept := map[*value]bool{}
	for _, r := range p.results {
		v := r.value
		switch {
		case !seen[v] || !v.keep:
			return fmt.Errorf("the result %v is not computed or not kept", r.node)
		case v.layout != rowMajor:
			return fmt.Errorf("the result %v is %v", r.node, v.layout)
		case v.size != volume([]int(r.node.Shape())):
			return fmt.Errorf("the result %v is %v", r.node, v)
		}
		if !kept[v] {
			uses[v]++
		}
		kept[v] = true
	}
	for _, v := range p.values {
		if v.uses != uses[v] {
			return fmt.Errorf("%v has %d uses, counts %d", v, uses[v], v.uses)
		}
		for _, s := range v.side {
			if !seen[s] {
				return fmt.Errorf("%v writes %v, which nobody wants", v, s)
			}
		}
	}
	return nil
}

// verify checks one value.
func (v *value) verify() error {
	if v.size != volume(v.shape) {
		return fmt.Errorf("size %d", v.size)
	}
	if err := v.op.check(v); err != nil {
		return err
	}
	return v.verifyLayout()
}

// verifyLayout checks that images lie in memory as v reads them: elementwise
// operations go along with any order, but one for all operands of v's size;
// convolutions say what they take; all others take row-major.
func (v *value) verifyLayout() error {
	switch v.op.(type) {
	case convolution, weightGrad, inputGrad: // their check has seen it
		return nil
	case unary, binary, broadcast:
		for _, a := range v.args {
			if a.size > 1 && a.layout != v.layout {
				return fmt.Errorf("%v is %v", a, a.layout)
			}
		}
		return nil
	case alias:
		if v.layout == v.args[0].layout && (v.layout == rowMajor || slices.Equal(v.shape, v.args[0].shape)) {
			return nil
		}
	default:
		if v.layout == rowMajor && !slices.ContainsFunc(v.args, func(a *value) bool { return a.layout != rowMajor }) {
			return nil
		}
	}
	return errors.New("reads or writes another order than its operands have")
}
