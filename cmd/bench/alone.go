package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/paper"
	"symgrad/cmd/bench/internal/peer"
	"symgrad/cmd/bench/internal/timing"
)

// alone prints our own figures as they come.
func (f *flags) alone(ctx context.Context, stdout io.Writer) error {
	fmt.Fprintf(stdout, "%s %s. Medians of %d chunks of %g s (smallest .. largest).\n", facts(), peer.Threads(f.workers), f.plan.Chunks, f.plan.Seconds)
	// The footprint comes first: Linux counts what this process has in memory,
	// later the images, as the child's until that has become its own program.
	for _, part := range []func(context.Context, io.Writer) error{f.footprint, f.networks, f.kernels} {
		if err := part(ctx, stdout); err != nil {
			return err
		}
	}
	return nil
}

func (f *flags) networks(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "\n| model | batch | training, images/s | prediction, images/s |\n|---|--:|--:|--:|\n")
	images, err := own.LoadImages()
	if err != nil {
		return err
	}
	for _, model := range f.models {
		s := own.Setting{Model: model, Workers: f.workers, Plan: f.plan}
		if model == own.Neuron {
			step, err := s.Neuron(ctx)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "| N | 4 rows | %.3g microseconds a step (%.3g .. %.3g) | |\n", step.Median, step.Min, step.Max)
			continue
		}
		for _, s.Batch = range []int{1, 64, 1000} {
			trained, err := s.Train(ctx, images)
			if err != nil {
				return err
			}
			predicted, err := s.Predict(ctx, images)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "| %s | %d | %s | %s |\n", model, s.Batch, counts(trained), counts(predicted))
		}
	}
	return nil
}

func counts(s timing.Spread) string {
	return fmt.Sprintf("%s (%s .. %s)", paper.Count(s.Median), paper.Count(s.Min), paper.Count(s.Max))
}

// kernels are measured for a tenth of the time: there are many.
func (f *flags) kernels(ctx context.Context, w io.Writer) error {
	plan := timing.Plan{Chunks: f.plan.Chunks, Seconds: f.plan.Seconds / 10}
	peak, err := own.Peak(ctx, plan)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n| kernel, one core, batch 64 | GFLOP/s | of the peak |\n|---|--:|--:|\n")
	if peak.Median > 0 {
		fmt.Fprintf(w, "| nothing but multiply-adds, the peak | %.1f (%.1f .. %.1f) | 100 %% |\n", peak.Median, peak.Min, peak.Max)
	}
	all, err := own.Kernels()
	if err != nil {
		return err
	}
	for _, k := range all {
		r, err := k.Rate(ctx, plan)
		if err != nil {
			return err
		}
		share := "-" // there is no measure of it in plain Go
		if peak.Median > 0 {
			share = fmt.Sprintf("%.0f %%", 100*r.Median/peak.Median)
		}
		fmt.Fprintf(w, "| %s | %.1f (%.1f .. %.1f) | %s |\n", k.Name, r.Median, r.Min, r.Max, share)
	}
	return nil
}

func (f *flags) footprint(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "symgrad-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := own.Command(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n| train-cnn, built | start to the end of one step, s | largest resident set in an epoch, MB |\n|---|--:|--:|\n")
	for _, net := range []string{"tutorial", "lenet"} {
		p, err := own.MeasureFootprint(ctx, program, net, f.plan.Chunks)
		if err != nil {
			return err
		}
		memory := "-"
		if p.Memory > 0 {
			memory = fmt.Sprintf("%.0f", p.Memory)
		}
		fmt.Fprintf(w, "| %s | %.2f (%.2f .. %.2f) | %s |\n", net, p.Start.Median, p.Start.Min, p.Start.Max, memory)
	}
	return nil
}
