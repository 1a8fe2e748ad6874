// Command strip copies a checkpoint without the optimiser's memory and without
// times, so that training again gives the same file.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/internal/app"
	"symgrad/train/checkpoint"
)

func main() { os.Exit(app.Main("strip", run)) }

func run(_ context.Context, args []string, _, _ io.Writer) error {
	if len(args) != 2 {
		return app.Usage(fmt.Errorf("want two files: from and to"))
	}
	net, meta, err := checkpoint.Load(args[0])
	if err != nil {
		return err
	}
	meta.Progress.State.Slots = nil
	for i := range meta.History {
		meta.History[i].Seconds, meta.History[i].ImagesPerSecond = 0, 0
	}
	return checkpoint.Save(args[1], net, meta)
}
