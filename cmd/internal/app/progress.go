package app

import (
	"fmt"
	"io"
	"strings"
	"time"

	"symgrad/train"
)

// How long a log goes without a word, and a bar without being drawn again.
const (
	between = 5 * time.Second
	redraw  = 100 * time.Millisecond
)

// progress shows the steps of training: a bar with images a second and the time
// left on a terminal, now and then a plain line elsewhere.
func progress(w io.Writer, quiet bool, images int) func(train.Step) {
	if quiet {
		return nil
	}
	p := pace{images: images}
	t, ok := w.(*terminal)
	if !ok || !t.drawn {
		return func(s train.Step) {
			if p.add(s, time.Now()); p.due(s, between) {
				fmt.Fprintf(w, "epoch %d: %d of %d images%s\n", s.Epoch, p.done, images, strings.Join(p.words(), ""))
			}
		}
	}
	return func(s train.Step) {
		switch p.add(s, time.Now()); {
		case s.Index == s.Steps:
			t.erase()
		case p.due(s, redraw):
			t.draw(p.line(t.width(), t.utf8, t.colour))
		}
	}
}

// pace is how far an epoch is, and how fast it goes on. An epoch may begin in
// its middle, where a training was resumed.
type pace struct {
	images int // in an epoch

	epoch, done  int
	first        int // of done: at the first step that was seen of this epoch
	begin        time.Time
	after, shown time.Duration // since begin: now, and when it was last shown
}

func (p *pace) add(s train.Step, now time.Time) {
	p.done = s.Index * s.Images
	if s.Index == s.Steps {
		p.done = p.images
	}
	if s.Epoch != p.epoch {
		p.epoch, p.first, p.begin, p.shown = s.Epoch, p.done, now, 0
	}
	p.after = now.Sub(p.begin)
}

// due tells whether so much time has passed since it last was; not at the end
// of an epoch, which has a line of its own.
func (p *pace) due(s train.Step, every time.Duration) bool {
	if p.after-p.shown < every || s.Index == s.Steps {
		return false
	}
	p.shown = p.after
	return true
}

// rate is images a second; 0 where nobody can know yet.
func (p *pace) rate() float64 {
	if p.after <= 0 {
		return 0
	}
	return float64(p.done-p.first) / p.after.Seconds()
}

// words are the figures behind the count: images a second and the time left.
func (p *pace) words() []string {
	rate := p.rate()
	if rate <= 0 {
		return nil
	}
	left := time.Duration(float64(p.images-p.done) / rate * float64(time.Second)).Round(time.Second)
	return []string{fmt.Sprintf(", %.0f images/s", rate), fmt.Sprintf(", %v left", left)}
}

// Columns of a bar that is worth drawing, and of the longest one.
const (
	shortBar = 8
	longBar  = 40
)

// line is the bar with as many of the figures as fit into a terminal, and how
// many columns it takes: fewer than there are, so that the ^C of Ctrl-C does not
// begin another row.
func (p *pace) line(width int, utf8, colour bool) (string, int) {
	width -= len("^C") + 1
	head := fmt.Sprintf("epoch %d ", p.epoch)
	share := float64(p.done) / float64(max(p.images, 1))
	percent := fmt.Sprintf("%3.0f%%", 100*share)
	words := p.words()
	for ; ; words = words[1:] {
		tail := " " + percent + strings.Join(words, "")
		room := width - columns(head) - columns(tail)
		if room >= shortBar {
			size := min(room, longBar)
			return head + bar(share, size, utf8, colour) + tail, columns(head) + size + columns(tail)
		}
		if len(words) == 0 {
			break
		}
	}
	text := head + strings.TrimSpace(percent)
	if columns(text) > width {
		text = strings.TrimSpace(percent)
	}
	text = text[:min(len(text), max(width, 0))]
	return text, len(text)
}

func bar(share float64, size int, utf8, colour bool) string {
	if !utf8 {
		full := int(share * float64(size-2))
		return "[" + strings.Repeat("#", full) + strings.Repeat(".", size-2-full) + "]"
	}
	full := int(share * float64(size))
	done, rest := strings.Repeat("━", full), strings.Repeat("─", size-full)
	if colour {
		done, rest = "\x1b[36m"+done+"\x1b[0m", "\x1b[2m"+rest+"\x1b[0m"
	}
	return done + rest
}
