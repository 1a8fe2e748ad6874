package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"symgrad/cmd/internal/pretrained"
	"symgrad/train"
)

// printer writes an answer a line: a table, or JSON.
type printer struct {
	w      io.Writer
	asJSON bool
	wide   int      // of the longest name of an image
	names  []string // of the classes; nil for digits
	begun  bool

	columns int // of the terminal; 0 where there is none. A table that is wider gives way to the likeliest answers
}

func newPrinter(w io.Writer, columns int, asJSON bool, images []picture, classes []string) *printer {
	p := &printer{w: w, asJSON: asJSON, wide: len("image"), names: classes, columns: columns}
	for _, i := range images {
		p.wide = max(p.wide, utf8.RuneCountInString(i.name))
	}
	return p
}

// answer is what the network says of a picture, and of each of several digits.
type answer struct {
	train.Prediction
	digits []train.Prediction
	why    string // the file of its picture, if one was drawn
}

// line is an answer for machines. Without a digit there is no number.
type line struct {
	Image         string    `json:"image,omitempty"`
	Answer        *int      `json:"answer,omitempty"`
	Class         string    `json:"class,omitempty"` // its name; of digits only "no digit" and "several digits"
	Probabilities []float64 `json:"probabilities"`
	Digits        []line    `json:"digits,omitempty"` // from left to right
	Why           string    `json:"why,omitempty"`    // the file of its picture
}

func (p *printer) line(a answer) line {
	l := line{Answer: &a.Class, Probabilities: a.Probabilities}
	switch {
	case p.names != nil:
		l.Class = p.names[a.Class]
	case a.digits != nil:
		l.Answer, l.Class = nil, "several digits"
		for _, d := range a.digits {
			l.Digits = append(l.Digits, p.line(answer{Prediction: d}))
		}
	case a.Class == pretrained.NoDigit:
		l.Answer, l.Class = nil, noDigit
	}
	return l
}

const noDigit = "no digit"

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

func (p *printer) print(name string, a answer) error {
	switch {
	case p.asJSON:
		l := p.line(a)
		l.Image, l.Why = name, a.why
		return json.NewEncoder(p.w).Encode(l)
	case p.names != nil:
		if _, err := io.WriteString(p.w, p.likeliest(name, a.Prediction)); err != nil {
			return err
		}
		return p.because(a)
	}
	row, text, heading := p.row, "", p.heading(len(a.Probabilities))
	switch narrow := p.columns > 0 && utf8.RuneCountInString(heading) > p.columns; { // with its end of line: nothing wraps
	case narrow:
		row = p.likeliest
	case !p.begun:
		text = heading
	}
	p.begun = true
	if a.digits == nil {
		text += row(name, a.Prediction)
	} else {
		number := ""
		for _, d := range a.digits {
			number += strconv.Itoa(d.Class)
		}
		text += fmt.Sprintf("%-*s  several digits: %s\n", p.wide, name, number)
		for _, d := range a.digits {
			text += row("", d)
		}
	}
	if _, err := io.WriteString(p.w, text); err != nil {
		return err
	}
	return p.because(a)
}

// because says where an answer's picture is.
func (p *printer) because(a answer) (err error) {
	if a.why != "" {
		_, err = fmt.Fprintf(p.w, "%-*s  why: %s\n", p.wide, "", a.why)
	}
	return err
}

// called is how an answer is called in a picture.
func called(a train.Prediction, names []string) string {
	return className(a.Class, names) + ", " + percent(a.Probabilities[a.Class])
}

// className is a class's name; without names it is a digit, or none.
func className(class int, names []string) string {
	switch {
	case names != nil:
		return names[class]
	case class == pretrained.NoDigit:
		return noDigit
	}
	return strconv.Itoa(class)
}

func (p *printer) heading(classes int) string {
	h := fmt.Sprintf("%-*s  %8s", p.wide, "image", "answer")
	for c := range min(classes, pretrained.NoDigit) {
		h += fmt.Sprintf("  %7d", c)
	}
	if classes > pretrained.NoDigit {
		h += "  " + noDigit
	}
	return h + "\n"
}

func (p *printer) row(name string, a train.Prediction) string {
	row := fmt.Sprintf("%-*s  %8s", p.wide, name, className(a.Class, nil))
	for c, v := range a.Probabilities {
		row += fmt.Sprintf("  %*s", 7+c/pretrained.NoDigit, percent(v))
	}
	return row + "\n"
}

// likeliest are the most probable classes by name, three at most.
func (p *printer) likeliest(name string, a train.Prediction) string {
	order := make([]int, len(a.Probabilities))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a.Probabilities[j], a.Probabilities[i]) })
	var best []string
	for _, i := range order[:min(len(order), 3)] {
		best = append(best, className(i, p.names)+" "+percent(a.Probabilities[i]))
	}
	return fmt.Sprintf("%-*s  %s\n", p.wide, name, strings.Join(best, ", "))
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
