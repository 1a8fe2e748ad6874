package data

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// namesFile may lie beside IDX files.
const namesFile = "classes.txt"

// readNames reads what classes are called, a name a line in the order of the
// labels; nil where there is no such file.
func readNames(files fs.FS) ([]string, error) {
	f, err := openFile(files, namesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	defer f.Close()
	const most = 1 << 16
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("data: %s: %w", namesFile, err)
	}
	if len(text) > most {
		return nil, fmt.Errorf("data: %s has more than %d bytes", namesFile, most)
	}
	var names []string
	for line := range strings.Lines(strings.TrimSpace(string(text))) {
		name := strings.TrimSpace(line)
		if name == "" || slices.Contains(names, name) {
			return nil, fmt.Errorf("data: %s, line %d: %q, want a name for each label, each another", namesFile, len(names)+1, name)
		}
		names = append(names, name)
	}
	return names, nil
}

// name gives both sets the names of their classes, of which there may be more
// than there are examples of.
func name(train, test *Set, names []string) error {
	if names == nil {
		return nil
	}
	if len(names) < train.Classes {
		return fmt.Errorf("data: %s has %d names, but there is a label %d", namesFile, len(names), train.Classes-1)
	}
	for _, s := range []*Set{train, test} {
		s.Classes, s.ClassNames = len(names), names
	}
	return nil
}
