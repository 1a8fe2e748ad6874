package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tolerance is how much a printed number may differ, relative to its size.
const tolerance = 1e-6

// compare lists where an executed notebook differs from the committed one.
func compare(path string, committed, executed *notebook) error {
	if len(committed.cells) != len(executed.cells) {
		return fmt.Errorf("%s: %d cells, executed %d", path, len(committed.cells), len(executed.cells))
	}
	var found error
	for i, want := range committed.cells {
		got := executed.cells[i]
		if err := sameCell(want, got); err != nil {
			found = errors.Join(found, fmt.Errorf("%s, cell %d (%s): %w", path, i+1, firstLine(want.source), err))
		}
	}
	return found
}

func sameCell(want, got cell) error {
	if want.source != got.source || want.kind != got.kind {
		return errors.New("the cell itself changed")
	}
	wanted, shown := merge(want.outputs), merge(got.outputs)
	switch {
	case shown.failed != "":
		return fmt.Errorf("it failed: %s", shown.failed)
	case wanted.failed != "":
		return fmt.Errorf("committed with an error: %s", wanted.failed)
	case !slices.Equal(wanted.pictures, shown.pictures):
		return fmt.Errorf("committed with pictures of %v, now of %v", wanted.pictures, shown.pictures)
	}
	return sameText(wanted.text, shown.text)
}

// merge joins a cell's outputs: how they were cut into messages is chance.
func merge(outputs []output) (all output) {
	for _, o := range outputs {
		all.text += o.text
		all.pictures = append(all.pictures, o.pictures...)
		all.failed += o.failed
	}
	return all
}

func numbers() *regexp.Regexp { return regexp.MustCompile(`[-+]?\d+(\.\d+)?([eE][-+]?\d+)?`) }

// sameText compares texts: numbers within the tolerance, the rest to the letter.
func sameText(want, got string) error {
	split := numbers()
	if w, g := split.ReplaceAllString(want, "#"), split.ReplaceAllString(got, "#"); w != g {
		return fmt.Errorf("committed %q, now %q", want, got)
	}
	now := split.FindAllString(got, -1)
	for i, text := range split.FindAllString(want, -1) {
		a, err := strconv.ParseFloat(text, 64)
		b, err2 := strconv.ParseFloat(now[i], 64)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if math.Abs(a-b) > tolerance*max(math.Abs(a), math.Abs(b)) {
			return fmt.Errorf("committed number %s, now %s", text, now[i])
		}
	}
	return nil
}

func firstLine(source string) string {
	line, _, _ := strings.Cut(source, "\n")
	return line
}
