package app

import (
	"context"
	"fmt"
	"io"

	"symgrad/train"
)

// impatient tells whether the last epochs, as many as -patience, were no better
// than the best on the validation set.
func (f *Flags) impatient(k *keeper) bool {
	n := len(k.meta.History)
	return f.Patience > 0 && n > 0 && k.meta.History[n-1].Number-k.meta.Best().Number >= f.Patience
}

// verdict prints what the network does on the test set, beside what it does on
// the validation set if there is one, and so for the best epoch's network.
func verdict(ctx context.Context, k *keeper, sets images, reached train.Result, stdout io.Writer) error {
	n := len(k.meta.History)
	if sets.validation == nil || n == 0 {
		fmt.Fprintf(stdout, "test accuracy %.2f%%\n", 100*reached.Accuracy)
		return nil
	}
	last, best := k.meta.History[n-1], k.meta.Best()
	say := func(which string, e train.Epoch, test train.Result) {
		fmt.Fprintf(stdout, "%s epoch %d: validation accuracy %.2f%%, test accuracy %.2f%%\n", which, e.Number, 100*e.Validation.Accuracy, 100*test.Accuracy)
	}
	if best.Number == last.Number {
		say("last and best,", last, reached)
		return nil
	}
	say("last,", last, reached)
	if k.best == nil {
		return nil
	}
	test, err := train.Evaluate(ctx, k.best, sets.test)
	if err == nil {
		say("best,", best, test)
	}
	return err
}
