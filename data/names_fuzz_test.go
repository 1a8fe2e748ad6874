package data

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The lines of any classes.txt are names that differ, in their order, or are
// refused in a line.
func FuzzNames(f *testing.F) {
	for _, text := range []string{"", "\n", "ant\nbee\n", "ant\r\nbee\r\n", "ant\n\nbee", "ant\nant", " ant \n\tbee", "\xff\n\x1b[2J", "a\u2028b\nc\u00a0"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		names, err := readNames(fstest.MapFS{namesFile: {Data: text}})
		if err != nil {
			if names != nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "data: classes.txt") {
				t.Fatalf("%q, %v", names, err)
			}
			return
		}
		var lines []string
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			if lines = append(lines, strings.TrimSpace(line)); lines[0] == "" { // an empty file has no line
				lines = nil
			}
		}
		if !slices.Equal(names, lines) {
			t.Fatalf("%q, want %q", names, lines)
		}
		for i, name := range names {
			if name == "" || slices.Index(names, name) != i {
				t.Fatalf("name %d of %q: %q", i, text, names)
			}
		}
	})
}
