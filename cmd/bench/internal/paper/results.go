// Package paper writes what was measured: tables in Markdown, charts as PNG.
package paper

import (
	"fmt"
	"slices"

	"symgrad/cmd/bench/internal/peer"
	"symgrad/cmd/bench/internal/timing"
)

// Results are the lines of all runs, and what there is to say about them.
type Results struct {
	Lines    []peer.Line
	Facts    []string // date, processor, Go
	Problems []string // who could not run, and why
}

// Kind is one of the figures that lines hold.
type Kind struct {
	Title, Unit string
	Low         bool // the smaller the better
	Same        bool // of one batch again and again
	of          func(peer.Line) float64
}

// Kinds lists the figures that the lines have, each with a table of its own:
// training, prediction by the size of the batch, the neuron.
func (r Results) Kinds() []Kind {
	kinds := []Kind{{Title: "Training, batch 64", Unit: "images/s", of: func(l peer.Line) float64 { return l.Train }}}
	for _, batch := range r.batches() {
		when := func(v func(peer.Line) float64) func(peer.Line) float64 {
			return func(l peer.Line) float64 {
				if l.Batch != batch {
					return 0
				}
				return v(l)
			}
		}
		title := fmt.Sprint("Prediction, batch ", batch)
		kinds = append(kinds,
			Kind{Title: title, Unit: "images/s", of: when(func(l peer.Line) float64 { return l.Predict })},
			Kind{Title: title + " again and again", Same: true, Unit: "images/s", of: when(func(l peer.Line) float64 { return l.PredictSame })})
	}
	return append(kinds, Kind{Title: "The neuron", Unit: "microseconds a step", Low: true, of: func(l peer.Line) float64 { return l.Step }})
}

// batches lists the sizes of the lines' batches, 64 first.
func (r Results) batches() []int {
	var list []int
	for _, l := range r.Lines {
		if l.Batch > 0 && !slices.Contains(list, l.Batch) {
			list = append(list, l.Batch)
		}
	}
	slices.SortFunc(list, func(a, b int) int {
		if (a == 64) != (b == 64) {
			if a == 64 {
				return -1
			}
			return 1
		}
		return a - b
	})
	return list
}

// Row is what everybody made of one model with so many threads.
type Row struct {
	Model   string
	Threads int
	Runs    map[string]timing.Spread // by peer, over its runs
}

// Rows collects one kind of figure, in the order of the models and the threads.
func (r Results) Rows(k Kind) []Row {
	type key struct {
		model   string
		threads int
	}
	values := map[key]map[string][]float64{}
	for _, l := range r.Lines {
		if v := k.of(l); v > 0 {
			at := key{l.Model, l.Threads}
			if values[at] == nil {
				values[at] = map[string][]float64{}
			}
			values[at][l.Peer] = append(values[at][l.Peer], v)
		}
	}
	var rows []Row
	for at, peers := range values {
		row := Row{at.model, at.threads, map[string]timing.Spread{}}
		for name, v := range peers {
			row.Runs[name] = timing.Of(v)
		}
		rows = append(rows, row)
	}
	order := []string{"N", "M", "C1", "C2"}
	slices.SortFunc(rows, func(a, b Row) int {
		if d := slices.Index(order, a.Model) - slices.Index(order, b.Model); d != 0 {
			return d
		}
		return a.Threads - b.Threads
	})
	return rows
}

// Ratio is how many times faster than a peer we are, by the medians; 0 where
// one of the two was not measured.
func (k Kind) Ratio(row Row, name string) float64 {
	us, they := row.Runs[peer.Us].Median, row.Runs[name].Median
	switch {
	case us == 0 || they == 0:
		return 0
	case k.Low:
		return they / us
	}
	return us / they
}

// Peers lists who has a figure in any of the rows, without us.
func Peers(rows []Row) []string {
	return slices.DeleteFunc(peer.Names(), func(name string) bool {
		return name == peer.Us || !slices.ContainsFunc(rows, func(r Row) bool { return r.Runs[name].Median > 0 })
	})
}

// versions lists each peer's own, as its lines have them.
func (r Results) versions() []string {
	var list []string
	for _, name := range peer.Names() {
		if i := slices.IndexFunc(r.Lines, func(l peer.Line) bool { return l.Peer == name && l.Version != "" }); i >= 0 && name != peer.Us {
			list = append(list, peer.Title(name)+" "+r.Lines[i].Version)
		}
	}
	return list
}
