package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// errUsage marks errors of the command line, which exit with status 2.
var errUsage = errors.New("usage")

// Parse reads a command line of flags alone; about is what -h says above them.
// Mistakes are reported on stderr.
func Parse(name, about string, set *flag.FlagSet, args []string, stderr io.Writer) error {
	err := ParseArgs(name, about, set, args, stderr)
	if err == nil && set.NArg() > 0 {
		return Usage(fmt.Errorf("unexpected argument %q", set.Arg(0)))
	}
	return err
}

// ParseArgs is [Parse] for a command that takes arguments behind its flags.
func ParseArgs(name, about string, set *flag.FlagSet, args []string, stderr io.Writer) error {
	set.Init(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		var flags strings.Builder
		set.SetOutput(&flags)
		set.PrintDefaults()
		fmt.Fprint(stderr, fit(strings.TrimSpace(about)+"\n\nFlags:\n"+flags.String()))
		return err
	}
	if err != nil {
		return Usage(err)
	}
	return nil
}

// Given tells whether a flag stands on the command line.
func Given(set *flag.FlagSet, name string) bool {
	given := false
	set.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// Refuse is an error where one of some flags is given that what asks for has no
// use for.
func Refuse(set *flag.FlagSet, what string, names ...string) (err error) {
	set.Visit(func(f *flag.Flag) {
		if err == nil && slices.Contains(names, f.Name) {
			err = Usage(fmt.Errorf("-%s has no meaning %s", f.Name, what))
		}
	})
	return err
}

// Usage marks an error as one of the command line.
func Usage(err error) error { return fmt.Errorf("%w; see -h%w", err, quiet{errUsage}) }

// quiet is found by errors.Is but not printed.
type quiet struct{ error }

func (quiet) Error() string   { return "" }
func (q quiet) Unwrap() error { return q.error }
