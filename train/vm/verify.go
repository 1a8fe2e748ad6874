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

// verifyLayout checks that images lie in memory as v reads and writes them.
func (v *value) verifyLayout() (err error) {
	graph := rowMajor
	v.orders(&graph, func(a, b *layout) {
		if *a != *b {
			err = errors.New("reads or writes another order than its operands have")
		}
	})
	return err
}

// orders calls same for every two layouts that have to be one: elementwise
// operations go along with any order, but one for all that has v's shape;
// convolutions say what they take; all else takes the graph's, and so does who
// reads a result.
func (v *value) orders(graph *layout, same func(a, b *layout)) {
	if v.keep {
		same(&v.layout, graph)
	}
	each := func(own *layout, operands ...*layout) {
		same(&v.layout, own)
		for i, a := range v.args {
			same(&a.layout, operands[i])
		}
	}
	switch op := v.op.(type) {
	case convolution:
		each(&op.out, &op.in, graph, graph)
	case weightGrad:
		each(graph, &op.in, &op.out, &op.out)
	case eachGrad:
		each(graph, &op.in, &op.out, &op.out)
	case inputGrad:
		each(&op.in, graph, &op.out, &op.out)
	case unary, binary, alias, broadcast:
		for _, a := range v.args {
			if slices.Equal(a.shape, v.shape) {
				same(&a.layout, &v.layout)
			} else if a.size > 1 {
				same(&a.layout, graph)
				same(&v.layout, graph)
			}
		}
	default:
		each(graph, slices.Repeat([]*layout{graph}, len(v.args))...)
	}
}
