package digit_test

import (
	"errors"
	"image"
	"testing"

	"symgrad/data/digit"
)

// A bright strip through a narrow picture may be a sheet that is all rim: it gives
// a digit or says that nothing is drawn, whatever its width.
func TestNarrowSheets(t *testing.T) {
	for _, size := range []image.Point{{286, 7}, {512, 20}, {512, 60}, {63, 480}} {
		for _, thick := range []int{1, 4, 12, 16} {
			for _, turned := range []bool{false, true} {
				img := image.NewGray(image.Rectangle{Max: size})
				for i := range img.Pix {
					across, high := i/size.X, size.Y
					if turned {
						across, high = i%size.X, size.X
					}
					if img.Pix[i] = 30; abs(2*across+1-high) < thick {
						img.Pix[i] = 220
					}
				}
				got, err := found(img)
				switch {
				case err == nil:
					wellPlaced(t, got)
				case !errors.Is(err, digit.ErrBlank):
					t.Errorf("%v, %d wide: %v", size, thick, err)
				}
			}
		}
	}
}
