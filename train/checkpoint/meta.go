package checkpoint

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"symgrad/train"
	"symgrad/train/checkpoint/safetensors"
)

// Meta is what a checkpoint knows beside the weights.
type Meta struct {
	Data     Data
	Settings map[string]string // how the training was asked for, such as flags by name
	History  []train.Epoch     // the finished epochs; of validation and test only loss and accuracy

	// Progress is where the training stood. Without State.Slots the file is
	// of weights alone: smaller, but only an optimiser without memory can go
	// on from it.
	Progress train.Progress
}

// Data says which training set it was.
type Data struct {
	Name    string   `json:"name"`
	SHA256  string   `json:"sha256,omitempty"`  // [Fingerprint] of the set
	Classes []string `json:"classes,omitempty"` // their names; none where they are digits
	Shape   []int    `json:"shape,omitempty"`   // of one example, (channels, height, width)
}

// Best is the finished epoch with the largest accuracy on the validation set, the
// first of equals; without validation the last one, for the test set is not there
// to choose by. It is the zero Epoch where there is none.
func (m Meta) Best() train.Epoch {
	var best train.Epoch
	for _, e := range m.History {
		if !best.Validation.Measured() || e.Validation.Accuracy > best.Validation.Accuracy {
			best = e
		}
	}
	return best
}

// meta is Meta, and the architecture, as they stand in a file.
type meta struct {
	Architecture spec              `json:"architecture"`
	Data         Data              `json:"data"`
	Settings     map[string]string `json:"settings,omitempty"`
	Seed         uint64            `json:"seed"`
	Batch        int               `json:"batch"`
	Shards       int               `json:"shards,omitempty"` // 0: one
	Examples     int               `json:"examples"`
	Epoch        int               `json:"epoch"`
	Index        int               `json:"index"`
	Step         int               `json:"step"`
	Loss         number            `json:"loss_sum"`
	Images       int               `json:"images"`
	Optimizer    string            `json:"optimizer"`
	Slots        []string          `json:"slots,omitempty"`
	History      []row             `json:"history,omitempty"`
}

type row struct {
	Epoch     int    `json:"epoch"`
	Loss      number `json:"train_loss"`
	ValLoss   number `json:"validation_loss,omitempty"`
	ValRight  number `json:"validation_accuracy,omitempty"`
	TestLoss  number `json:"test_loss"`
	Accuracy  number `json:"test_accuracy"`
	Seconds   number `json:"seconds"`
	PerSecond number `json:"images_per_second"`
}

func (m Meta) file(s spec, slots []string) meta {
	p := m.Progress
	out := meta{Architecture: s, Data: m.Data, Settings: m.Settings, Seed: p.Seed, Batch: p.Batch, Shards: several(p.Shards), Examples: p.Examples,
		Epoch: p.Epoch, Index: p.Index, Step: p.State.Step, Loss: number(p.Loss), Images: p.Images, Optimizer: p.State.Optimizer, Slots: slots}
	for _, e := range m.History {
		out.History = append(out.History, row{e.Number, number(e.Loss), number(e.Validation.Loss), number(e.Validation.Accuracy), number(e.Test.Loss), number(e.Test.Accuracy), number(e.Seconds), number(e.ImagesPerSecond)})
	}
	return out
}

// several is n, or 0 for one: files of before there were shards say nothing.
func several(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

// printable is an error where a name that will be shown is not fit for it. What
// the data are called is shown only; there, what is not fit is left out.
func (m *meta) printable() error {
	for what, name := range map[string]string{"network": m.Architecture.Name, "initialisation": m.Architecture.Init, "optimizer": m.Optimizer} {
		if !safetensors.Printable(name) {
			return fmt.Errorf("metadata: the %s's name %.100q is not printable, or long", what, name)
		}
	}
	for _, name := range m.Slots {
		if !safetensors.Printable(name) {
			return fmt.Errorf("metadata: the optimizer's tensors %.100q are not printable, or long", name)
		}
	}
	m.Data.Name = shown(m.Data.Name)
	for i, name := range m.Data.Classes {
		m.Data.Classes[i] = shown(name)
	}
	return nil
}

// ordered is an error where the history is none: its epochs must rise from 1, and
// accuracies lie between 0 and 1, or no epoch would be the best for good.
func (m *meta) ordered() error {
	before := 0
	for _, r := range m.History {
		if r.Epoch <= before {
			return fmt.Errorf("metadata: epoch %d of the history comes after epoch %d", r.Epoch, before)
		}
		before = r.Epoch
		for _, v := range []number{r.ValRight, r.Accuracy} {
			if !(v >= 0 && v <= 1) {
				return fmt.Errorf("metadata: epoch %d of the history has an accuracy of %g", r.Epoch, float64(v))
			}
		}
	}
	return nil
}

// shown is the printable part of a name.
func shown(name string) string {
	if safetensors.Printable(name) {
		return name
	}
	var out []rune
	for _, r := range name {
		if len(out) == 80 {
			return string(out) + "..."
		}
		if unicode.IsPrint(r) {
			out = append(out, r)
		}
	}
	return string(out)
}

func (m meta) meta() Meta {
	out := Meta{Data: m.Data, Settings: m.Settings, Progress: train.Progress{Seed: m.Seed, Batch: m.Batch, Shards: max(m.Shards, 1), Examples: m.Examples,
		Epoch: m.Epoch, Index: m.Index, Loss: float64(m.Loss), Images: m.Images, State: train.State{Optimizer: m.Optimizer, Step: m.Step}}}
	for _, r := range m.History {
		out.History = append(out.History, train.Epoch{Number: r.Epoch, Loss: float64(r.Loss), Seconds: float64(r.Seconds), ImagesPerSecond: float64(r.PerSecond),
			Validation: train.Result{Loss: float64(r.ValLoss), Accuracy: float64(r.ValRight)},
			Test:       train.Result{Loss: float64(r.TestLoss), Accuracy: float64(r.Accuracy)}})
	}
	return out
}

// number is a float64 that JSON takes whatever it is: NaN and infinities are
// strings. The digits are enough for the same bits.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return json.Marshal(fmt.Sprint(f))
	}
	return json.Marshal(float64(n))
}

func (n *number) UnmarshalJSON(text []byte) error {
	s := strings.Trim(string(text), `"`)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return fmt.Errorf("%.100q is no number", s)
	}
	*n = number(f)
	return nil
}
