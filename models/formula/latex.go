package formula

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// How tightly an operation binds; what binds less than its surroundings stands
// in parentheses.
const (
	loose = iota
	asSum
	asProduct
	asMatrix
	asPower
	tight
)

func (t *term) latex() string { return t.in(loose) }

// in is the term as LaTeX where something that binds as given stands around it.
func (t *term) in(around int) string {
	text, binds := t.bare()
	if binds < around {
		return `\left(` + text + `\right)`
	}
	return text
}

func (t *term) bare() (text string, binds int) {
	switch t.kind {
	case number:
		if t.coef < 0 {
			return numeral(t.coef), asSum
		}
		return numeral(t.coef), tight
	case symbol:
		return t.text, tight
	case sum:
		return t.sum(), asSum
	case product:
		return t.product()
	case fraction:
		return `\frac{` + t.args[0].latex() + `}{` + t.args[1].latex() + `}`, asPower
	case matmul:
		var factors []string
		for _, a := range t.args {
			factors = append(factors, a.in(asMatrix))
		}
		return strings.Join(factors, `\,`), asMatrix
	case transposed:
		return t.args[0].in(tight) + `^{\top}`, asPower
	case power:
		return t.args[0].in(tight) + `^{` + t.args[1].latex() + `}`, asPower
	case infix:
		return t.args[0].in(asMatrix) + " " + t.text + " " + t.args[1].in(asMatrix), asProduct
	}
	var args []string
	for _, a := range t.args {
		args = append(args, a.latex())
	}
	if strings.Contains(t.text, "%s") { // brackets of its own
		return fmt.Sprintf(t.text, strings.Join(args, ",")), tight
	}
	if strings.HasPrefix(t.text, `\sum`) {
		return t.text + " " + t.args[0].in(asMatrix), asMatrix
	}
	return t.text + `\left(` + strings.Join(args, `,\,`) + `\right)`, tight
}

func (t *term) sum() string {
	var b strings.Builder
	for i, a := range t.args {
		text := a.in(asSum)
		if a.kind == sum {
			text = a.in(asProduct)
		}
		switch {
		case i == 0:
			b.WriteString(text)
		case strings.HasPrefix(text, "-"):
			b.WriteString(" - " + strings.TrimPrefix(text, "-"))
		default:
			b.WriteString(" + " + text)
		}
	}
	return b.String()
}

func (t *term) product() (text string, binds int) {
	binds = asProduct
	switch t.coef {
	case 1:
	case -1:
		text, binds = "-", asSum
	default:
		text = numeral(t.coef) + `\,`
		if t.coef < 0 {
			binds = asSum
		}
	}
	for i, a := range t.args {
		if i > 0 {
			if t.args[i-1].scalar {
				text += `\,`
			} else {
				text += ` \odot `
			}
		}
		if len(t.args) == 1 {
			text += a.in(asProduct)
		} else {
			text += a.in(asMatrix)
		}
	}
	return text, binds
}

// numeral writes a number, one over an integer as a fraction.
func numeral(v float64) string {
	if v < 0 {
		return "-" + numeral(-v)
	}
	if n := math.Round(1 / v); v < 1 && n <= 1000 && math.Abs(v*n-1) < 1e-6 {
		return fmt.Sprintf(`\tfrac{1}{%.0f}`, n)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
