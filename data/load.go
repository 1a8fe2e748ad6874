package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// classes of every set in MNIST's form.
const idxClasses = 10

// Load reads a data set in MNIST's form from a directory: the four usual names
// (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-...), also spelled
// with a dot (train-images.idx3-ubyte), each plain or with .gz.
func Load(dir string) (train, test *Set, err error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	train, test, err = LoadFS(os.DirFS(dir))
	if err != nil {
		return nil, nil, fmt.Errorf("%w (in %s)", err, dir)
	}
	return train, test, nil
}

// LoadFS is [Load] from a file system.
func LoadFS(files fs.FS) (train, test *Set, err error) {
	if train, err = loadPair(files, "train"); err != nil {
		return nil, nil, err
	}
	if test, err = loadPair(files, "t10k"); err != nil {
		return nil, nil, err
	}
	return train, test, nil
}

func loadPair(files fs.FS, stem string) (*Set, error) {
	images, imagesName, err := open(files, stem+"-images", "idx3-ubyte")
	if err != nil {
		return nil, err
	}
	defer images.Close()
	pixels, height, width, err := ReadImages(images, imagesName)
	if err != nil {
		return nil, err
	}
	labels, labelsName, err := open(files, stem+"-labels", "idx1-ubyte")
	if err != nil {
		return nil, err
	}
	defer labels.Close()
	classes, err := ReadLabels(labels, labelsName, idxClasses)
	if err != nil {
		return nil, err
	}
	if count := len(pixels) / (height * width); count != len(classes) {
		return nil, fmt.Errorf("data: %s, byte 4: %d labels, but %s has %d images", labelsName, len(classes), imagesName, count)
	}
	return &Set{Name: stem, Shape: []int{1, height, width}, Pixels: pixels, Classes: idxClasses, Labels: classes}, nil
}

func open(files fs.FS, stem, kind string) (fs.File, string, error) {
	for _, name := range []string{stem + "-" + kind, stem + "." + kind} {
		for _, suffix := range []string{"", ".gz"} {
			f, err := files.Open(name + suffix)
			if err == nil {
				return f, name + suffix, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return nil, "", fmt.Errorf("data: %w", err)
			}
		}
	}
	return nil, "", fmt.Errorf("data: no file %s-%s, plain or .gz", stem, kind)
}
