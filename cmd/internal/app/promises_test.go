package app

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Whoever is named as keeping a promise is there, and a promise's figure is the
// README's.
func TestPromises(t *testing.T) {
	top := filepath.Join("..", "..", "..")
	table, err := os.ReadFile(filepath.Join(top, ".github", "PROMISES.md"))
	readme, err2 := os.ReadFile(filepath.Join(top, "README.md"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	lines := strings.Join(strings.Fields(string(readme)), " ")
	promises := 0
	for row := range strings.Lines(string(table)) {
		cells := strings.Split(row, "|")
		if len(cells) != 5 || strings.HasPrefix(row, "|---") || strings.HasPrefix(row, "| promise") {
			continue
		}
		promises++
		keepers := quoted.FindAllStringSubmatch(cells[2], -1)
		if keepers == nil {
			t.Errorf("nothing keeps:%s", cells[1])
		}
		for _, k := range keepers {
			if dir, test, ok := strings.Cut(k[1], " "); !exists(filepath.Join(top, dir), test, ok) {
				t.Errorf("%s: there is none", k[1])
			}
		}
		for _, figure := range quoted.FindAllStringSubmatch(cells[3], -1) {
			if !strings.Contains(lines, figure[1]) {
				t.Errorf("the README has no figure %q", figure[1])
			}
		}
	}
	if promises < 20 {
		t.Errorf("%d promises were read", promises)
	}
}

// exists tells whether there is a file or, where a test is named, that test in a
// package's folder.
func exists(path, test string, named bool) bool {
	if !named {
		_, err := os.Stat(path)
		return err == nil
	}
	files, _ := filepath.Glob(filepath.Join(path, "*_test.go"))
	for _, name := range files {
		if text, err := os.ReadFile(name); err == nil && strings.Contains(string(text), "\nfunc "+test+"(") {
			return true
		}
	}
	return false
}
