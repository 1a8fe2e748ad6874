package report

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a heading and tiles below it.
type panel struct {
	heading string
	tiles   []tile
	columns int
	size    int // of a tile's square, in pixels
}

const (
	gap       = 6  // between tiles
	lineSpace = 16 // of a line of text
)

func (p panel) rows() int { return (len(p.tiles) + p.columns - 1) / p.columns }

// lines of text below each tile.
func (p panel) lines() (most int) {
	for _, t := range p.tiles {
		most = max(most, len(t.text))
	}
	return most
}

func (p panel) width() int { return p.columns * (p.size + gap) }

func (p panel) height() int { return 24 + p.rows()*(p.size+gap+p.lines()*lineSpace) }

// panels draws rows of panels below a title.
func panels(title string, rows ...[]panel) Figure {
	const margin, between, top = 16, 24, 40
	width, height := 0, top
	for _, row := range rows {
		w := margin
		for _, p := range row {
			w += p.width() + between
		}
		width = max(width, w-between+margin)
		height += rowHeight(row) + 10
	}
	width = max(width, 8*len(title)+2*margin)
	return newFigure(title, width, height, func(c draw.Canvas) {
		at := func(x, y int) vg.Point {
			return vg.Point{X: c.Min.X + vg.Length(x)*pixel, Y: c.Max.Y - vg.Length(y)*pixel}
		}
		c.FillText(lettering(16, color.Black, text.XLeft, text.YTop), at(margin, 10), title)
		y := top
		for _, row := range rows {
			x := margin
			for _, p := range row {
				p.draw(c, x, y, at)
				x += p.width() + between
			}
			y += rowHeight(row) + 10
		}
	})
}

func rowHeight(row []panel) (most int) {
	for _, p := range row {
		most = max(most, p.height())
	}
	return most
}

func (p panel) draw(c draw.Canvas, x, y int, at func(x, y int) vg.Point) {
	c.FillText(lettering(13, grey(60), text.XLeft, text.YTop), at(x, y), p.heading)
	for i, t := range p.tiles {
		left := x + i%p.columns*(p.size+gap)
		top := y + 24 + i/p.columns*(p.size+gap+p.lines()*lineSpace)
		img := t.image(p.size)
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		corner := at(left, top+h)
		c.DrawImage(vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: vg.Length(w) * pixel, Y: vg.Length(h) * pixel})}, img)
		for k, text1 := range t.text {
			c.FillText(lettering(12, color.Black, text.XCenter, text.YTop), at(left+w/2, top+h+2+k*lineSpace), text1)
		}
	}
}
