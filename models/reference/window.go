package reference

import "fmt"

// Window is how a filter or a pool lies on images of H x W: its size KH x KW,
// the steps it takes, and the zero rows and columns on every side of the image.
type Window struct {
	H, W, KH, KW int
	Stride, Pad  int // down and across alike

	// Strides and Pads, (down, across), replace Stride and Pad where Strides is
	// set.
	Strides, Pads [2]int
}

// Out is the number of positions, rounded down, as in Dumoulin and Visin, "A
// guide to convolution arithmetic for deep learning" (2016), relationship 6:
//
//	OH = floor((H + 2p - KH) / s) + 1
//
// It is 0 x 0 for a window that does not fit.
func (w Window) Out() (OH, OW int) {
	if w.check() != nil {
		return 0, 0
	}
	s, p := w.steps()
	return (w.H+2*p[0]-w.KH)/s[0] + 1, (w.W+2*p[1]-w.KW)/s[1] + 1
}

func (w Window) steps() (stride, pad [2]int) {
	if w.Strides != [2]int{} {
		return w.Strides, w.Pads
	}
	return [2]int{w.Stride, w.Stride}, [2]int{w.Pad, w.Pad}
}

func (w Window) check() error {
	s, p := w.steps()
	switch {
	case min(w.H, w.W, w.KH, w.KW) < 1 || min(s[0], s[1]) < 1 || min(p[0], p[1]) < 0:
		return fmt.Errorf("%v: sizes and strides must be at least 1, padding at least 0", w)
	case w.Pads != [2]int{} && w.Strides == [2]int{}:
		return fmt.Errorf("%v: Pads %v without Strides", w, w.Pads)
	case w.KH > w.H+2*p[0] || w.KW > w.W+2*p[1]:
		return fmt.Errorf("%v: the window is larger than the padded image", w)
	}
	return nil
}

func (w Window) String() string {
	s, p := w.steps()
	return fmt.Sprintf("%dx%d on %dx%d, stride %v, padding %v", w.KH, w.KW, w.H, w.W, s, p)
}
