// Command mutate asks of a package's tests what they would notice: it changes
// the code in one place, runs the tests that come by there, and expects one to
// fail.
//
//	mutate [-share 60s] [-only regexp] package...
//
// All mutants of a package are compiled into one test binary, in which an
// environment variable switches one of them on. A first run of every test by
// itself records which mutants would make any difference to it; each mutant is
// then run against those tests alone, the fastest first, until one fails, crashes
// or takes far longer than it should.
//
// What survives must stand in the list of equivalent mutants, with a reason; what
// stands there must survive. Anything else ends the command with status 1.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	cfg := config{out: os.Stdout}
	flag.DurationVar(&cfg.share, "share", 0, "try mutants drawn at random, for about this long and but for those listed; 0: all")
	flag.Uint64Var(&cfg.seed, "seed", 1, "of the draw")
	flag.IntVar(&cfg.workers, "j", runtime.NumCPU(), "processes at once")
	flag.BoolVar(&cfg.quick, "quick", false, "only tests that take less than two seconds with -short")
	path := flag.String("list", ".ci/mutate/equivalent", "file of equivalent mutants")
	only := flag.String("only", "", "try only mutants whose name matches")
	flag.Parse()
	err := func() (err error) {
		if cfg.only, err = regexp.Compile(*only); err != nil {
			return err
		}
		if cfg.listed, err = readList(*path); err != nil {
			return err
		}
		return cfg.run(flag.Args())
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

type config struct {
	out     io.Writer
	share   time.Duration
	seed    uint64
	workers int
	quick   bool
	listed  list
	only    *regexp.Regexp
}

// run tries the mutants of all packages; each gets its part of a share.
func (cfg config) run(packages []string) error {
	scratch, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	wrong := 0
	for _, path := range packages {
		path = strings.TrimPrefix(filepath.Clean(path), "./")
		p, err := load("./" + path)
		if err != nil {
			return err
		}
		b, err := build(p, filepath.Join(scratch, path), cfg.workers, cfg.quick)
		if err != nil {
			return err
		}
		all := names(path, b.mutants)
		ids := cfg.choose(all)
		var deadline time.Time
		if cfg.share > 0 {
			deadline = time.Now().Add(cfg.share / time.Duration(len(packages)))
		}
		c := count{out: cfg.out, listed: cfg.listed, names: all}
		if err := b.judge(ids, cfg.workers, deadline, c.verdict); err != nil {
			return err
		}
		c.missing(path)
		fmt.Fprintf(cfg.out, "%s: %d mutants, %d tried: %d killed, %d equivalent, %d not as they should be\n", path, len(all), c.tried, c.killed, c.equivalent, c.wrong)
		wrong += c.wrong
	}
	if wrong > 0 {
		return fmt.Errorf("%d mutants are not what they should be", wrong)
	}
	return nil
}

// choose gives the numbers of the mutants to try.
func (cfg config) choose(names []string) (ids []int) {
	for i, name := range names {
		if cfg.only.MatchString(name) && (cfg.share == 0 || cfg.listed[name] == 0) {
			ids = append(ids, i+1)
		}
	}
	if cfg.share > 0 {
		draw := rand.New(rand.NewPCG(cfg.seed, 0))
		draw.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	}
	return ids
}

// count is what became of a package's mutants.
type count struct {
	out                              io.Writer
	listed                           list
	names                            []string
	tried, killed, equivalent, wrong int
}

// verdict counts one, and prints what is not as it should be.
func (c *count) verdict(id int, v verdict) {
	name := c.names[id-1]
	listed := c.listed[name] > 0
	c.tried++
	switch {
	case v == killed && listed:
		c.complain("listed, but a test sees it", name)
	case v == killed:
		c.killed++
	case listed:
		c.equivalent++
	case v == unfelt:
		c.complain("makes no difference to any test", name)
	default:
		c.complain("survives", name)
	}
}

// missing complains of what is listed and does not exist.
func (c *count) missing(path string) {
	for name := range c.listed {
		if file, _, _ := strings.Cut(name, " "); filepath.Dir(file) == path && !slices.Contains(c.names, name) {
			c.complain("listed, but there is no such mutant", name)
		}
	}
}

func (c *count) complain(what, name string) {
	fmt.Fprintf(c.out, "%s: %s\n", what, name)
	c.wrong++
}
