package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// counts are instructions by function.
type counts map[string]float64

func (c counts) sum() (s float64) {
	for _, n := range c {
		s += n
	}
	return s
}

func (c counts) print(name string, most int) {
	names := make([]string, 0, len(c))
	for f := range c {
		names = append(names, f)
	}
	slices.SortFunc(names, func(a, b string) int { return int(c[b] - c[a]) })
	sum := c.sum()
	for _, f := range names[:min(most, len(names))] {
		fmt.Printf("%-8s %5.1f %% %10.3f  %s\n", name, 100*c[f]/sum, c[f]/1e6, f)
	}
}

// aStep counts one step: what twice as many take more, so that nothing of the
// set-up is in it.
func aStep(plugin, program, model, what string) (counts, error) {
	const steps = 2
	once, err := count(plugin, program, model, what, steps)
	if err != nil {
		return nil, err
	}
	twice, err := count(plugin, program, model, what, 2*steps)
	if err != nil {
		return nil, err
	}
	for f, n := range once {
		twice[f] -= n
	}
	for f := range twice {
		twice[f] /= steps
	}
	return twice, nil
}

// count runs so many steps.
func count(plugin, program, model, what string, steps int) (counts, error) {
	all, err := symbols(program)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "count")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "blocks")
	cmd := exec.Command("qemu-aarch64", "-plugin", plugin+",out="+out, program, model, what, strconv.Itoa(steps))
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1", "GOGC=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, text)
	}
	f, err := os.Open(out)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sum := counts{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var address, instructions, entered uint64
		if _, err := fmt.Sscanf(lines.Text(), "%x %d %d", &address, &instructions, &entered); err != nil {
			return nil, fmt.Errorf("%s: %w", lines.Text(), err)
		}
		sum[all.at(address)] += float64(instructions * entered)
	}
	return sum, nil
}
