package formula

import "slices"

// term is an expression without its graph, simplified as it is made.
type term struct {
	kind   kind
	coef   float64 // a number's value; the scalar factor of a product
	args   []*term
	text   string // of a symbol; a function's name
	scalar bool
}

type kind int

const (
	number   kind = iota
	symbol        // text
	sum           // args[0] + args[1] + ...
	product       // coef args[0] args[1] ..., element by element
	fraction      // args[0] / args[1], element by element
	matmul        // args[0] args[1] ..., as matrices
	transposed
	power // args[0] to args[1]
	call  // text(args...)
	infix // args[0] text args[1]
)

func constant(v float64) *term { return &term{kind: number, coef: v, scalar: true} }

func named(text string, scalar bool) *term { return &term{kind: symbol, text: text, scalar: scalar} }

func function(name string, scalar bool, args ...*term) *term {
	return &term{kind: call, text: name, scalar: scalar, args: args}
}

func between(operator string, a, b *term) *term {
	return &term{kind: infix, text: operator, args: []*term{a, b}}
}

func (t *term) is(v float64) bool { return t.kind == number && t.coef == v }

// plus adds; sums of sums become one.
func plus(a, b *term) *term {
	switch {
	case a.is(0):
		return b
	case b.is(0):
		return a
	}
	t := &term{kind: sum, scalar: a.scalar && b.scalar}
	for _, x := range []*term{a, b} {
		if x.kind == sum {
			t.args = append(t.args, x.args...)
		} else {
			t.args = append(t.args, x)
		}
	}
	return t
}

func minus(a, b *term) *term {
	if b.kind == sum {
		for _, x := range b.args {
			a = plus(a, times(constant(-1), x))
		}
		return a
	}
	return plus(a, times(constant(-1), b))
}

// times multiplies element by element, with all numbers in one coefficient.
func times(a, b *term) *term {
	t := &term{kind: product, coef: 1, scalar: a.scalar && b.scalar}
	for _, x := range []*term{a, b} {
		switch x.kind {
		case number:
			t.coef *= x.coef
		case product:
			t.coef *= x.coef
			t.args = append(t.args, x.args...)
		default:
			t.args = append(t.args, x)
		}
	}
	switch {
	case len(t.args) == 0 || t.coef == 0:
		return constant(t.coef)
	case len(t.args) == 1 && t.coef == 1:
		return t.args[0]
	}
	// Scalars first, as one writes them.
	slices.SortStableFunc(t.args, func(a, b *term) int {
		switch {
		case a.scalar == b.scalar:
			return 0
		case a.scalar:
			return -1
		}
		return 1
	})
	return t
}

func over(a, b *term) *term {
	if b.kind == number && b.coef != 0 {
		return times(constant(1/b.coef), a)
	}
	return &term{kind: fraction, scalar: a.scalar && b.scalar, args: []*term{a, b}}
}

// matrix multiplies matrices; a product of products becomes one, and numbers
// move to the front.
func matrix(a, b *term) *term {
	coef := 1.0
	t := &term{kind: matmul}
	for _, x := range []*term{a, b} {
		if x.kind == product && x.coef != 1 {
			coef *= x.coef
			x = times(constant(1/x.coef), x)
		}
		if x.kind == matmul {
			t.args = append(t.args, x.args...)
		} else {
			t.args = append(t.args, x)
		}
	}
	return times(constant(coef), t)
}

func transpose(a *term) *term {
	if a.scalar {
		return a
	}
	if a.kind == transposed {
		return a.args[0]
	}
	return &term{kind: transposed, args: []*term{a}}
}

func raised(a, exponent *term) *term {
	return &term{kind: power, scalar: a.scalar, args: []*term{a, exponent}}
}
