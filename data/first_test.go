package data

import (
	"reflect"
	"testing"
)

// The first of a set are the head of all, of as many classes, however many are
// asked for.
func TestLoadFirst(t *testing.T) {
	files := fsOf(map[string][]byte{
		"t10k-images-idx3-ubyte.gz": images(2, 2, 2, 9, 9, 9, 9, 8, 8, 8, 8),
		"t10k-labels-idx1-ubyte.gz": labels(2, 7, 11),
		"classes.txt":               []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n"),
	})
	train, test, err := LoadFS(files, "x")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		for m := range 4 {
			few, fewer, err := LoadFirst(files, "x", n, m)
			if err != nil || !reflect.DeepEqual(few, train.Head(n)) || !reflect.DeepEqual(fewer, test.Head(m)) {
				t.Errorf("%d and %d images: %v, %v, %v", n, m, few, fewer, err)
			}
		}
	}
}

// What follows the images asked for is not read; that there are as many labels
// as images is checked all the same.
func TestLoadFirstReadsNoMore(t *testing.T) {
	cut := images(3, 2, 2, 0, 51, 102, 255, 1)
	if _, _, err := LoadFirst(fsOf(map[string][]byte{"train-images-idx3-ubyte.gz": cut}), "x", 1, 0); err != nil {
		t.Error(err)
	}
	if _, _, err := LoadFirst(fsOf(map[string][]byte{"train-images-idx3-ubyte.gz": cut}), "x", 2, 0); err == nil {
		t.Error("an image that is not there was read")
	}
	if _, _, err := LoadFirst(fsOf(map[string][]byte{"train-labels-idx1-ubyte.gz": labels(2, 1, 0)}), "x", 1, 0); err == nil {
		t.Error("2 labels of 3 images are no error")
	}
}
