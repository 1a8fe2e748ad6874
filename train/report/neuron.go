package report

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sigmoid plots 1/(1+exp(-x)) and its slope y (1 - y).
func Sigmoid() (Figure, error) {
	value, slope := Line{Name: "y = 1 / (1 + exp(-x))"}, Line{Name: "slope: y (1 - y)", Dashed: true}
	for x := -8.0; x <= 8; x += 0.05 {
		y := 1 / (1 + math.Exp(-x))
		value.X, value.Y = append(value.X, x), append(value.Y, y)
		slope.X, slope.Y = append(slope.X, x), append(slope.Y, y*(1-y))
	}
	p, err := Lines(Axes{Title: "The sigmoid", X: "x, the weighted sum of the inputs", Y: "y, the neuron's answer", LegendLeft: true}, value, slope)
	if err != nil {
		return Figure{}, err
	}
	return Of(640, 380, p), nil
}

// Neuron draws a neuron: an arrow an input, as thick as its weight is large,
// orange where it is positive and blue where it is negative. The bias may be 0.
func Neuron(weights []float64, bias float64) Figure {
	const width, step = 640, 84
	height := 70 + step*max(len(weights), 2)
	largest := math.Abs(bias)
	for _, w := range weights {
		largest = max(largest, math.Abs(w))
	}
	return newFigure("A neuron and its weights", width, height, func(c draw.Canvas) {
		at := func(x, y float64) vg.Point {
			return vg.Point{X: c.Min.X + vg.Length(x)*pixel, Y: c.Max.Y - vg.Length(y)*pixel}
		}
		middle := 50 + float64(step*len(weights))/2
		body := at(400, middle)
		for i, w := range weights {
			y := 50 + step*(float64(i)+0.5)
			arrow(c, at(90, y), body, w/largest)
			disc(c, at(90, y), 24, color.White)
			c.FillText(lettering(16, color.Black, text.XCenter, text.YCenter), at(90, y), fmt.Sprintf("x%d", i+1))
			beside, from := 14.0, text.YTop // below arrows that rise, above the others
			if y <= middle {
				beside, from = -14, text.YBottom
			}
			c.FillText(lettering(15, tone(w), text.XLeft, from), at(150, y+(middle-y)*0.22+beside), fmt.Sprintf("%.4f", w))
		}
		arrow(c, body, at(560, middle), 0.1)
		disc(c, body, 44, color.RGBA{255, 247, 224, 255})
		c.FillText(lettering(26, color.Black, text.XCenter, text.YCenter), body, "Σ σ")
		c.FillText(lettering(16, color.Black, text.XLeft, text.YCenter), at(572, middle), "answer")
		c.FillText(lettering(16, color.Black, text.XLeft, text.YTop), at(16, 12), "answer = σ(x1 w1 + x2 w2 + ...)")
		if bias != 0 {
			c.FillText(lettering(15, tone(bias), text.XCenter, text.YTop), at(400, middle+52), fmt.Sprintf("bias %.4f", bias))
		}
	})
}

func tone(w float64) color.Color {
	if w < 0 {
		return color.RGBA{0, 90, 170, 255}
	}
	return color.RGBA{200, 80, 0, 255}
}

// arrow is a line whose thickness says how large the share of the largest weight
// is.
func arrow(c draw.Canvas, from, to vg.Point, share float64) {
	style := draw.LineStyle{Color: tone(share), Width: vg.Length(1.5+12*math.Abs(share)) * pixel}
	c.StrokeLine2(style, from.X, from.Y, to.X, to.Y)
}

func disc(c draw.Canvas, at vg.Point, radius float64, fill color.Color) {
	var p vg.Path
	r := vg.Length(radius) * pixel
	p.Move(vg.Point{X: at.X + r, Y: at.Y})
	p.Arc(at, r, 0, 2*math.Pi)
	p.Close()
	c.SetColor(fill)
	c.Fill(p)
	c.SetLineStyle(draw.LineStyle{Color: grey(90), Width: 1.5 * pixel})
	c.Stroke(p)
}
