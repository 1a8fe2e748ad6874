package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"symgrad/train"
)

// printer writes an answer a line: a table, or JSON.
type printer struct {
	w      io.Writer
	asJSON bool
	wide   int      // of the longest name of an image
	names  []string // of the classes; nil for digits
	begun  bool
}

func newPrinter(w io.Writer, asJSON bool, images []picture, classes []string) *printer {
	p := &printer{w: w, asJSON: asJSON, wide: len("image"), names: classes}
	for _, i := range images {
		p.wide = max(p.wide, utf8.RuneCountInString(i.name))
	}
	return p
}

// line is an answer for machines.
type line struct {
	Image         string    `json:"image"`
	Answer        int       `json:"answer"`
	Class         string    `json:"class,omitempty"` // the answer's name
	Probabilities []float64 `json:"probabilities"`
}

// failure is a line where nothing is read but JSON.
func (p *printer) failure(name string, err error) error {
	if !p.asJSON {
		return nil
	}
	return json.NewEncoder(p.w).Encode(struct {
		Image string `json:"image"`
		Error string `json:"error"`
	}{name, err.Error()})
}

func (p *printer) answer(name string, a train.Prediction) error {
	if p.asJSON {
		l := line{Image: name, Answer: a.Class, Probabilities: a.Probabilities}
		if p.names != nil {
			l.Class = p.names[a.Class]
		}
		return json.NewEncoder(p.w).Encode(l)
	}
	if p.names != nil {
		return p.named(name, a)
	}
	row := fmt.Sprintf("%-*s  %6d", p.wide, name, a.Class)
	for _, v := range a.Probabilities {
		row += fmt.Sprintf("  %7s", percent(v))
	}
	if !p.begun {
		p.begun = true
		row = p.heading(len(a.Probabilities)) + "\n" + row
	}
	_, err := fmt.Fprintln(p.w, row)
	return err
}

// named prints the most probable classes by name, three at most.
func (p *printer) named(name string, a train.Prediction) error {
	order := make([]int, len(a.Probabilities))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a.Probabilities[j], a.Probabilities[i]) })
	var best []string
	for _, i := range order[:min(len(order), 3)] {
		best = append(best, p.names[i]+" "+percent(a.Probabilities[i]))
	}
	_, err := fmt.Fprintf(p.w, "%-*s  %s\n", p.wide, name, strings.Join(best, ", "))
	return err
}

func (p *printer) heading(classes int) string {
	h := fmt.Sprintf("%-*s  %6s", p.wide, "image", "answer")
	for c := range classes {
		h += fmt.Sprintf("  %7d", c)
	}
	return h
}

// percent never says 100 or 0 of what is not quite so.
func percent(v float64) string {
	if s := math.Round(v*1e4) / 100; s > 0 && s < 100 {
		return fmt.Sprintf("%.2f%%", s)
	}
	if v > 0.5 {
		return ">99.99%"
	}
	return "<0.01%"
}
