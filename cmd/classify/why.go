package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"symgrad/data/digit"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/report"
)

// whyEnd is how the names of pictures of answers end.
const whyEnd = ".why.png"

// explainer draws what answers hang on.
type explainer struct {
	reasons *report.Reasoner
	classes []string
	dir     string // empty: beside the pictures
}

func newExplainer(net *models.Network, classes []string, dir string) (*explainer, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	r, err := report.NewReasoner(net, train.OwnVM(0))
	return &explainer{r, classes, dir}, err
}

func (e *explainer) Close() error { return e.reasons.Close() }

// draw writes the picture of an answer, of several digits a row each, to a file
// that was not there before, and gives its name.
func (e *explainer) draw(ctx context.Context, name string, d digit.Drawing, a answer) (string, error) {
	parts, answers := [][]float64{d.Pixels}, []train.Prediction{a.Prediction}
	if a.digits != nil {
		parts, answers = d.Groups, a.digits
	}
	var rows []report.Reasons
	for i, pixels := range parts {
		r, err := e.reasons.Of(ctx, pixels, answers[i].Class)
		if err != nil {
			return "", err
		}
		r.Answer = called(answers[i], e.classes)
		rows = append(rows, r)
	}
	path := e.path(name)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("%s is there already and is left alone: remove it, or draw elsewhere with -why-out DIR", path)
	}
	if err != nil {
		return "", err
	}
	if err := errors.Join(report.Why(filepath.Base(name), rows...).WritePNG(file), file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(path)) // half a picture is of no use
	}
	return path, nil
}

// path is where the picture of an answer goes.
func (e *explainer) path(name string) string {
	switch {
	case name == "-":
		return filepath.Join(e.dir, "stdin"+whyEnd)
	case e.dir != "":
		return filepath.Join(e.dir, filepath.Base(name)+whyEnd)
	}
	return name + whyEnd
}
