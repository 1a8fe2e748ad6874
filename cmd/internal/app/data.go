package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"symgrad/data"
	"symgrad/data/folder"
	"symgrad/data/mnist"
)

// images are the sets of a training; validation may be nil.
type images struct{ training, validation, test *data.Set }

func (s images) String() string {
	kept := ""
	if s.validation != nil {
		kept = fmt.Sprintf(" and %d kept for validation", s.validation.Len())
	}
	return fmt.Sprintf("%s, %d images%s; %s, %d images", s.training.Name, s.training.Len(), kept, s.test.Name, s.test.Len())
}

// images loads what the flags ask for, and tells which of them do not fit it.
func (f *Flags) images(ctx context.Context, stderr io.Writer) (s images, err error) {
	if s.training, s.test, err = f.load(ctx, stderr); err != nil {
		return s, err
	}
	if f.Show >= s.test.Len() {
		return s, Usage(fmt.Errorf("-show %d: there are test images 0 to %d", f.Show, s.test.Len()-1))
	}
	if f.Resume == "" && f.Out != "" && !Given(f.set, "validation") {
		f.Validation = s.training.Len() / 12
	}
	if f.Validation >= s.training.Len() {
		return s, Usage(fmt.Errorf("-validation %d: there are %d training images, and one must be left", f.Validation, s.training.Len()))
	}
	if f.Validation > 0 {
		if s.validation, err = s.training.HoldOut(f.Validation, f.Seed); err != nil {
			return s, err
		}
	} else if f.Patience > 0 {
		return s, Usage(fmt.Errorf("-patience %d: there are no validation images to be patient about; use -validation N or -out", f.Patience))
	}
	if n := s.training.Len(); f.Batch > n {
		if Given(f.set, "batch") {
			return s, Usage(fmt.Errorf("-batch %d: there are %d training images", f.Batch, n))
		}
		f.Batch = n
	}
	if f.DryRun {
		s.training, s.test = s.training.Head(f.Batch), s.test.Head(max(f.Batch, f.Show+1))
		if s.validation != nil {
			s.validation = s.validation.Head(f.Batch)
		}
	}
	return s, nil
}

func (f *Flags) load(ctx context.Context, stderr io.Writer) (training, test *data.Set, err error) {
	limit, tested := f.Limit, 0 // of the test images; 0: all
	if limit > 0 {
		tested = max(limit/6, 1)
	} else if f.DryRun && f.Out == "" && f.Validation == 0 {
		limit, tested = f.Batch, f.Batch
	}
	switch {
	case f.Data != "" && folder.Has(f.Data):
		training, test, err = folder.Load(ctx, f.Data, folder.Options{Size: f.Size, Seed: f.Seed, OnRead: f.reading(stderr),
			Skipped: func(path string) { fmt.Fprintf(stderr, "not read: %s\n", path) }})
	case f.Data != "":
		training, test, err = f.idx()
	case f.Size != 0:
		err = Usage(fmt.Errorf("-size %d: only the pictures of -data are scaled", f.Size))
	case f.Dataset == "mnist":
		training, test, err = mnist.First(limit, tested)
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
	return training.Head(limit), test.Head(tested), nil
}

// reading says, a second after the other, how many pictures are read.
func (f *Flags) reading(stderr io.Writer) func(done, of int) {
	last := time.Now()
	return func(done, of int) {
		if !f.Quiet && time.Since(last) > time.Second {
			last = time.Now()
			fmt.Fprintf(stderr, "%s: %d of %d pictures read\n", f.Data, done, of)
		}
	}
}
