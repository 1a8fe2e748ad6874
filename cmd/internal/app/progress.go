package app

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"symgrad/train"
)

// between is how long a log goes without a word.
const between = 5 * time.Second

// progress shows the steps of training: a bar with images a second and the time
// left on a terminal, now and then a plain line elsewhere.
func progress(w io.Writer, quiet bool, images int) func(train.Step) {
	if quiet {
		return nil
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return bar(w, images)
	}
	return lines(w, images)
}

func bar(w io.Writer, images int) func(train.Step) {
	var b *progressbar.ProgressBar
	return func(s train.Step) {
		if s.Index == 1 {
			b = progressbar.NewOptions(images, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(fmt.Sprintf("epoch %d", s.Epoch)),
				progressbar.OptionShowIts(), progressbar.OptionSetItsString("images"), progressbar.OptionShowCount(),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
		}
		_ = b.Add(s.Images) // a bar that cannot be drawn is no reason to stop training
	}
}

func lines(w io.Writer, images int) func(train.Step) {
	var begin, last time.Time
	done := 0
	return func(s train.Step) {
		if s.Index == 1 {
			begin, last, done = time.Now(), time.Now(), 0
		}
		done += s.Images
		if time.Since(last) < between || s.Index == s.Steps {
			return
		}
		last = time.Now()
		rate := float64(done) / time.Since(begin).Seconds()
		fmt.Fprintf(w, "epoch %d: %d of %d images, %.0f images/s, %.0f s left\n", s.Epoch, done, images, rate, float64(images-done)/rate)
	}
}
