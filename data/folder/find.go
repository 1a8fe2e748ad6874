package folder

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// file is a picture that is not decoded yet.
type file struct {
	path  string
	class int
}

// found is what lies in a folder: the training files, then those for testing.
type found struct {
	classes  []string
	files    []file
	training int
}

// Has tells whether a directory has a folder in it, as sets of pictures do.
func Has(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.IsDir() && !hidden(e.Name()) })
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }

func find(dir string, o Options) (found, error) {
	folders, err := o.folders(dir)
	if err != nil {
		return found{}, err
	}
	if slices.Contains(folders, "train") && slices.Contains(folders, "test") {
		if len(folders) > 2 {
			return found{}, fail(dir, "it has train and test, but other folders too: %s", strings.Join(folders, ", "))
		}
		return o.parts(dir)
	}
	classes, err := o.classes(dir, 2)
	if err != nil {
		return found{}, err
	}
	return split(dir, classes, o.Seed)
}

// parts finds the files of train and of test.
func (o Options) parts(dir string) (found, error) {
	train, err := o.classes(filepath.Join(dir, "train"), 2)
	if err != nil {
		return found{}, err
	}
	test, err := o.classes(filepath.Join(dir, "test"), 1)
	if err != nil {
		return found{}, err
	}
	f := found{classes: names(train)}
	queues := make([][]string, len(train))
	for _, c := range test {
		i := slices.Index(f.classes, c.name)
		if i < 0 {
			return found{}, fail(filepath.Join(dir, "test", c.name), "no such class in train, which has %s", list(f.classes))
		}
		queues[i] = c.files
	}
	f.files = inTurn(files(train))
	f.training = len(f.files)
	f.files = append(f.files, inTurn(queues)...)
	return f, nil
}

// split deals one file in six of each class, and one at least, to testing.
func split(dir string, classes []class, seed uint64) (found, error) {
	f := found{classes: names(classes)}
	train, test := make([][]string, len(classes)), make([][]string, len(classes))
	for i, c := range classes {
		n := len(c.files)
		if n < 2 {
			return found{}, fail(filepath.Join(dir, c.name), "%d picture, want two at least, one of them for testing", n)
		}
		testing := make([]bool, n)
		for _, k := range rand.New(rand.NewPCG(seed, uint64(i))).Perm(n)[:max(n/6, 1)] {
			testing[k] = true
		}
		for k, path := range c.files {
			if testing[k] {
				test[i] = append(test[i], path)
			} else {
				train[i] = append(train[i], path)
			}
		}
	}
	f.files = inTurn(train)
	f.training = len(f.files)
	f.files = append(f.files, inTurn(test)...)
	return f, nil
}

// inTurn takes a file of each class, then the next of each, until none is left.
func inTurn(queues [][]string) (all []file) {
	for k := 0; ; k++ {
		before := len(all)
		for c, queue := range queues {
			if k < len(queue) {
				all = append(all, file{queue[k], c})
			}
		}
		if len(all) == before {
			return all
		}
	}
}

type class struct {
	name  string
	files []string
}

func names(classes []class) (all []string) {
	for _, c := range classes {
		all = append(all, c.name)
	}
	return all
}

func files(classes []class) (all [][]string) {
	for _, c := range classes {
		all = append(all, c.files)
	}
	return all
}

// classes lists the class folders of a directory, so many at least, and their
// files.
func (o Options) classes(dir string, least int) (all []class, err error) {
	folders, err := o.folders(dir)
	if err != nil {
		return nil, err
	}
	if len(folders) < least {
		return nil, fail(dir, "%d class folders, want %d at least, with pictures in them", len(folders), least)
	}
	for _, name := range folders {
		c := class{name: name}
		entries, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("data: %w", err)
		}
		for _, e := range entries {
			path := filepath.Join(dir, name, e.Name())
			switch {
			case hidden(e.Name()):
				o.skip(path)
			case e.IsDir():
				return nil, fail(path, "a folder in the class folder %s, where only pictures are read", name)
			default:
				c.files = append(c.files, path)
			}
		}
		if len(c.files) == 0 {
			return nil, fail(filepath.Join(dir, name), "no pictures of this class")
		}
		all = append(all, c)
	}
	return all, nil
}

// folders lists the folders in a directory by name.
func (o Options) folders(dir string) (all []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() && !hidden(e.Name()) {
			all = append(all, e.Name())
		} else {
			o.skip(filepath.Join(dir, e.Name()))
		}
	}
	return all, nil
}

func (o Options) skip(path string) {
	if o.Skipped != nil {
		o.Skipped(path)
	}
}

// list is the first few of some names.
func list(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:6], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}
