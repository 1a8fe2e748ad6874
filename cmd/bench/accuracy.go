package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"symgrad/cmd/bench/internal/goal"
	"symgrad/cmd/bench/internal/paper"
	"symgrad/cmd/bench/internal/peer"
	"symgrad/data/mnist"
)

// toAccuracy trains to every goal with every seed, in turns with PyTorch where
// there are peers. Whatever ends it, what was reached until then is written.
func (f *flags) toAccuracy(ctx context.Context, stdout, stderr io.Writer) (err error) {
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(f.out, "accuracy.jsonl"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	var field *peer.Field
	if f.peers != "" {
		if field, err = peer.Enter(ctx, f.config(stderr), peer.PyTorch); err != nil {
			return err
		}
		defer field.Close()
	}
	var attempts []goal.Attempt
	runErr := f.attempts(ctx, field, func(a goal.Attempt) error {
		text, err := json.Marshal(a)
		if err != nil {
			return err
		}
		attempts = append(attempts, a)
		fmt.Fprintf(stderr, "%s\n", text)
		_, err = fmt.Fprintf(log, "%s\n", text)
		return err
	})
	notes := []string{facts()}
	if field != nil {
		notes = append(notes, field.Problems...)
	}
	var table bytes.Buffer
	err = paper.WriteAttempts(io.MultiWriter(stdout, &table), attempts, notes)
	return errors.Join(runErr, err, os.WriteFile(filepath.Join(f.out, "accuracy.md"), table.Bytes(), 0o644))
}

func (f *flags) attempts(ctx context.Context, field *peer.Field, yield func(goal.Attempt) error) error {
	training, test, err := mnist.Load()
	if err != nil {
		return err
	}
	for _, g := range goal.Goals() {
		if !slices.Contains(f.models, g.Model) {
			continue
		}
		for _, seed := range f.seeds {
			a, err := g.Train(ctx, peer.Us, f.workers, seed, training, test)
			if err == nil {
				err = yield(a)
			}
			if err != nil {
				return err
			}
			if !field.Has(peer.PyTorch) {
				continue
			}
			if a, err = field.Train(ctx, g, f.workers, seed); err == nil {
				err = yield(a)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", peer.Title(peer.PyTorch), err)
			}
		}
	}
	return nil
}
