package main

import (
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"symgrad/cmd/internal/pretrained"
	"symgrad/data"
	"symgrad/data/digit"
	"symgrad/data/sketch"
)

// lessons are digits, and drawings that are none as an eleventh class, all of
// them bent anew for every epoch.
type lessons struct {
	set     *data.Set
	sources []uint8 // what the set's pictures are bent from
}

// none is the class of what is no digit.
const none = pretrained.NoDigit

const drawn = 56 // the side of a drawing, before it is brought to 28

func newLessons(digits *data.Set) (*lessons, error) {
	set, err := withDrawings(digits, drawings, seed)
	if err != nil {
		return nil, err
	}
	return &lessons{set, slices.Clone(set.Pixels)}, nil
}

// withDrawings adds drawings to a set of digits, of each family in turn, and half
// as many digits, in straight strokes and in print.
func withDrawings(digits *data.Set, count int, seed uint64) (*data.Set, error) {
	out := *digits
	out.Name += " and drawings"
	out.Classes = none + 1
	area, n := side*side, digits.Len()
	out.Pixels = append(slices.Clone(digits.Pixels), make([]uint8, (count+count/2)*area)...)
	out.Labels = append(slices.Clone(digits.Labels), slices.Repeat([]int{none}, count)...)
	for i := range count / 2 {
		out.Labels = append(out.Labels, i%10)
	}
	families, printed := sketch.NoDigits(), sketch.Printed()
	draw := func(i int, r *rand.Rand) *image.Gray {
		switch label := out.Labels[n+i]; {
		case label == none:
			return families[i%len(families)].Draw(r, drawn)
		case r.IntN(2) == 0:
			return printed(label, r, drawn)
		default:
			return sketch.Angular(label, r, drawn)
		}
	}
	errs := make([]error, count+count/2)
	parallel(len(errs), func(i int) {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		pixels, err := digit.Place(draw(i, r))
		for errors.Is(err, digit.ErrBlank) { // chance left the sheet empty
			pixels, err = digit.Place(draw(i, r))
		}
		for k, v := range pixels {
			out.Pixels[(n+i)*area+k] = uint8(math.Round(v * 255))
		}
		errs[i] = err
	})
	return &out, errors.Join(errs...)
}

// draw makes the pictures of an epoch: one in four as it is, the others bent.
func (l *lessons) draw(epoch int) {
	area := side * side
	parallel(l.set.Len(), func(i int) {
		r := rand.New(rand.NewPCG(seed, uint64(epoch)<<32|uint64(i)))
		to, from := l.set.Pixels[i*area:(i+1)*area], l.sources[i*area:(i+1)*area]
		if r.IntN(4) == 0 {
			copy(to, from)
		} else {
			warp(to, from, r)
		}
	})
}

// parallel calls do for 0 to n-1 on all processors.
func parallel(n int, do func(i int)) {
	var all sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	all.Wait()
}
