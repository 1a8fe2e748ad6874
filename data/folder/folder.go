// Package folder reads sets of pictures that lie in a folder for each class:
//
//	train/cat/1.png  train/dog/7.jpg  ...  test/cat/2.png  test/dog/9.webp  ...
//
// or, without train and test, cat/1.png, dog/7.jpg, ..., of which one in six of
// each class, chosen by a seed, is for testing. Classes are in alphabetical
// order. Pictures take turns, one of each class, so that the first hundred are
// of all of them.
package folder

import (
	"context"
	"fmt"
	"path/filepath"

	"symgrad/data"
)

// Options say how a folder is read. The zero value takes pictures as they are,
// which must then be of one size.
type Options struct {
	Size    int                // height and width to scale pictures to, centred; 0: as they are
	Seed    uint64             // of the split, where there is no test folder
	OnRead  func(done, of int) // called now and then while pictures are decoded
	Skipped func(path string)  // called for what is no picture's place: hidden files, files beside the class folders
	Workers int                // that decode; 0: one a processor
}

// Load reads a folder of class folders. Where every picture is grey there is one
// channel, else there are three. A file that is no picture, or a broken one, is
// an error that names it.
func Load(ctx context.Context, dir string, o Options) (train, test *data.Set, err error) {
	all, err := find(dir, o)
	if err != nil {
		return nil, nil, err
	}
	pixels, shape, err := decode(ctx, all.files, o)
	if err != nil {
		return nil, nil, err
	}
	name := dir
	if whole, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(whole)
	}
	make := func(part string, from, to int) *data.Set {
		size := shape[0] * shape[1] * shape[2]
		s := &data.Set{Name: name + " " + part, Shape: shape, Pixels: pixels[from*size : to*size : to*size],
			Classes: len(all.classes), ClassNames: all.classes}
		for _, f := range all.files[from:to] {
			s.Labels = append(s.Labels, f.class)
		}
		return s
	}
	n := len(all.files)
	return make("training set", 0, all.training), make("test set", all.training, n), nil
}

func fail(path, format string, args ...any) error {
	return fmt.Errorf("data: %s: %w", path, fmt.Errorf(format, args...))
}
