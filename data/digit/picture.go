package digit

import (
	"image"

	"golang.org/x/image/draw"

	"symgrad/data/imagefile"
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

// turned undoes an EXIF orientation.
func (p picture) turned(orientation int) picture {
	p.drawn = imagefile.Upright(p.drawn, orientation)
	p.w, p.h = p.drawn.Rect.Dx(), p.drawn.Rect.Dy()
	return p.over(1)
}
