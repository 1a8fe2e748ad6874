//go:build unix

package cmd

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Where a table of probabilities is wider than the terminal, a line has the
// likeliest answers.
func TestAnswersFitTheTerminal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "photos")
	if err := photos(dir); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for columns, want := range map[int]string{
		80:  `^seven\.png  7 >?9[0-9.]+%, [^,]+%, [^,]+%\n$`,
		200: `^image +answer +0 .*no digit\nseven.png +7 .*\n$`,
	} {
		s := start(t, columns, nil, "classify", "seven.png")
		s.end(0)
		if rows := strings.Join(screen(s.output(), columns), "\n"); !regexp.MustCompile(want).MatchString(rows) {
			t.Errorf("%d columns: %q", columns, rows)
		}
	}
}
