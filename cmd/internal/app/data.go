package app

import (
	"context"
	"fmt"
	"io"

	"symgrad/data"
	"symgrad/data/mnist"
)

// Images loads the data set that the flags ask for.
func (f *Flags) Images(ctx context.Context, stderr io.Writer) (training, test *data.Set, err error) {
	switch {
	case f.Data != "":
		training, test, err = data.Load(f.Data)
	case f.Dataset == "mnist":
		training, test, err = mnist.Load()
	case f.Dataset == "fashion":
		d := data.FashionMNIST()
		d.Say = func(s string) { fmt.Fprintln(stderr, s) }
		training, test, err = d.Load(ctx)
		if err == nil {
			training.Name, test.Name = "Fashion-MNIST training set", "Fashion-MNIST test set"
			training.ClassNames, test.ClassNames = data.FashionNames(), data.FashionNames()
		}
	default:
		err = Usage(fmt.Errorf("no data set %q; choose mnist or fashion, or use -data DIR", f.Dataset))
	}
	if err != nil {
		return nil, nil, err
	}
	if f.Limit > 0 {
		training, test = training.Head(f.Limit), test.Head(max(f.Limit/6, 1))
	}
	return training, test, nil
}
