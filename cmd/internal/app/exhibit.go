package app

import (
	"context"
	"errors"
	"fmt"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/report"
)

// exhibit draws what a training on images leaves to look at.
func (f *Flags) exhibit(ctx context.Context, k *keeper, start report.Stage, test *data.Set, reached train.Result) (string, error) {
	g := gallery{dir: k.dir, page: report.Page{
		Title:   "Training of " + k.net.Name,
		Summary: fmt.Sprintf("%.2f %% of %d test images right after %d epochs", 100*reached.Accuracy, test.Len(), len(k.meta.History)),
		Facts:   fmt.Sprintf("%v\n\n%s; %s, rate %g, %s schedule, batches of %d, seed %d", k.net, k.meta.Data.Name, f.Optimizer, f.Rate, f.Schedule, f.Batch, f.Seed),
	}}
	curve, err := report.Curve(k.meta.History)
	if err := g.plot("curve", "Learning curve", "", curve, err); err != nil {
		return "", err
	}
	if err := g.plot("confusion", "Which class is taken for which", "", report.Confusion(reached.Confusion, test.ClassNames), nil); err != nil {
		return "", err
	}
	mistakes, err := report.Mistakes(k.net, test, reached.Answers)
	if err := g.hang("mistakes", "The worst mistakes", "", mistakes, err); err != nil {
		return "", err
	}
	if convolves(k.net) {
		stages := []report.Stage{start, {Name: "after training", Net: k.net}}
		filters, err := report.Filters(stages...)
		maps, err2 := report.FeatureMaps(test, f.Show, stages...)
		err = errors.Join(g.hang("filters", "Filters", "", filters, err),
			g.hang("feature-maps", "Feature maps", "Another test image: -show INDEX.", maps, err2))
		if err != nil {
			return "", err
		}
	}
	if err := g.graph(ctx, k.net, f.Batch); err != nil {
		return "", err
	}
	return g.close(k.net)
}

func convolves(net *models.Network) bool {
	for _, l := range net.Layers {
		if _, ok := l.(models.Conv2D); ok {
			return true
		}
	}
	return false
}

// exhibitTable draws what a training on a truth table leaves to look at.
func (f *Flags) exhibitTable(ctx context.Context, k *keeper, set *data.Set) (string, error) {
	g := gallery{dir: k.dir, page: report.Page{
		Title:   "Training of " + k.net.Name,
		Summary: fmt.Sprintf("%d steps on %s", k.trainer.Progress().State.Step, set.Name),
		Facts:   fmt.Sprint(k.net),
	}}
	loss := report.Line{}
	for _, e := range k.meta.History {
		loss.X, loss.Y = append(loss.X, float64(e.Number)), append(loss.Y, e.Loss)
	}
	p, err := report.Lines(report.Axes{Title: "The error decreases", X: "step", Y: k.net.Loss.Name, LogX: true, LogY: true}, loss)
	if err != nil {
		return "", err
	}
	sigmoid, err := report.Sigmoid()
	err = errors.Join(g.plot("curve", "Error", "", report.Of(640, 380, p), nil),
		g.plot("sigmoid", "The sigmoid and its slope", "The slope is what the error is weighted with: y (1 - y).", sigmoid, err))
	if err != nil {
		return "", err
	}
	if w := k.net.Params[0]; len(w.Shape) == 2 && w.Shape[1] == 1 {
		bias := 0.0
		if len(k.net.Params) > 1 {
			bias = k.net.Params[1].Float64s()[0]
		}
		if err := g.plot("neuron", "The neuron", "Orange weights are positive, blue ones negative.", report.Neuron(w.Float64s(), bias), nil); err != nil {
			return "", err
		}
	}
	if err := g.graph(ctx, k.net, set.Len()); err != nil {
		return "", err
	}
	return g.close(k.net)
}
