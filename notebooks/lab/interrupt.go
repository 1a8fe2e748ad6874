package lab

import (
	"context"
	"errors"
	"os"
	"os/signal"
)

// Check ends the cell with err, unless it is nil.
func Check(err error) {
	if err != nil {
		panic(err)
	}
}

// Interruptible calls f with a context that is cancelled when the cell is
// interrupted. It ends the cell if f returns an error.
func Interruptible(f func(context.Context) error) { Check(interruptible(f)) }

func interruptible(f func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := f(ctx)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

var errInterrupted = errors.New("interrupted")
