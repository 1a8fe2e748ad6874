//go:build unix

package cmd

import (
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// terminal is a command that runs in a pseudo-terminal.
type terminal struct {
	t       *testing.T
	cmd     *exec.Cmd
	tty     *os.File
	printed chan struct{} // closed when nothing more will be

	mu   sync.Mutex
	text strings.Builder
}

// start runs a command of so many columns, in an environment of which TERM and
// the locale are known.
func start(t *testing.T, columns int, env []string, name string, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), append([]string{"TERM=xterm", "LC_ALL=C.UTF-8", "NO_COLOR="}, env...)...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: uint16(columns)})
	if err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, cmd: cmd, tty: tty, printed: make(chan struct{})}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = tty.Close() })
	go func() {
		defer close(s.printed)
		_, _ = io.Copy(s, tty) // Linux ends with an error when the other side is closed
	}()
	return s
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *terminal) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// until waits for what the terminal shows from some place on, and tells where
// that ends.
func (s *terminal) until(from int, pattern string) int {
	s.t.Helper()
	for re := regexp.MustCompile(pattern); ; time.Sleep(5 * time.Millisecond) {
		if at := re.FindStringIndex(s.output()[from:]); at != nil {
			return from + at[1]
		}
		select {
		case <-s.printed:
			s.t.Fatalf("%v ended without %q:\n%s", s.cmd.Args, pattern, s.output())
		default:
		}
	}
}

// press types a key.
func (s *terminal) press(key string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(key); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the exit status.
func (s *terminal) end(status int) {
	s.t.Helper()
	<-s.printed
	_ = s.cmd.Wait()
	if got := s.cmd.ProcessState.ExitCode(); got != status {
		s.t.Fatalf("%v: status %d, want %d:\n%s", s.cmd.Args, got, status, s.output())
	}
}

// screen is what is seen in the end of what was printed, row by row: it knows
// carriage returns, line ends, colours, a cursor that goes up, and erasing to
// the end of the screen.
func screen(printed string, columns int) []string {
	rows := [][]rune{nil}
	x, y := 0, 0
	escape := regexp.MustCompile(`^\x1b\[([0-9;]*)([A-Za-z])`)
	for printed != "" {
		if m := escape.FindStringSubmatch(printed); m != nil {
			switch m[2] {
			case "A":
				y = max(y-1, 0)
			case "J":
				rows = rows[:y+1]
				rows[y] = rows[y][:min(x, len(rows[y]))]
			}
			printed = printed[len(m[0]):]
			continue
		}
		r := []rune(printed[:min(len(printed), 8)])[0]
		printed = printed[len(string(r)):]
		switch r {
		case '\r':
			x = 0
		case '\n':
			if y++; y == len(rows) {
				rows = append(rows, nil)
			}
		default:
			if x == columns {
				if x, y = 0, y+1; y == len(rows) {
					rows = append(rows, nil)
				}
			}
			for len(rows[y]) <= x {
				rows[y] = append(rows[y], ' ')
			}
			rows[y][x] = r
			x++
		}
	}
	var seen []string
	for _, row := range rows {
		seen = append(seen, strings.TrimRight(string(row), " "))
	}
	return seen
}
