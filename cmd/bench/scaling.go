package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/paper"
	"symgrad/cmd/bench/internal/peer"
)

// scale measures how cost grows with size, and draws a plot of each study.
func (f *flags) scale(ctx context.Context, stdout io.Writer) error {
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return err
	}
	images, err := own.LoadImages()
	if err != nil {
		return err
	}
	s := own.Setting{Workers: f.workers, Plan: f.plan}
	studies, err := s.Scaling(ctx, f.models, images)
	if err != nil {
		return err
	}
	var table bytes.Buffer
	fmt.Fprintf(&table, "%s %s.\n\n", facts(), peer.Threads(f.workers))
	for _, study := range studies {
		if len(study.Curves) == 0 {
			continue
		}
		if err := paper.WriteStudy(&table, study); err != nil {
			return err
		}
		var picture bytes.Buffer
		if err := paper.WriteScaling(&picture, study); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(f.out, "scaling-"+study.Name+".png"), picture.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if _, err := stdout.Write(table.Bytes()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.out, "scaling.md"), table.Bytes(), 0o644)
}
