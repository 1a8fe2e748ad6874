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
		at := string(text)
		for i, name := range names {
			_, after, found := strings.Cut(at, name)
			if name == "" || strings.TrimSpace(name) != name || strings.Contains(name, "\n") || slices.Index(names, name) != i || !found {
				t.Fatalf("name %d of %q: %q", i, text, names)
			}
			at = after
		}
		if strings.TrimSpace(at) != "" {
			t.Fatalf("%q is left of %q", at, text)
		}
	})
}
