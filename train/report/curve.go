package report

import (
	"fmt"

	"gonum.org/v1/plot"

	"symgrad/train"
)

// Curve plots a training epoch by epoch: losses, and beside them the accuracy
// where there was a validation or a test set.
func Curve(epochs []train.Epoch) (Figure, error) {
	if len(epochs) == 0 {
		return Figure{}, fmt.Errorf("report: no epochs to draw")
	}
	training := Line{Name: "training", Dots: true}
	var losses, accuracies [2]Line
	for _, e := range epochs {
		x := float64(e.Number)
		training.X, training.Y = append(training.X, x), append(training.Y, e.Loss)
		for i, r := range []train.Result{e.Validation, e.Test} {
			if r.Measured() {
				losses[i].X, losses[i].Y = append(losses[i].X, x), append(losses[i].Y, r.Loss)
				accuracies[i].X, accuracies[i].Y = append(accuracies[i].X, x), append(accuracies[i].Y, 100*r.Accuracy)
			}
		}
	}
	lines, rights := []Line{training}, []Line(nil)
	for i, name := range []string{"validation", "test"} {
		if len(losses[i].Y) > 0 {
			losses[i].Name, losses[i].Dots, accuracies[i].Name, accuracies[i].Dots = name, true, name, true
			lines, rights = append(lines, losses[i]), append(rights, accuracies[i])
		}
	}
	left, err := Lines(Axes{Title: "Loss", X: "epoch", Y: "mean loss of an example"}, lines...)
	if err != nil {
		return Figure{}, err
	}
	wholeEpochs(left, epochs)
	left.Y.Min = min(0, left.Y.Min)
	if len(rights) == 0 {
		return Of(800, 360, left), nil
	}
	title := "Accuracy"
	if len(rights) == 1 {
		title = "Accuracy on the " + rights[0].Name + " set"
	}
	right, err := Lines(Axes{Title: title, X: "epoch", Y: "right answers (%)"}, rights...)
	if err != nil {
		return Figure{}, err
	}
	if len(rights) == 1 {
		right.Legend = plot.NewLegend()
	}
	wholeEpochs(right, epochs)
	if right.Y.Max == right.Y.Min {
		right.Y.Min, right.Y.Max = right.Y.Min-1, right.Y.Max+1
	}
	right.Y.Max = min(right.Y.Max, 100.3)
	return Of(800, 360, left, right), nil
}

// wholeEpochs puts ticks at whole epochs only.
func wholeEpochs(p *plot.Plot, epochs []train.Epoch) {
	every := (len(epochs) + 9) / 10
	var ticks []plot.Tick
	for i, e := range epochs {
		if i%every == 0 || every == 1 {
			ticks = append(ticks, plot.Tick{Value: float64(e.Number), Label: fmt.Sprint(e.Number)})
		}
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	p.X.Min, p.X.Max = float64(epochs[0].Number)-0.2, float64(epochs[len(epochs)-1].Number)+0.2
}
