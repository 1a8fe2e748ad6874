package paper

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"symgrad/cmd/bench/internal/peer"
	"symgrad/cmd/bench/internal/timing"
)

// WriteTable writes all results as Markdown: a table of medians and ratios for
// each kind of figure, then what they were measured on, then every spread.
func (r Results) WriteTable(w io.Writer) error {
	var b strings.Builder
	for _, k := range r.Kinds() {
		if rows := r.Rows(k); len(rows) > 0 {
			k.table(&b, rows)
		}
	}
	for _, fact := range r.Facts {
		fmt.Fprintf(&b, "%s\n", fact)
	}
	if v := r.versions(); len(v) > 0 {
		fmt.Fprintf(&b, "Peers: %s.\n", strings.Join(v, ", "))
	}
	b.WriteString("Medians of the runs; a ratio says how many times faster we are.\n")
	for i, p := range r.Problems {
		if i == 0 {
			b.WriteString("\nWho could not run:\n\n")
		}
		fmt.Fprintf(&b, "- %s\n", p)
	}
	r.spreads(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (k Kind) table(b *strings.Builder, rows []Row) {
	fmt.Fprintf(b, "%s, %s\n\n", k.Title, k.Unit)
	peers := Peers(rows)
	head := []string{"model", "threads", peer.Us}
	for _, p := range peers {
		head = append(head, peer.Title(p), "ratio")
	}
	line(b, head)
	b.WriteString("|---|---" + strings.Repeat("|--:", len(head)-2) + "|\n")
	for _, row := range rows {
		cells := []string{row.Model, strconv.Itoa(row.Threads), k.figure(row.Runs[peer.Us].Median)}
		for _, p := range peers {
			cells = append(cells, k.figure(row.Runs[p].Median), Times(k.Ratio(row, p)))
		}
		line(b, cells)
	}
	b.WriteString("\n")
}

func line(b *strings.Builder, cells []string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// spreads is every run's range, folded away.
func (r Results) spreads(b *strings.Builder) {
	b.WriteString("\n<details><summary>Spread: median (smallest .. largest) of the runs</summary>\n\n")
	b.WriteString("| figure | model | threads | who | median (min .. max) |\n|---|---|---|---|--:|\n")
	for _, k := range r.Kinds() {
		for _, row := range r.Rows(k) {
			for _, name := range peer.Names() {
				if s := row.Runs[name]; s.Median > 0 {
					line(b, []string{k.Title, row.Model, strconv.Itoa(row.Threads), peer.Title(name), k.spread(s)})
				}
			}
		}
	}
	b.WriteString("\n</details>\n")
}

func (k Kind) spread(s timing.Spread) string {
	return fmt.Sprintf("%s (%s .. %s)", k.figure(s.Median), k.figure(s.Min), k.figure(s.Max))
}

// figure prints three digits or more, "-" for nothing.
func (k Kind) figure(v float64) string {
	switch {
	case v == 0:
		return "-"
	case v < 100:
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return Count(v)
}

// Count prints a number in whole, with commas between thousands.
func Count(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Times prints a ratio with two digits or more, "-" for nothing.
func Times(v float64) string {
	switch {
	case v == 0:
		return "-"
	case v < 1.995:
		return strconv.FormatFloat(v, 'f', 2, 64) + "x"
	case v < 9.95:
		return strconv.FormatFloat(v, 'f', 1, 64) + "x"
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + "x"
}
