//go:build unix

package cmd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"

	"symgrad/train/checkpoint"
)

const ctrlC = "\x03"

// A training that Ctrl-C stops in the middle of an epoch, in a real terminal, is
// resumed there to the same bits as one that was never stopped: one of images, with
// LONG=1 another, and one of a table.
func TestCtrlCAndResumeInATerminal(t *testing.T) {
	for _, c := range []struct {
		command, running, stopped string
		args                      []string
		early                     int // before so many images much is left of the epoch
	}{
		{"train-neuron", `Random starting`, `stopped after \d+ of 1500000 steps`, []string{"-epochs", "1500000"}, 0},
		{"train-mlp", `epoch 1 .*\d%`, `stopped in epoch 1 at train loss`, []string{"-limit", "12000", "-epochs", "1", "-batch", "1", "-hidden", "64"}, 6000},
		{"train-cnn", `epoch 1 .*\d%`, `stopped in epoch 1 at train loss`, []string{"-limit", "2400", "-epochs", "1", "-batch", "1"}, 1200},
	} {
		t.Run(c.command, func(t *testing.T) {
			if c.command == "train-cnn" && os.Getenv("LONG") == "" {
				t.Skip("as train-mlp, but slower: LONG=1 has it")
			}
			t.Parallel()
			dir := t.TempDir()
			whole, part := filepath.Join(dir, "whole"), filepath.Join(dir, "part")
			if text, err := exec.Command(c.command, append(c.args, "-out", whole)...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			first := start(t, 80, nil, c.command, append(c.args, "-out", part)...)
			first.until(0, c.running)
			first.press(ctrlC)
			first.end(130)
			first.until(0, c.stopped)
			noRests(t, first.output(), 80)
			_, stopped, err := checkpoint.Load(filepath.Join(part, "last.safetensors"))
			if err != nil {
				t.Fatal(err)
			}

			again := start(t, 80, nil, c.command, "-resume", filepath.Join(part, "last.safetensors"), "-out", part)
			again.end(0)
			noRests(t, again.output(), 80)
			// A slow terminal's Ctrl-C may come when there is no time left for a bar.
			if stopped.Progress.Images < c.early && !regexp.MustCompile(`epoch 1 .*\d%.*\ds left`).MatchString(again.output()) {
				t.Errorf("no bar of an epoch that went on in %q", again.output())
			}
			for _, left := range regexp.MustCompile(`[0-9a-z.]+ left`).FindAllString(again.output(), -1) {
				if !regexp.MustCompile(`^(\d{1,2}m)?\d{1,2}s left$`).MatchString(left) {
					t.Errorf("an estimate of %q", left)
				}
			}
			if !bytes.Equal(read(t, whole), read(t, part)) {
				t.Error("a training that was stopped and resumed ends elsewhere")
			}
		})
	}
}

func read(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// noRests tells of a bar that stayed on the screen, and of a ^C in it.
func noRests(t *testing.T, printed string, columns int) {
	t.Helper()
	for _, row := range screen(printed, columns) {
		if strings.ContainsAny(row, "━─#") || strings.Contains(row, "^C") || regexp.MustCompile(`^epoch \d+ `).MatchString(row) {
			t.Errorf("%q is left on the screen", row)
		}
	}
}

var drawing = regexp.MustCompile(`\r(?:\x1b\[A)*\x1b\[J([^\r\n]*)`)

// drawn are the lines that were drawn, without their colours; what is printed
// in a line's place is none.
func drawn(printed string) (lines []string) {
	for _, m := range drawing.FindAllStringSubmatch(printed, -1) {
		line := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(m[1], "")
		if regexp.MustCompile(`\d%`).MatchString(line) && !strings.Contains(line, "accuracy") {
			lines = append(lines, line)
		}
	}
	return lines
}

// The line fits the terminal, whatever its width, and follows a new one; that of
// a whole epoch has its speed where there is room. 20 and 200 columns with LONG=1.
func TestTheLineFitsTheTerminal(t *testing.T) {
	for columns, enough := range map[int]string{20: `\d%`, 40: `\d%`, 80: `epoch 1: `, 200: `epoch 1: `} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			if columns != 40 && columns != 80 && os.Getenv("LONG") == "" {
				t.Skip("as 40 and 80 columns: LONG=1 has it")
			}
			t.Parallel()
			s := start(t, columns, nil, "train-cnn", "-limit", "2400", "-batch", "1", "-epochs", "50")
			s.until(0, enough)
			s.press(ctrlC)
			s.end(130)
			fit(t, s.output(), columns)
			noRests(t, s.output(), columns)
			whole := map[int]string{80: `(?m)^epoch 1: .*, test accuracy [0-9.]+%, [0-9.]+ s$`, 200: `(?m)^epoch 1: .* s, [0-9]+ images/s$`}[columns]
			if rows := strings.Join(screen(s.output(), columns), "\n"); !regexp.MustCompile(whole).MatchString(rows) {
				t.Errorf("no line like %s in\n%s", whole, rows)
			}
		})
	}
	t.Run("resized", func(t *testing.T) {
		t.Parallel()
		s := start(t, 80, nil, "train-cnn", "-limit", "6000", "-batch", "1", "-epochs", "20")
		at := s.until(0, `epoch 1 .*\d%`)
		if err := pty.Setsize(s.tty, &pty.Winsize{Rows: 24, Cols: 30}); err != nil {
			t.Fatal(err)
		}
		from := s.until(at, `\r\x1b\[A\x1b\[A\x1b\[J`) // what was 79 columns wide has become three rows
		s.until(s.until(from, `\d%`), `\d%`)
		s.press(ctrlC)
		s.end(130)
		fit(t, s.output()[from:], 30)
	})
}

func fit(t *testing.T, printed string, columns int) {
	t.Helper()
	lines := drawn(printed)
	if len(lines) == 0 {
		t.Errorf("nothing was drawn in %q", printed)
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "^C")); n+len("^C") >= columns {
			t.Errorf("%q takes %d columns of %d", line, n, columns)
		}
	}
}

// What the environment asks for. No TERM with LONG=1.
func TestTheEnvironmentOfTheTerminal(t *testing.T) {
	for name, c := range map[string]struct {
		env         []string
		want, never string // patterns
	}{
		"colour":          {nil, `\x1b\[36m━`, `#`},
		"NO_COLOR":        {[]string{"NO_COLOR=1"}, `━`, `\x1b\[[0-9;]*m`},
		"without UTF-8":   {[]string{"LC_ALL=C"}, `\[#*\.+\]`, `[^\x00-\x7f]|\x1b\[[0-9;]*m`},
		"a dumb terminal": {[]string{"TERM=dumb"}, `epoch 1: train loss`, `\x1b|\r[^\n]`},
		"no terminal":     {[]string{"TERM="}, `epoch 1: train loss`, `\x1b|\r[^\n]`},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "no terminal" && os.Getenv("LONG") == "" {
				t.Skip("as a dumb terminal: LONG=1 has it")
			}
			t.Parallel()
			s := start(t, 80, c.env, "train-cnn", "-limit", "2400", "-batch", "1", "-epochs", "50")
			s.until(0, c.want)
			s.press(ctrlC)
			s.end(130)
			if bad := regexp.MustCompile(c.never).FindString(s.output()); bad != "" {
				t.Errorf("%q in %q", bad, s.output())
			}
		})
	}
}

// A terminal that goes away, as with a lost connection, loses nothing.
func TestALostTerminalLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, 80, nil, "train-mlp", "-limit", "12000", "-batch", "1", "-epochs", "100", "-hidden", "64", "-out", dir)
	s.until(0, `epoch 1 .*\d%`)
	if err := s.tty.Close(); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait()
	resumed := exec.Command("train-mlp", "-resume", filepath.Join(dir, "last.safetensors"), "-epochs", "1", "-out", dir)
	if text, err := resumed.CombinedOutput(); err != nil || !strings.Contains(string(text), "last and best, epoch 1") {
		t.Errorf("%v: %s", err, text)
	}
}
