package app

import (
	"context"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"
)

// terminal is stderr. Where it is a terminal that can, its last line may be
// drawn again and again; whatever else is printed takes that line's place.
type terminal struct {
	file   *os.File
	drawn  bool // may be drawn on
	colour bool
	utf8   bool
	done   context.Context // of the command: where Ctrl-C ended it, ^C stands where the next line begins

	mu      sync.Mutex
	line    int // columns of what is drawn now
	cleaned bool
}

func newTerminal(ctx context.Context, file *os.File) *terminal {
	t := &terminal{file: file, done: ctx, colour: os.Getenv("NO_COLOR") == "", utf8: speaksUTF8()}
	name := os.Getenv("TERM")
	t.drawn = term.IsTerminal(int(file.Fd())) && name != "dumb" && (name != "" || os.Getenv("WT_SESSION") != "")
	return t
}

// speaksUTF8 reads the locale as C programs do.
func speaksUTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(os.Getenv(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin"
}

// width is how many columns there are now.
func (t *terminal) width() int {
	if width := widthOf(t.file); width > 0 {
		return width
	}
	return 80
}

// widthOf is how many columns a file has, 0 where it is no terminal.
func widthOf(file *os.File) int {
	width, _, _ := term.GetSize(int(file.Fd()))
	return width
}

// Columns is how many columns a command's stdout has, and 0 where it is no
// terminal.
func Columns(stdout io.Writer) int {
	if o, ok := stdout.(*output); ok {
		if file, ok := o.file.(*os.File); ok {
			return widthOf(file)
		}
	}
	return 0
}

// draw replaces the drawn line. Its escape sequences take no columns.
func (t *terminal) draw(line string, columns int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.file.WriteString(t.cleared() + line) // a line that cannot be drawn is no reason to stop training
	t.line = columns
}

func (t *terminal) erase() {
	t.mu.Lock()
	defer t.mu.Unlock()
	ended := t.drawn && t.done.Err() != nil
	if t.line > 0 || ended && !t.cleaned {
		t.cleaned = ended
		_, _ = t.file.WriteString(t.cleared())
	}
}

// cleared takes the drawn line away, and all the rows that a narrower terminal
// has broken it into.
func (t *terminal) cleared() string {
	up := ""
	if rows := (t.line - 1) / t.width(); rows > 0 {
		up = strings.Repeat("\x1b[A", rows)
	}
	t.line = 0
	return "\r" + up + "\x1b[J"
}

func (t *terminal) Write(p []byte) (int, error) {
	t.erase()
	if _, err := t.file.Write(shown(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func columns(s string) int { return utf8.RuneCountInString(s) }

// fitting is the line of an epoch, in a narrow terminal without its last figures,
// how long it took and how fast it was, if they would begin another row.
func fitting(line string, width int) string {
	for range 2 {
		if at := strings.LastIndex(line, ", "); width > 0 && columns(line) > width && at > 0 {
			line = line[:at]
		}
	}
	return line
}
