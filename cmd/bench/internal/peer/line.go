// Package peer runs other frameworks' benchmarks, each a process of its own that
// prints one JSON line, in turns with this program.
package peer

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Line is what a run prints: the form that all peers share. A figure that was
// not measured is zero.
type Line struct {
	Peer          string  `json:"peer"`
	Version       string  `json:"version,omitempty"`
	Model         string  `json:"model"` // N, M, C1 or C2
	Threads       int     `json:"threads"`
	Batch         int     `json:"batch,omitempty"` // 0 means 64, and the whole table for N
	Train         float64 `json:"train_images_per_s,omitempty"`
	Predict       float64 `json:"infer_images_per_s,omitempty"`            // one batch after the other
	PredictSame   float64 `json:"infer_same_batch_images_per_s,omitempty"` // one batch again and again
	Step          float64 `json:"us_per_step,omitempty"`                   // microseconds, of N
	TrainSpread   float64 `json:"train_spread_pct,omitempty"`
	PredictSpread float64 `json:"infer_spread_pct,omitempty"`
	TrainError    string  `json:"train_error,omitempty"` // why it cannot be trained there
}

// String is the line as it is printed.
func (l Line) String() string {
	text, err := json.Marshal(l)
	if err != nil { // a NaN
		return err.Error()
	}
	return string(text)
}

// Parse finds the one line of JSON in what a peer printed, between whatever
// else it had to say.
func Parse(output string) (Line, error) {
	var found Line
	for text := range strings.Lines(output) {
		var l Line
		if json.Unmarshal([]byte(text), &l) == nil && l.Peer != "" && l.Model != "" {
			if found.Peer != "" {
				return Line{}, fmt.Errorf("printed more than one line of figures")
			}
			found = l
		}
	}
	switch {
	case found.Peer == "":
		return Line{}, fmt.Errorf("printed no line of figures: %q", head(output))
	case found.Train <= 0 && found.Predict <= 0 && found.Step <= 0:
		return Line{}, fmt.Errorf("printed a line without figures: %q", head(output))
	}
	return found, nil
}

// head is the beginning of a text, on one line.
func head(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 120 {
		return string(r[:120]) + "..."
	}
	return text
}
