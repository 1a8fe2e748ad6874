package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"symgrad/train"
)

// printer writes an answer a line: a table, or JSON.
type printer struct {
	w      io.Writer
	asJSON bool
	wide   int // of the longest name
	begun  bool
}

func newPrinter(w io.Writer, asJSON bool, names []string) *printer {
	p := &printer{w: w, asJSON: asJSON, wide: len("image")}
	for _, n := range names {
		p.wide = max(p.wide, utf8.RuneCountInString(n))
	}
	return p
}

// line is an answer for machines.
type line struct {
	Image         string    `json:"image"`
	Answer        int       `json:"answer"`
	Probabilities []float64 `json:"probabilities"`
}

func (p *printer) print(name string, a train.Prediction) error {
	if p.asJSON {
		return json.NewEncoder(p.w).Encode(line{name, a.Class, a.Probabilities})
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
