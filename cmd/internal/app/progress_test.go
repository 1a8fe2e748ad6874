package app

import (
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"symgrad/train"
)

// Whatever the width, the line is narrower, it counts its own columns, and where
// there is room it says how far the epoch is.
func TestLineFitsAnyWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pace{images: rapid.IntRange(1, 1_000_000).Draw(t, "images"), epoch: rapid.IntRange(1, 100_000).Draw(t, "epoch")}
		p.done = rapid.IntRange(0, p.images).Draw(t, "done")
		p.after = time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "after"))
		width := rapid.IntRange(1, 300).Draw(t, "width")
		utf := rapid.Bool().Draw(t, "utf8")
		line, columns := p.line(width, utf, rapid.Bool().Draw(t, "colour"))
		plain := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(line, "")
		if n := utf8.RuneCountInString(plain); n != columns || n > max(width-3, 0) {
			t.Fatalf("%q takes %d columns of %d, and says %d", plain, n, width, columns)
		}
		if !utf && strings.ContainsFunc(line, func(r rune) bool { return r > 127 && r != '\x1b' }) {
			t.Fatalf("%q is not ASCII", line)
		}
		if width >= 20 && !regexp.MustCompile(`\d%`).MatchString(plain) {
			t.Fatalf("%q of %d columns does not say how far it is", plain, width)
		}
	})
}

// An epoch that is entered in its middle is timed from there.
func TestPaceOfAResumedEpoch(t *testing.T) {
	p, begin := pace{images: 1000}, time.Now()
	for i := 61; i <= 80; i++ { // ten images a step, a tenth of a second each
		p.add(train.Step{Epoch: 2, Index: i, Steps: 100, Images: 10}, begin.Add(time.Duration(i-61)*100*time.Millisecond))
	}
	if p.done != 800 || !(math.Abs(p.rate()-100) <= 1e-6) || strings.Join(p.words(), "") != ", 100 images/s, 2s left" {
		t.Errorf("%d done, %g a second%v", p.done, p.rate(), p.words())
	}
	p.add(train.Step{Epoch: 2, Index: 100, Steps: 100, Images: 3}, begin.Add(4*time.Second)) // a shorter last batch
	if p.done != 1000 {
		t.Errorf("%d images at the end of an epoch of 1000", p.done)
	}
	p.add(train.Step{Epoch: 3, Index: 1, Steps: 100, Images: 10}, begin.Add(5*time.Second))
	if p.words() != nil {
		t.Errorf("after one step it already says%v", p.words())
	}
}

func TestBar(t *testing.T) {
	p := pace{images: 60000, epoch: 2, done: 30000, after: time.Second}
	for width, want := range map[int]string{
		80: "epoch 2 ━━━━━━━━━━━━━━━━━━━────────────────────  50%, 30000 images/s, 1s left",
		40: "epoch 2 ━━━━━━━────────  50%, 1s left",
		24: "epoch 2 ━━━━────  50%",
		20: "epoch 2 50%",
		10: "50%",
	} {
		if got, _ := p.line(width, true, false); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
	if got, _ := p.line(40, false, true); got != "epoch 2 [######.......]  50%, 1s left" {
		t.Errorf("ASCII: %q", got)
	}
}
