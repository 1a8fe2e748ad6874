package paper

import (
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"

	"symgrad/cmd/bench/internal/peer"
)

// colours tell the peers apart, also without red and green: Okabe and Ito,
// "Color universal design" (2008).
var colours = map[string]color.Color{
	peer.PyTorch:     color.RGBA{213, 94, 0, 255},
	peer.NumPy:       color.RGBA{0, 114, 178, 255},
	peer.Gorgonia:    color.RGBA{0, 158, 115, 255},
	peer.GoMLX:       color.RGBA{204, 121, 167, 255},
	peer.ONNXRuntime: color.RGBA{230, 159, 0, 255},
	peer.TensorFlow:  color.RGBA{86, 180, 233, 255},
}

// Comparable tells whether there is anything to draw: us and a peer.
func (r Results) Comparable() bool {
	for _, k := range r.Kinds() {
		for _, row := range r.Rows(k) {
			for _, name := range Peers([]Row{row}) {
				if k.Ratio(row, name) > 0 {
					return true
				}
			}
		}
	}
	return false
}

// WriteChart draws how many times faster than each peer we are as bars on a
// logarithmic axis, one panel a kind of figure but those of a repeated batch, into a PNG 800 pixels wide.
func (r Results) WriteChart(w io.Writer) error {
	var panels []*plot.Plot
	var seen []Row
	for _, k := range r.Kinds() {
		if rows := r.Rows(k); !k.Same && len(Peers(rows)) > 0 {
			p, err := k.bars(rows)
			if err != nil {
				return err
			}
			panels, seen = append(panels, p), append(seen, rows...)
		}
	}
	return stack(w, panels, 320, Peers(seen))
}

// bars is one panel: a group of bars for each row.
func (k Kind) bars(rows []Row) (*plot.Plot, error) {
	p := newPlot(k.Title)
	p.Y.Label.Text = "times faster than the peer"
	peers := Peers(rows)
	thick := min(0.8/float64(len(peers)), 0.22)
	low, high := 0.0, math.Log10(2)
	for i, name := range peers {
		for at, row := range rows {
			ratio := k.Ratio(row, name)
			if ratio == 0 {
				continue
			}
			y := math.Log10(ratio) // the axis is in powers of ten: a bar begins at 1, and points down below it
			low, high = min(low, y), max(high, y)
			left := float64(at) + thick*(float64(i)-float64(len(peers))/2)
			bar, err := plotter.NewPolygon(plotter.XYs{{X: left, Y: 0}, {X: left + thick, Y: 0}, {X: left + thick, Y: y}, {X: left, Y: y}})
			if err != nil {
				return nil, err
			}
			bar.Color, bar.LineStyle.Width = colours[name], 0
			label, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: left + thick/2, Y: max(y, 0)}}, Labels: []string{Times(ratio)}})
			if err != nil {
				return nil, err
			}
			label.TextStyle[0].XAlign, label.TextStyle[0].YAlign = text.XCenter, text.YBottom
			label.TextStyle[0].Font = sans(12)
			p.Add(bar, label)
		}
	}
	even := plotter.NewFunction(func(float64) float64 { return 0 })
	p.Add(even)
	names := make([]plot.Tick, len(rows))
	for at, row := range rows {
		names[at] = plot.Tick{Value: float64(at), Label: row.Model + ", " + peer.Threads(row.Threads)}
	}
	p.X.Tick.Marker, p.X.Tick.Length = plot.ConstantTicks(names), 0
	p.Y.Tick.Marker = plot.ConstantTicks(powers(low, high))
	p.X.Min, p.X.Max = -0.5, float64(len(rows))-0.5
	p.Y.Min, p.Y.Max = min(low*1.15, 0), high+0.1*(high-low) // room for the numbers
	return p, nil
}

// powers are ticks at 1, 2, 5, 10, 20, ... on an axis of logarithms, with a label
// at as many of them as fit.
func powers(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Floor(low); e <= math.Ceil(high); e++ {
		for _, m := range []float64{1, 2, 5} {
			t := plot.Tick{Value: e + math.Log10(m), Label: Times(m * math.Pow(10, e))}
			if m != 1 && high-low > 2 {
				t.Label = ""
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}
