package paper

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/peer"
)

var modelColours = map[string]color.Color{
	own.MLP: colours[peer.NumPy], own.Tutorial: colours[peer.PyTorch], own.LeNet: colours[peer.Gorgonia],
}

// WriteScaling draws a study on logarithmic axes into a PNG 800 pixels wide.
// The dashed line below each curve grows as the arithmetic does, from the cost
// of the largest size: what lies above it is overhead.
func WriteScaling(w io.Writer, s own.Study) error {
	p := newPlot(s.Title)
	p.X.Label.Text, p.Y.Label.Text = s.Size, "milliseconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(faintGrid())
	var sizes []plot.Tick
	low, high := math.Inf(1), 0.0
	for i, c := range s.Curves {
		measured, arithmetic := make(plotter.XYs, len(c.Points)), make(plotter.XYs, len(c.Points))
		last := c.Points[len(c.Points)-1]
		for k, point := range c.Points {
			measured[k] = plotter.XY{X: point.Size, Y: point.Seconds * 1e3}
			arithmetic[k] = plotter.XY{X: point.Size, Y: last.Seconds * 1e3 * point.Work / last.Work}
			low, high = min(low, measured[k].Y, arithmetic[k].Y), max(high, measured[k].Y)
			if i == 0 {
				sizes = append(sizes, plot.Tick{Value: point.Size, Label: Count(point.Size)})
			}
		}
		line, dots, err := plotter.NewLinePoints(measured)
		if err != nil {
			return err
		}
		dashes, err := plotter.NewLine(arithmetic)
		if err != nil {
			return err
		}
		line.Color, line.Width = modelColours[c.Name], pixels(2)
		dots.Color, dots.Radius = line.Color, pixels(3)
		dashes.Color, dashes.Width, dashes.Dashes = line.Color, pixels(1), []vg.Length{pixels(5), pixels(4)}
		p.Add(dashes, line, dots)
		p.Legend.Add(c.Name, line, dots)
		if i == len(s.Curves)-1 {
			p.Legend.Add("as the arithmetic grows", dashes)
		}
	}
	p.X.Tick.Marker = plot.ConstantTicks(sizes)
	p.Y.Tick.Marker = plot.ConstantTicks(decades(low, high))
	p.Y.Min, p.Y.Max = low/1.5, high*1.5
	return stack(w, []*plot.Plot{p}, 480, nil)
}

// decades are ticks with a label at every power of ten.
func decades(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Floor(math.Log10(low)) - 1; e <= math.Ceil(math.Log10(high)); e++ {
		for m := 1.0; m < 10; m++ {
			t := plot.Tick{Value: m * math.Pow(10, e)}
			if m == 1 {
				t.Label = fmt.Sprintf("%g", t.Value)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

func faintGrid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = color.Gray{225}, color.Gray{225}
	return g
}

// WriteStudy writes a study as a Markdown table, with each cost against what
// the arithmetic lets expect from the largest size.
func WriteStudy(w io.Writer, s own.Study) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: milliseconds, and how many times what the arithmetic lets expect from the last row\n\n", s.Title)
	head := []string{s.Size}
	for _, c := range s.Curves {
		head = append(head, c.Name)
	}
	line(&b, head)
	b.WriteString("|--:" + strings.Repeat("|--:", len(s.Curves)) + "|\n")
	for i, first := range s.Curves[0].Points {
		cells := []string{Count(first.Size)}
		for _, c := range s.Curves {
			point, last := c.Points[i], c.Points[len(c.Points)-1]
			cells = append(cells, fmt.Sprintf("%.4g (%s)", point.Seconds*1e3, Times(point.Seconds/last.Seconds*last.Work/point.Work)))
		}
		line(&b, cells)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}
