package own

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"symgrad/cmd/bench/internal/timing"
)

// Footprint is what the built command train-cnn needs.
type Footprint struct {
	Net    string
	Start  timing.Spread // seconds from the start of the process to the end of one step, one evaluation of a batch and the process itself
	Memory float64       // largest resident set while it trains an epoch on all images, in MB; 0 where the system does not tell
}

// Command builds train-cnn into a directory; it needs Go and this module.
func Command(ctx context.Context, dir string) (program string, err error) {
	program = filepath.Join(dir, "train-cnn.exe")
	if output, err := exec.CommandContext(ctx, "go", "build", "-o", program, "symgrad/cmd/train-cnn").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building train-cnn: %w: %s", err, output)
	}
	return program, nil
}

// MeasureFootprint runs the command: dry runs with all images, of which a dry run
// by itself decodes a batch, for the time to the first step, and one epoch.
func MeasureFootprint(ctx context.Context, program, net string, runs int) (Footprint, error) {
	f := Footprint{Net: net}
	var seconds []float64
	for range runs {
		begin := time.Now()
		if _, err := runCommand(ctx, program, "-net", net, "-q", "-dry-run", "-limit", "60000"); err != nil {
			return f, err
		}
		seconds = append(seconds, time.Since(begin).Seconds())
	}
	f.Start = timing.Of(seconds)
	state, err := runCommand(ctx, program, "-net", net, "-q", "-epochs", "1")
	if err == nil {
		f.Memory = peakMemory(state)
	}
	return f, err
}

func runCommand(ctx context.Context, program string, args ...string) (*os.ProcessState, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s %v: %w: %s", filepath.Base(program), args, err, output)
	}
	return cmd.ProcessState, nil
}
