package culprit

import (
	"fmt"
	"reflect"
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

// functions are the names in Go of what Gorgonia's operators print.
var functions = map[string]string{
	"abs": "Abs", "sign": "Sign", "ceil": "Ceil", "floor": "Floor", "sin": "Sin", "cos": "Cos", "exp": "Exp", "ln": "Log", "log2": "Log2",
	"neg": "Neg", "square": "Square", "sqrt": "Sqrt", "inv": "Inverse", "invSqrt": "InverseSqrt", "cube": "Cube", "tanh": "Tanh",
	"sigmoid": "Sigmoid", "log1p": "Log1p", "expm1": "Expm1", "softplus": "Softplus",
	"+": "Add", "-": "Sub", "⊙": "HadamardProd", "÷": "HadamardDiv", "^": "Pow",
}

// expression writes an operator applied to nodeA, nodeB, ..., and the package to
// import for it; empty where that cannot be told.
func expression(op G.Op, operands int) (call, pkg string) {
	args := nodes(operands)
	switch known := stock.Decode(op).(type) {
	case stock.Unary:
		return function(known.Name, args), ""
	case stock.Binary:
		return function(known.Name, args), ""
	case stock.Softmax:
		if known.Axis < 0 {
			return "G.SoftMax(" + args + ")", ""
		}
		if known.Log {
			return fmt.Sprintf("G.LogSoftMax(%s, %d)", args, known.Axis), ""
		}
		return fmt.Sprintf("G.SoftMax(%s, %d)", args, known.Axis), ""
	case stock.Sum:
		return "G.Sum(" + args + ", " + list(known.Axes) + ")", ""
	case stock.Max:
		return "G.Max(" + args + ", " + list(known.Axes) + ")", ""
	case stock.MatMul, stock.MatVec:
		if known == (stock.MatMul{}) || known == (stock.MatVec{}) {
			return "G.Mul(" + args + ")", ""
		}
		return "", ""
	case nil:
		text, pkg := literal(reflect.ValueOf(op))
		if text == "" || pkg == "gorgonia.org/gorgonia" || pkg == "main" {
			return "", ""
		}
		return "G.ApplyOp(" + text + ", " + args + ")", pkg
	}
	return "", ""
}

func function(name, args string) string {
	if f, ok := functions[name]; ok {
		return "G." + f + "(" + args + ")"
	}
	return ""
}

// literal writes a value in Go, from its exported fields; empty where others say
// something.
func literal(v reflect.Value) (text, pkg string) {
	switch t := v.Type(); t.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "", ""
		}
		text, pkg = literal(v.Elem())
		if text != "" {
			text = "&" + text
		}
		return text, pkg
	case reflect.Struct:
		if t.Name() == "" || strings.ToLower(t.Name()[:1]) == t.Name()[:1] {
			return "", ""
		}
		var fields []string
		for i := range t.NumField() {
			switch f := t.Field(i); {
			case v.Field(i).IsZero():
			case !f.IsExported():
				return "", ""
			default:
				inner, _ := literal(v.Field(i))
				if inner == "" {
					return "", ""
				}
				fields = append(fields, f.Name+": "+inner)
			}
		}
		return t.String() + "{" + strings.Join(fields, ", ") + "}", t.PkgPath()
	case reflect.Func, reflect.Interface, reflect.Chan, reflect.Map, reflect.UnsafePointer:
		return "", ""
	}
	return fmt.Sprintf("%#v", v.Interface()), ""
}
