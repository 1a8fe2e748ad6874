package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/timing"
	"symgrad/train"
	"symgrad/train/local"
	"symgrad/train/mpi"
)

// distribute measures steps that processes share: goroutines of this one, one
// and two of them, or those that mpirun has started.
func (f *flags) distribute(ctx context.Context, stdout io.Writer) error {
	images, err := own.LoadImages()
	if err != nil {
		return err
	}
	d := &distributed{flags: f, images: images}
	if f.distributed == "mpi" {
		return mpi.Run(mpi.Options{Failed: func(rank int, err error) { fmt.Fprintf(os.Stderr, "bench: rank %d: %v\n", rank, err) }}, func(g train.Group) error {
			if err := d.measure(ctx, g); err != nil || g.Rank() != 0 {
				return err
			}
			return d.write(stdout)
		})
	}
	for _, size := range f.threads {
		err := local.Run(ctx, size, func(ctx context.Context, g train.Group) error {
			if g.Rank() == 0 {
				return d.measure(ctx, g)
			}
			return (&distributed{flags: f, images: images}).measure(ctx, g)
		})
		if err != nil {
			return err
		}
	}
	return d.write(stdout)
}

// distributed is what one process has measured.
type distributed struct {
	*flags
	images   *own.Images
	shares   []own.Share
	messages []own.Network
	adding   float64 // seconds a byte
}

func (d *distributed) measure(ctx context.Context, g train.Group) (err error) {
	if g.Rank() == 0 && d.adding == 0 {
		if d.adding, err = own.Adding(ctx, d.plan); err != nil {
			return err
		}
	}
	for _, model := range d.models {
		if model == own.Neuron {
			continue
		}
		for _, batch := range []int{64, 256, 1024} {
			for _, shards := range []int{1, 2, 4, 8} {
				if shards < g.Size() {
					continue
				}
				s, err := own.Setting{Model: model, Batch: batch, Workers: 1, Plan: d.plan}.Share(ctx, g, d.images, shards)
				if err != nil {
					return err
				}
				d.shares = append(d.shares, s)
			}
		}
	}
	if g.Size() < 2 {
		return nil
	}
	n, err := own.Messages(fmt.Sprintf("%d processes, %s", g.Size(), d.distributed), g, d.plan)
	d.messages = append(d.messages, n)
	return err
}

// write prints the tables and keeps them.
func (d *distributed) write(stdout io.Writer) error {
	var table bytes.Buffer
	fmt.Fprintf(&table, "# One training on several processes\n\n%s One worker a process; processes: %s.\n\n## Measured\n\n", facts(), d.distributed)
	fmt.Fprintf(&table, "| model | batch | processes | shards | step, ms | of it messages, ms | beside one shard alone |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range d.shares {
		beside := ""
		if i := slices.IndexFunc(d.shares, func(o own.Share) bool {
			return o.Model == s.Model && o.Batch == s.Batch && o.Processes == 1 && o.Shards == 1
		}); i >= 0 {
			beside = fmt.Sprintf("%.2f", s.Step.Median/d.shares[i].Step.Median)
		}
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %s | %s | %s |\n", s.Model, s.Batch, s.Processes, s.Shards, ms(s.Step), ms(s.Talk), beside)
	}
	for _, n := range d.messages {
		fmt.Fprintf(&table, "\nMessages between two of %s: %.1f us and %.2f ns a byte.\n", n.Name, 1e6*n.Alpha, 1e9*n.Beta)
	}
	fmt.Fprintf(&table, "\nAdding gradients: %.2f ns a byte.\n", 1e9*d.adding)
	d.expected(&table)
	if _, err := stdout.Write(table.Bytes()); err != nil {
		return err
	}
	if err := os.MkdirAll(d.out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.out, "distributed-"+d.distributed+".md"), table.Bytes(), 0o644)
}

func ms(s timing.Spread) string { return fmt.Sprintf("%.3f", s.Median) }

// expected writes what the measured costs give on networks that are assumed. Steps
// of several processes alone give none.
func (d *distributed) expected(w io.Writer) {
	sizes := []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}
	var costs []own.Cost
	for _, model := range d.models {
		if c, err := own.Fit(model, d.shares, d.adding); err == nil {
			costs = append(costs, c)
		}
	}
	if len(costs) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Expected\n\nFrom the costs above, of a shard and of an image, and networks that are assumed: ")
	for i, n := range own.Networks() {
		fmt.Fprintf(w, "%s%s (%.0f us, %.2f ns a byte)", []string{"", ", "}[min(i, 1)], n.Name, 1e6*n.Alpha, 1e9*n.Beta)
	}
	fmt.Fprintf(w, ".\nEfficiency in per cent: a batch of 16384 shared by all (strong), 256 images for each (weak); of the least of the first six\ndoublings, shared by all (to 64).\n\n| model | network | |")
	for _, p := range sizes {
		fmt.Fprintf(w, " %d |", p)
	}
	fmt.Fprintf(w, " a doubling |\n|---|---|---|%s\n", string(bytes.Repeat([]byte("--:|"), len(sizes)+1)))
	for _, c := range costs {
		for _, n := range own.Networks() {
			fmt.Fprintf(w, "| %s | %s | strong |", c.Model, n.Name)
			for _, p := range sizes {
				fmt.Fprintf(w, " %.0f |", 100*c.Efficiency(n, 16384, p))
			}
			fmt.Fprintf(w, " %.0f |\n| %s | %s | weak |", 100*c.Doubling(n, 16384, 64), c.Model, n.Name)
			for _, p := range sizes {
				fmt.Fprintf(w, " %.0f |", 100*c.Step(n, 256, 1)/c.Step(n, 256*float64(p), p))
			}
			fmt.Fprintln(w, " |")
		}
	}
}
