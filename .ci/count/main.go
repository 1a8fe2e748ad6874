// Command count counts the instructions that a step of training and a prediction
// execute on arm64, with NEON and in plain Go, under qemu-aarch64.
//
//	count PLUGIN NEON TWINS
//
// takes the plugin and command steps, built with and without assembly. What is
// printed are instructions of an emulated processor, not time.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
)

func main() {
	var o options
	flag.IntVar(&o.functions, "functions", 0, "show the share of so many functions, too")
	flag.StringVar(&o.only, "only", "", "what to count, as a regular expression, for example \"train M|C1\"")
	flag.Float64Var(&o.least, "least", 0, "how often as many plain Go must execute")
	flag.Parse()
	if err := o.run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(1)
	}
}

type options struct {
	functions int
	only      string
	least     float64
}

func (o options) run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want a plugin and two programs")
	}
	wanted, err := regexp.Compile(o.only)
	if err != nil {
		return err
	}
	fmt.Print("| millions of instructions, batch 64 | plain Go | NEON | plain Go / NEON |\n|---|--:|--:|--:|\n")
	for _, model := range []string{"M", "C1", "C2"} {
		for _, what := range []string{"train", "predict"} {
			if name := what + " " + model; wanted.MatchString(name) {
				if err := o.compare(name, args, model, what); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// compare prints a line.
func (o options) compare(name string, args []string, model, what string) error {
	twin, err := aStep(args[0], args[2], model, what)
	if err != nil {
		return err
	}
	neon, err := aStep(args[0], args[1], model, what)
	if err != nil {
		return err
	}
	ratio := twin.sum() / neon.sum()
	fmt.Printf("| %s | %.1f | %.1f | %.1f |\n", name, twin.sum()/1e6, neon.sum()/1e6, ratio)
	if o.functions > 0 {
		twin.print("plain Go", o.functions)
		neon.print("NEON", o.functions)
	}
	if ratio < o.least {
		return fmt.Errorf("%s: plain Go executes %.1f times as many instructions as NEON, not %g", name, ratio, o.least)
	}
	return nil
}
