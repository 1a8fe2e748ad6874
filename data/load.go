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

// Part is one half of a data set in MNIST's form, as its files are named.
type Part string

// The two parts.
const (
	TrainPart Part = "train"
	TestPart  Part = "t10k"
)

// Load reads a data set in MNIST's form from a directory: images of any size and
// their labels in IDX files of the four usual names (train-images-idx3-ubyte,
// train-labels-idx1-ubyte, t10k-...), also spelled with a dot
// (train-images.idx3-ubyte), each plain or, where there is no plain one, with
// .gz. Images with channels, of four dimensions, may also be called
// train-images-idx4-ubyte. There are as many classes as the largest label asks
// for, or as a file classes.txt has lines, the names of the classes in the order
// of their labels.
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
// time. The sets are called after title.
func LoadFS(files fs.FS, title string) (train, test *Set, err error) {
	return LoadFirst(files, title, 0, 0)
}

// LoadFirst is [LoadFS] of the first so many images of each part; 0 are all. It
// reads all labels, which tell the classes, but no image that follows, nor the
// checksum behind it.
func LoadFirst(files fs.FS, title string, training, testing int) (train, test *Set, err error) {
	var testErr error
	var both sync.WaitGroup
	both.Go(func() { test, testErr = loadPart(files, TestPart, title+" test set", testing) })
	train, err = loadPart(files, TrainPart, title+" training set", training)
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
	train.Classes = max(train.Classes, test.Classes)
	test.Classes = train.Classes
	names, err := readNames(files)
	if err == nil {
		err = name(train, test, names)
	}
	if err != nil {
		return nil, nil, err
	}
	return train, test, nil
}

// LoadPart reads one part of a data set in MNIST's form; the largest of its own
// labels decides how many classes there are.
func LoadPart(files fs.FS, part Part, name string) (*Set, error) {
	return loadPart(files, part, name, 0)
}

func loadPart(files fs.FS, part Part, name string, most int) (*Set, error) {
	images, imagesName, err := open(files, part, "images", "idx3-ubyte", "idx4-ubyte")
	if err != nil {
		return nil, err
	}
	defer images.Close()
	pixels, shape, count, err := readImages(images, imagesName, most)
	if err != nil {
		return nil, err
	}
	labels, labelsName, err := open(files, part, "labels", "idx1-ubyte")
	if err != nil {
		return nil, err
	}
	defer labels.Close()
	bytes, err := ReadLabels(labels, labelsName)
	if err != nil {
		return nil, err
	}
	switch {
	case count == 0:
		return nil, fmt.Errorf("data: %s, byte 4: no images", imagesName)
	case count != len(bytes):
		return nil, fmt.Errorf("data: %s, byte 4: %d labels, but %s has %d images", labelsName, len(bytes), imagesName, count)
	}
	set := &Set{Name: name, Shape: shape, Pixels: pixels, Classes: 2}
	set.Labels = make([]int, len(pixels)/set.Size())
	for i, b := range bytes {
		if i < len(set.Labels) {
			set.Labels[i] = int(b)
		}
		set.Classes = max(set.Classes, int(b)+1)
	}
	return set, nil
}

// open finds a file under any of its names, past directories of that name,
// which some archives unpack to.
func open(files fs.FS, part Part, what string, kinds ...string) (fs.File, string, error) {
	stem := string(part) + "-" + what
	for _, name := range names(stem, kinds) {
		f, err := openFile(files, name)
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
	return nil, "", fmt.Errorf("data: no file %s-%s, plain or .gz", stem, kinds[0])
}

// openFile refuses a pipe, which would wait for a writer that may never come.
func openFile(files fs.FS, name string) (fs.File, error) {
	if info, err := fs.Stat(files, name); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		return nil, fmt.Errorf("%s is a pipe, want a file", name)
	}
	return files.Open(name)
}

func names(stem string, kinds []string) (all []string) {
	for _, ending := range []string{"", ".gz"} {
		for _, kind := range kinds {
			all = append(all, stem+"-"+kind+ending, stem+"."+kind+ending)
		}
	}
	return all
}
