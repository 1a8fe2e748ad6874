package imagefile

import (
	"fmt"
	"image"
	"runtime"
	"sync"

	"symgrad/data"
)

// Scale makes a set's images, of one or three channels, squares of a side, as
// [Planes] does with one.
func Scale(s *data.Set, side int) error {
	if len(s.Shape) != 3 || s.Shape[0] != 1 && s.Shape[0] != 3 || s.Pixels == nil {
		return fmt.Errorf("data: %s has examples of %v, want images of 1 or 3 channels to scale", s.Name, s.Shape)
	}
	channels, height, width := s.Shape[0], s.Shape[1], s.Shape[2]
	size, to := s.Size(), channels*side*side
	if need := int64(s.Len()) * int64(to); need > mostScaled {
		return fmt.Errorf("data: %s takes %d MB at %d x %d pixels, want at most %d: choose a smaller size", s.Name, need>>20, side, side, mostScaled>>20)
	}
	scaled := make([]uint8, s.Len()*to)
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			img := image.NewRGBA(image.Rect(0, 0, width, height))
			for i := w; i < s.Len(); i += workers {
				fill(img, s.Pixels[i*size:][:size])
				copy(scaled[i*to:][:to], Planes(img, side, side)) // of grey ones the first plane
			}
		})
	}
	all.Wait()
	s.Pixels, s.Shape = scaled, []int{channels, side, side}
	return nil
}

// mostScaled bounds the images of a set in memory.
const mostScaled = 4 << 30

// fill paints an image from one plane, or three.
func fill(img *image.RGBA, planes []uint8) {
	area := len(img.Pix) / 4
	green, blue := 0, 0
	if len(planes) > area {
		green, blue = area, 2*area
	}
	for i := range area {
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3] = planes[i], planes[green+i], planes[blue+i], 255
	}
}
