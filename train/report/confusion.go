package report

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"symgrad/train"
)

// Confusion draws a confusion matrix: a row for each true class, a column for
// each answer. Right answers are blue, wrong ones orange, the darker the more.
// Names may be nil: classes are then their numbers.
func Confusion(c train.Confusion, names []string) Figure {
	const cell, top, bottom = 56, 84, 16
	left := 64.0
	if names != nil {
		left = 130
	}
	n := len(c)
	size := int(left) + n*cell + 24
	title := fmt.Sprintf("Confusion matrix: %.2f %% of answers right", 100*c.Accuracy())
	return newFigure(title, size, top+n*cell+bottom, func(canvas draw.Canvas) {
		at := func(x, y float64) vg.Point { // in pixels from the upper left corner
			return vg.Point{X: canvas.Min.X + vg.Length(x)*pixel, Y: canvas.Max.Y - vg.Length(y)*pixel}
		}
		canvas.FillText(lettering(16, color.Black, text.XCenter, text.YTop), at(float64(size)/2, 10), title)
		canvas.FillText(lettering(14, color.Black, text.XCenter, text.YTop), at(left+float64(n*cell)/2, 36), "answer")
		sideways := lettering(14, color.Black, text.XCenter, text.YTop)
		sideways.Rotation = math.Pi / 2
		canvas.FillText(sideways, at(8, top+float64(n*cell)/2), "true class")
		wrong := mostWrong(c)
		for i, row := range c {
			y := top + float64(i*cell)
			canvas.FillText(lettering(13, color.Black, text.XRight, text.YCenter), at(left-8, y+cell/2), className(names, i))
			canvas.FillText(lettering(13, color.Black, text.XCenter, text.YBottom), at(left+float64(i*cell)+cell/2, top-6), short(className(names, i)))
			for j, count := range row {
				x := left + float64(j*cell)
				fill, ink := shade(count, wrong, i == j, rowSum(row))
				canvas.FillPolygon(fill, []vg.Point{at(x+1, y+1), at(x+cell-1, y+1), at(x+cell-1, y+cell-1), at(x+1, y+cell-1)})
				if count > 0 {
					canvas.FillText(lettering(14, ink, text.XCenter, text.YCenter), at(x+cell/2, y+cell/2), fmt.Sprint(count))
				}
			}
		}
	})
}

// shade is a cell's colour and that of its number.
func shade(count, wrong int, right bool, sum int) (fill, ink color.Color) {
	dark, share := color.RGBA{0, 90, 150, 255}, float64(count)/float64(max(sum, 1))
	if !right {
		dark, share = color.RGBA{213, 94, 0, 255}, math.Sqrt(float64(count)/float64(max(wrong, 1)))
	}
	mix := func(c uint8) uint8 { return uint8(247 + share*(float64(c)-247)) }
	ink = color.Black
	if share > 0.75 {
		ink = color.White
	}
	return color.RGBA{mix(dark.R), mix(dark.G), mix(dark.B), 255}, ink
}

func mostWrong(c train.Confusion) (most int) {
	for i, row := range c {
		for j, count := range row {
			if i != j {
				most = max(most, count)
			}
		}
	}
	return most
}

func rowSum(row []int) (sum int) {
	for _, n := range row {
		sum += n
	}
	return sum
}

func className(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprint(i)
}

// short cuts a name to what fits above a cell.
func short(name string) string {
	if r := []rune(name); len(r) > 7 {
		return string(r[:6]) + "…"
	}
	return name
}
