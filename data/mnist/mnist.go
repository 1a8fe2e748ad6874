// Package mnist carries the MNIST database of handwritten digits, whole and
// official, inside the program that imports it: 60,000 training and 10,000 test
// images of 28x28 grey pixels. See NOTICE for its authors and licence.
package mnist

import (
	"embed"

	"symgrad/data"
)

//go:embed *-ubyte.gz
var files embed.FS

// Load decodes the training and the test set.
func Load() (train, test *data.Set, err error) {
	train, test, err = data.LoadFS(files)
	if err != nil {
		return nil, nil, err
	}
	train.Name, test.Name = "MNIST training set", "MNIST test set"
	return train, test, nil
}
