package report

import (
	"fmt"

	"gonum.org/v1/plot"

	"symgrad/train"
)

// Curve plots a training epoch by epoch: losses, and beside them the accuracy
// where there was a test set.
func Curve(epochs []train.Epoch) (Figure, error) {
	if len(epochs) == 0 {
		return Figure{}, fmt.Errorf("report: no epochs to draw")
	}
	training, test := Line{Name: "training", Dots: true}, Line{Name: "test", Dots: true}
	accuracy := Line{Name: "test", Dots: true}
	for _, e := range epochs {
		x := float64(e.Number)
		training.X, training.Y = append(training.X, x), append(training.Y, e.Loss)
		if e.Test.Confusion != nil {
			test.X, test.Y = append(test.X, x), append(test.Y, e.Test.Loss)
			accuracy.X, accuracy.Y = append(accuracy.X, x), append(accuracy.Y, 100*e.Test.Accuracy)
		}
	}
	lines := []Line{training}
	if len(test.Y) > 0 {
		lines = append(lines, test)
	}
	losses, err := Lines(Axes{Title: "Loss", X: "epoch", Y: "mean loss of an example"}, lines...)
	if err != nil {
		return Figure{}, err
	}
	wholeEpochs(losses, epochs)
	losses.Y.Min = min(0, losses.Y.Min)
	if len(test.Y) == 0 {
		return Of(800, 360, losses), nil
	}
	right, err := Lines(Axes{Title: "Accuracy on the test set", X: "epoch", Y: "right answers (%)"}, accuracy)
	if err != nil {
		return Figure{}, err
	}
	right.Legend = plot.NewLegend()
	wholeEpochs(right, epochs)
	if right.Y.Max == right.Y.Min {
		right.Y.Min, right.Y.Max = right.Y.Min-1, right.Y.Max+1
	}
	right.Y.Max = min(right.Y.Max, 100.3)
	return Of(800, 360, losses, right), nil
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
