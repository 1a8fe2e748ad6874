package stock

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	G "gorgonia.org/gorgonia"
)

// typeName is the name of an operator's type where it is one of Gorgonia's.
func typeName(op G.Op) string {
	name := strings.TrimPrefix(reflect.TypeOf(op).String(), "*")
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

// number reads the one whole number that an operator prints.
func number(op G.Op, of func(n int) any) any {
	if n := numbers(op.String()); len(n) == 1 {
		return of(n[0])
	}
	return nil
}

// numbers lists the non-negative integers in a text.
func numbers(text string) []int {
	var out []int
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if v, err := strconv.Atoi(field); err == nil {
			out = append(out, v)
		}
	}
	return out
}
