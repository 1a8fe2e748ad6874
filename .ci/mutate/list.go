package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// list has the equivalent mutants: paragraphs of a file, in each the names of
// some and, in lines that begin with #, the reason for all of them.
type list map[string]int // name to line

func readList(path string) (list, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseList(path, f)
}

func parseList(path string, text io.Reader) (list, error) {
	l, reason := list{}, false
	lines := bufio.NewScanner(text)
	for n := 1; lines.Scan(); n++ {
		switch line := strings.TrimSpace(lines.Text()); {
		case line == "":
			reason = false
		case line[0] == '#':
			reason = true
		case !reason:
			return nil, fmt.Errorf("%s:%d: no reason is given", path, n)
		case l[line] != 0:
			return nil, fmt.Errorf("%s:%d: stands in line %d already", path, n, l[line])
		default:
			l[line] = n
		}
	}
	return l, lines.Err()
}

// names of a package's mutants, by their numbers less one: the same change of
// lines that read the same, in one function, is numbered.
func names(path string, mutants []mutant) []string {
	seen := map[string]int{}
	var names []string
	for _, m := range mutants {
		name := fmt.Sprintf("%s/%s %s: %s => %s", path, m.file, m.function, m.line, m.change)
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s #%d", name, seen[name])
		}
		names = append(names, name)
	}
	return names
}
