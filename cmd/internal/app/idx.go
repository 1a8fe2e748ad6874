package app

import (
	"slices"
	"strconv"

	"symgrad/data"
	"symgrad/data/imagefile"
)

// idx loads the IDX files of -data, scaled to -size. Classes without names are
// called by their labels; but what has MNIST's form keeps none, so that classify
// takes it for digits.
func (f *Flags) idx() (training, test *data.Set, err error) {
	if training, test, err = data.Load(f.Data); err != nil {
		return nil, nil, err
	}
	sets := []*data.Set{training, test}
	if f.Size > 0 {
		for _, s := range sets {
			if err := imagefile.Scale(s, f.Size); err != nil {
				return nil, nil, err
			}
		}
	}
	if training.ClassNames == nil && (training.Classes != 10 || !slices.Equal(training.Shape, []int{1, 28, 28})) {
		names := make([]string, training.Classes)
		for i := range names {
			names[i] = strconv.Itoa(i)
		}
		for _, s := range sets {
			s.ClassNames = names
		}
	}
	return training, test, nil
}
