package vm

import (
	"fmt"
	"io"
	"strings"
)

// dump writes the program as text, one value a line: its number, operation,
// shape, operands, what else it writes or waits for, and r where it is a result.
func (p *program) dump(w io.Writer, stage string) error {
	number := map[*value]int{}
	var out strings.Builder
	fmt.Fprintf(&out, "-- %s: %d values\n", stage, len(p.values))
	list := func(word string, values []*value) {
		if len(values) > 0 {
			out.WriteString(word)
		}
		for _, v := range values {
			fmt.Fprintf(&out, " %%%d", number[v])
		}
	}
	for i, v := range p.values {
		number[v] = i
		fmt.Fprintf(&out, "%%%d = %v %s", i, v.op, strings.ReplaceAll(fmt.Sprint(v.shape), " ", "x"))
		list(" <-", v.args)
		list(" after", v.after)
		if v.layout == channelsLast {
			out.WriteString(", channels last")
		}
		if _, ok := v.op.(input); ok {
			fmt.Fprintf(&out, " %s", v.node.Name())
		}
		if v.keep {
			out.WriteString(", result")
		}
		out.WriteByte('\n')
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// dumpPlan writes the instructions, each with the values that it computes in one
// go, and where in the machine's memory their numbers lie.
func (p *program) dumpPlan(w io.Writer, units []unit, places map[*value]place, size int) error {
	number := map[*value]int{}
	for i, v := range p.values {
		number[v] = i
	}
	var out strings.Builder
	fmt.Fprintf(&out, "-- plan: %d instructions, %d numbers\n", len(units), size)
	for _, u := range units {
		var parts []string
		for _, v := range u.values {
			part := fmt.Sprintf("%%%d %v", number[v], v.op)
			for _, written := range append([]*value{v}, v.side...) {
				if at, ok := places[written]; ok {
					part += fmt.Sprintf(" at %d+%d", at.offset, written.size)
				}
			}
			parts = append(parts, part)
		}
		fmt.Fprintln(&out, strings.Join(parts, "; "))
	}
	_, err := io.WriteString(w, out.String())
	return err
}
