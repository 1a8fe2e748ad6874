// Package mnist carries the MNIST database of handwritten digits, whole and
// official, inside the program that imports it: 60,000 training and 10,000 test
// images of 28x28 grey pixels, white on black, with their digits for labels.
// See NOTICE for its authors and licence.
//
// Every call decodes anew, which takes about a quarter of a second for the
// training set; the caller keeps what it needs.
package mnist

import (
	"embed"

	"symgrad/data"
)

//go:embed *-ubyte.gz
var files embed.FS

// Load decodes both sets at the same time. An error means that the program
// itself is damaged.
func Load() (train, test *data.Set, err error) { return data.LoadFS(files, "MNIST") }

// First decodes the first so many images of both; 0 are all. A few thousand take
// a few milliseconds.
func First(training, testing int) (train, test *data.Set, err error) {
	return data.LoadFirst(files, "MNIST", training, testing)
}

// Train decodes the 60,000 training images alone.
func Train() (*data.Set, error) { return data.LoadPart(files, data.TrainPart, "MNIST training set") }

// Test decodes the 10,000 test images alone.
func Test() (*data.Set, error) { return data.LoadPart(files, data.TestPart, "MNIST test set") }
