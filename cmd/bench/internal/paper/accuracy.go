package paper

import (
	"fmt"
	"io"
	"strings"

	"symgrad/cmd/bench/internal/goal"
	"symgrad/cmd/bench/internal/peer"
	"symgrad/cmd/bench/internal/timing"
)

// WriteAttempts writes attempts as a Markdown table: a row for each goal and
// who went for it, with the seconds of every seed and their median.
func WriteAttempts(w io.Writer, attempts []goal.Attempt, notes []string) error {
	type key struct {
		model, who string
		threads    int
	}
	runs := map[key][]goal.Attempt{}
	var order []key
	for _, a := range attempts {
		k := key{a.Model, a.Who, a.Threads}
		if runs[k] == nil {
			order = append(order, k)
		}
		runs[k] = append(runs[k], a)
	}
	var b strings.Builder
	b.WriteString("| goal | threads | who | median | each seed: seconds of training (epochs, accuracy) | settings |\n|---|---|---|--:|---|---|\n")
	for _, k := range order {
		var seconds []float64
		var each, settings []string
		missed := 0
		for _, a := range runs[k] {
			if !strings.Contains(strings.Join(settings, ";"), a.Setting) {
				settings = append(settings, a.Setting)
			}
			text := fmt.Sprintf("%d: %.1f s (%d, %.2f %%)", a.Seed, a.Seconds, a.Epochs, 100*a.Accuracy)
			if !a.Reached() {
				missed++
				text = fmt.Sprintf("%d: not in %d epochs, %.1f s (%.2f %%)", a.Seed, a.Epochs, a.Seconds, 100*a.Accuracy)
			}
			each = append(each, text)
			seconds = append(seconds, a.Seconds)
		}
		median := fmt.Sprintf("%.1f s", timing.Of(seconds).Median)
		if missed > 0 {
			median += fmt.Sprintf(", %d of %d missed", missed, len(each))
		}
		line(&b, []string{fmt.Sprintf("%s %.1f %%", k.model, 100*runs[k][0].Goal), fmt.Sprint(k.threads), peer.Title(k.who), median,
			strings.Join(each, "; "), strings.Join(settings, "; or ")})
	}
	for _, note := range notes {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
