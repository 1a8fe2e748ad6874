// Package finding is what a check of gradients has to say.
package finding

import (
	"fmt"
	"strings"

	"gorgonia.org/tensor"
)

// Kind is what is the matter.
type Kind string

// The kinds. Notes say what was seen besides, or could not be seen; all others
// mean that something is wrong.
const (
	Gradient   Kind = "wrong gradient"
	Missing    Kind = "missing gradient" // an operator passes none on
	NonFinite  Kind = "NaN or infinity"  // in a loss or a gradient
	Random     Kind = "random"           // the same operands, other numbers
	State      Kind = "state"            // what was run before decides
	Damage     Kind = "damage"           // an operator writes into its operands
	Shape      Kind = "wrong shape"      // of a value
	Failure    Kind = "failure"          // an operator panics, or gives an error
	Machine    Kind = "machine"          // another one gets other numbers
	Single     Kind = "float32"          // gets other numbers than float64
	Second     Kind = "wrong second derivative"
	DotProduct Kind = "dot product"        // of second derivatives: u'Hv is not v'Hu
	Corner     Kind = "note: at a corner"  // any of several slopes is right
	Dead       Kind = "note: no influence" // of a parameter, here
	Unknown    Kind = "note: cannot tell"
)

// Note tells whether a kind is no error.
func (k Kind) Note() bool { return strings.HasPrefix(string(k), "note") }

// Finding is one thing found.
type Finding struct {
	Kind    Kind
	Param   string // "" where it concerns no parameter alone
	Index   int    // in row-major order; -1 for a random direction
	Numbers int    // how many of the parameter's numbers or directions are wrong, this one included

	Symbolic, Expected float64
	Within             float64 // what Expected may be off by
	Witness            string  // who expects: "complex step", "finite difference", "hand-written", a machine

	Reason   string
	Operator *Operator // whose own gradient is wrong; nil where none was found
}

// Operator is the culprit.
type Operator struct {
	Name       string
	Operand    int // whose gradient is wrong, from 1; 0 where it is none of them
	Shapes     []tensor.Shape
	Values     [][]float64 // of the operands; nil for large ones
	Pattern    string      // of the error, where it has one
	Reproducer string      // a Go program; empty where none can be written
}

// Error is the finding in a few lines.
func (f Finding) Error() string {
	var b strings.Builder
	b.WriteString("gradcheck: ")
	b.WriteString(string(f.Kind))
	if f.Param != "" {
		fmt.Fprintf(&b, ": %s", f.where())
	}
	if f.Witness != "" {
		fmt.Fprintf(&b, ": symbolic %.10g, %s %.10g", f.Symbolic, f.Witness, f.Expected)
		if f.Within > 0 {
			fmt.Fprintf(&b, " ± %.1g", f.Within)
		}
	}
	if f.Numbers > 1 {
		fmt.Fprintf(&b, "; so are %d others", f.Numbers-1)
	}
	if f.Reason != "" {
		fmt.Fprintf(&b, ": %s", f.Reason)
	}
	if f.Operator != nil {
		f.Operator.write(&b)
	}
	return b.String()
}

func (f Finding) where() string {
	if f.Index < 0 {
		return f.Param + " along a random direction"
	}
	return fmt.Sprintf("%s[%d]", f.Param, f.Index)
}

func (o *Operator) write(b *strings.Builder) {
	fmt.Fprintf(b, "\n  operator: %s", o.Name)
	if o.Operand > 0 {
		fmt.Fprintf(b, ", the gradient of operand %d", o.Operand)
	}
	for i, s := range o.Shapes {
		fmt.Fprintf(b, "\n  operand %d: %v", i+1, s)
		if o.Values[i] != nil {
			fmt.Fprintf(b, " %.6g", o.Values[i])
		}
	}
	if o.Pattern != "" {
		fmt.Fprintf(b, "\n  pattern: %s", o.Pattern)
	}
	if o.Reproducer != "" {
		fmt.Fprintf(b, "\n  to reproduce:\n\t%s", strings.ReplaceAll(strings.TrimSpace(o.Reproducer), "\n", "\n\t"))
	}
}
