package digit

import (
	"image"

	"golang.org/x/image/draw"
)

// work is the longer side, at most, at which a digit is looked for.
const work = 512

// picture is a small image in colour over an opaque backdrop.
type picture struct {
	w, h        int
	rgb         [3][]float64 // each 0 to 1, row by row
	transparent bool
	drawn       *image.RGBA // premultiplied
}

// shrink brings an image to its working size, over white.
func shrink(img image.Image) picture {
	from := img.Bounds()
	w, h := from.Dx(), from.Dy()
	if long := max(w, h); long > work {
		w, h = max(w*work/long, 1), max(h*work/long, 1)
	}
	p := picture{w: w, h: h, drawn: image.NewRGBA(image.Rect(0, 0, w, h))}
	if w == from.Dx() && h == from.Dy() {
		draw.Draw(p.drawn, p.drawn.Rect, img, from.Min, draw.Src)
	} else {
		draw.BiLinear.Scale(p.drawn, p.drawn.Rect, img, from, draw.Src, nil)
	}
	p.transparent = !p.drawn.Opaque()
	return p.over(1)
}

// over lays the picture on a grey backdrop, 0 black to 1 white.
func (p picture) over(backdrop float64) picture {
	for c := range p.rgb {
		p.rgb[c] = make([]float64, p.w*p.h)
		for i := range p.rgb[c] {
			alpha := float64(p.drawn.Pix[4*i+3]) / 255
			p.rgb[c][i] = float64(p.drawn.Pix[4*i+c])/255 + (1-alpha)*backdrop
		}
	}
	return p
}

// turned undoes an EXIF orientation, 1 to 8: the pixel (x, y) of the upright
// picture is taken from where the camera put it.
func (p picture) turned(orientation int) picture {
	if orientation < 2 || orientation > 8 {
		return p
	}
	w, h := p.w, p.h
	if orientation > 4 {
		w, h = h, w
	}
	upright := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := x, y
			switch orientation {
			case 2: // mirrored
				fx = w - 1 - x
			case 3: // upside down
				fx, fy = w-1-x, h-1-y
			case 4: // mirrored, upside down
				fy = h - 1 - y
			case 5: // mirrored along the main diagonal
				fx, fy = y, x
			case 6: // to be turned clockwise
				fx, fy = y, w-1-x
			case 7: // mirrored along the other diagonal
				fx, fy = h-1-y, w-1-x
			case 8: // to be turned counterclockwise
				fx, fy = h-1-y, x
			}
			upright.SetRGBA(x, y, p.drawn.RGBAAt(fx, fy))
		}
	}
	p.w, p.h, p.drawn = w, h, upright
	return p.over(1)
}
