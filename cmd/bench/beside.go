package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/paper"
	"symgrad/cmd/bench/internal/peer"
	"symgrad/train/vm/kernel/cpu"
)

// beside runs the peers in turns with ourselves. Whatever ends it, what was
// measured until then is written.
func (f *flags) beside(ctx context.Context, stdout, stderr io.Writer) (err error) {
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(f.out, "results.jsonl"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	field, err := peer.Enter(ctx, f.config(stderr))
	if err != nil {
		return err
	}
	defer field.Close()
	results := paper.Results{Facts: []string{facts()}}
	runErr := field.Rounds(ctx, f.jobs(), f.rounds, func(l peer.Line) error {
		fmt.Fprintln(stderr, l)
		results.Lines = append(results.Lines, l)
		_, err := fmt.Fprintln(log, l)
		return err
	})
	results.Problems = field.Problems
	return errors.Join(runErr, f.publish(results, stdout))
}

func (f *flags) config(stderr io.Writer) peer.Config {
	return peer.Config{Dir: f.peers, Python: f.python, Node: f.node, Plan: f.plan, Say: func(s string) { fmt.Fprintln(stderr, s) }}
}

// jobs are all models with all numbers of threads and all batches; the neuron has
// its table alone.
func (f *flags) jobs() []peer.Job {
	var jobs []peer.Job
	for _, model := range f.models {
		for _, threads := range f.threads {
			if model == own.Neuron {
				jobs = append(jobs, peer.Job{Model: model, Threads: threads, Batch: 64})
				continue
			}
			for _, batch := range f.batches {
				jobs = append(jobs, peer.Job{Model: model, Threads: threads, Batch: batch})
			}
		}
	}
	return jobs
}

// publish prints the table, and writes it and the chart to the directory.
func (f *flags) publish(results paper.Results, stdout io.Writer) error {
	var table, chart bytes.Buffer
	if err := results.WriteTable(&table); err != nil {
		return err
	}
	if _, err := stdout.Write(table.Bytes()); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(f.out, "table.md"), table.Bytes(), 0o644); err != nil {
		return err
	}
	if !results.Comparable() {
		return nil // nobody to be compared with; the table says why
	}
	if err := results.WriteChart(&chart); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.out, "chart.png"), chart.Bytes(), 0o644)
}

// facts is when and on what this was measured.
func facts() string {
	return fmt.Sprintf("%s, %s, %v kernels, %d processors, %s.", time.Now().Format("2 January 2006"), own.CPU(), cpu.Host(), runtime.NumCPU(), runtime.Version())
}
