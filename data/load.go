package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// idxClasses is the number of classes of every set in MNIST's form.
const idxClasses = 10

// Part is one half of a data set in MNIST's form, as its files are named.
type Part string

// The two parts.
const (
	TrainPart Part = "train"
	TestPart  Part = "t10k"
)

// Load reads a data set in MNIST's form from a directory: images and labels of
// ten classes in IDX files of the four usual names (train-images-idx3-ubyte,
// train-labels-idx1-ubyte, t10k-...), also spelled with a dot
// (train-images.idx3-ubyte), each plain or, where there is no plain one, with
// .gz.
func Load(dir string) (train, test *Set, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("data: %s is no directory; give the one that holds the four IDX files", dir)
	}
	name := dir
	if whole, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(whole)
	}
	train, test, err = LoadFS(os.DirFS(dir), name)
	if err != nil {
		return nil, nil, fmt.Errorf("%w (in %s)", err, dir)
	}
	return train, test, nil
}

// LoadFS is [Load] from a file system, whose two parts it decodes at the same
// time. The sets are called after name.
func LoadFS(files fs.FS, name string) (train, test *Set, err error) {
	var testErr error
	var both sync.WaitGroup
	both.Go(func() { test, testErr = LoadPart(files, TestPart, name+" test set") })
	train, err = LoadPart(files, TrainPart, name+" training set")
	both.Wait()
	if err == nil {
		err = testErr
	}
	if err == nil && !slices.Equal(train.Shape, test.Shape) {
		err = fmt.Errorf("data: training images are %v but test images %v", train.Shape, test.Shape)
	}
	if err != nil {
		return nil, nil, err
	}
	return train, test, nil
}

// LoadPart reads one part of a data set in MNIST's form.
func LoadPart(files fs.FS, part Part, name string) (*Set, error) {
	images, imagesName, err := open(files, part, "images", "idx3-ubyte")
	if err != nil {
		return nil, err
	}
	defer images.Close()
	pixels, height, width, err := ReadImages(images, imagesName)
	if err != nil {
		return nil, err
	}
	labels, labelsName, err := open(files, part, "labels", "idx1-ubyte")
	if err != nil {
		return nil, err
	}
	defer labels.Close()
	classes, err := ReadLabels(labels, labelsName, idxClasses)
	if err != nil {
		return nil, err
	}
	switch count := len(pixels) / (height * width); {
	case count == 0:
		return nil, fmt.Errorf("data: %s, byte 4: no images", imagesName)
	case count != len(classes):
		return nil, fmt.Errorf("data: %s, byte 4: %d labels, but %s has %d images", labelsName, len(classes), imagesName, count)
	}
	return &Set{Name: name, Shape: []int{1, height, width}, Pixels: pixels, Classes: idxClasses, Labels: classes}, nil
}

// open finds a file under any of its names, past directories of that name,
// which some archives unpack to.
func open(files fs.FS, part Part, what, kind string) (fs.File, string, error) {
	stem := string(part) + "-" + what
	for _, name := range []string{stem + "-" + kind, stem + "." + kind, stem + "-" + kind + ".gz", stem + "." + kind + ".gz"} {
		f, err := files.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, "", fmt.Errorf("data: %w", err)
		}
		info, err := f.Stat()
		if err == nil && !info.IsDir() {
			return f, name, nil
		}
		f.Close()
		if err != nil {
			return nil, "", fmt.Errorf("data: %w", err)
		}
	}
	return nil, "", fmt.Errorf("data: no file %s-%s, plain or .gz", stem, kind)
}
