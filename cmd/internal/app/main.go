package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// Run is a command: it prints results to stdout and the rest to stderr.
type Run func(ctx context.Context, args []string, stdout, stderr io.Writer) error

// Exit statuses beside 0, 1 for an error and 2 for a mistake on the command
// line. The last two are what a shell reports of SIGINT and of SIGPIPE.
const (
	mistaken    = 2
	interrupted = 130
	unread      = 141
)

// Main runs a command and gives its exit status. Ctrl-C, SIGTERM, SIGHUP and, as
// batch systems send it before a job's time is over, SIGUSR1 cancel the context, a second one ends the process. A reader of stdout that is
// gone, as head soon is, cancels it too, and nothing is said about that. An
// error, writing to stdout included, is one line on stderr.
func Main(name string, run Run) int {
	signals := endings()
	if !signal.Ignored(syscall.SIGHUP) { // nohup ignores it
		signals = append(signals, syscall.SIGHUP)
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a write fails instead; children start without
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	context.AfterFunc(ctx, stop)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	stderr := newTerminal(ctx, os.Stderr)
	stdout := &output{file: os.Stdout, over: stderr, failed: cancel}
	err := run(ctx, os.Args[1:], stdout, stderr)
	stderr.erase()
	status := 1
	switch {
	case errors.Is(stdout.err, syscall.EPIPE):
		return unread
	case errors.Is(err, flag.ErrHelp):
		return 0
	case stdout.err != nil:
		err = stdout.err
	case err == nil, errors.Is(err, errDone):
		return 0
	case errors.Is(err, context.Canceled):
		err, status = errors.New("interrupted"), interrupted
	case errors.Is(err, errUsage):
		status = mistaken
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", "; "))
	return status
}

// output is stdout: it writes over the terminal's drawn line, what can be shown,
// and remembers the first failure, after which it writes nothing.
type output struct {
	file   io.Writer
	over   *terminal
	failed func()
	err    error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	o.over.erase()
	if _, err := o.file.Write(shown(p)); err != nil {
		o.err = err
		o.failed()
		return 0, err
	}
	return len(p), nil
}

// shown is text in which what moves a terminal's cursor, hides or reorders, such as
// an escape sequence in the name of a file, is written out: \x1b.
func shown(text []byte) []byte {
	harmless := func(r rune, size int) bool {
		return r == '\n' || r == '\t' || unicode.IsPrint(r) && !(r == utf8.RuneError && size == 1)
	}
	var out []byte
	from := 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if !harmless(r, size) {
			quoted := strconv.Quote(string(text[at : at+size]))
			out = append(append(out, text[from:at]...), quoted[1:len(quoted)-1]...)
			from = at + size
		}
		at += size
	}
	if out == nil {
		return text
	}
	return append(out, text[from:]...)
}
