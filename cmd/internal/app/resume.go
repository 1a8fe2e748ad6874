package app

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train/checkpoint"
)

// deciding are the flags that decide what a training computes.
func (f *Flags) deciding() []*flag.Flag {
	var flags []*flag.Flag
	for _, name := range []string{"epochs", "batch", "lr", "optimizer", "schedule", "seed", "limit", "validation", "patience", "data", "size", "dataset", "init", "activation", "shards", "task"} {
		if known := f.set.Lookup(name); known != nil {
			flags = append(flags, known)
		}
	}
	return flags
}

// settings are the values of these flags; one shard is not worth a word.
func (f *Flags) settings() map[string]string {
	s := map[string]string{}
	for _, known := range f.deciding() {
		if known.Name != "shards" || f.Shards > 1 {
			s[known.Name] = known.Value.String()
		}
	}
	return s
}

// Resumed is a setting of the checkpoint of -resume, where it says one: what has to
// be known before the training begins, which tells what is wrong with the file.
func (f *Flags) Resumed(name string) (value string, known bool) {
	if f.Resume == "" {
		return "", false
	}
	_, meta, err := checkpoint.Load(f.Resume)
	if err != nil {
		return "", false
	}
	value, known = meta.Settings[name]
	return value, known
}

// load reads the checkpoint of -resume and, from beside it, the network of the best
// epoch, which stays unknown where it is not there. Both are of one instant, even
// while another process goes on writing them.
func (k *keeper) load(path string) error {
	for {
		real := target(path)
		net, meta, err := checkpoint.Load(real)
		if err == nil {
			k.net, k.meta = net, meta
			err = k.loadBest(filepath.Join(filepath.Dir(real), best))
		}
		if real == target(path) {
			return err
		}
	}
}

func (k *keeper) loadBest(path string) error {
	k.best = nil
	net, meta, err := checkpoint.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && meta.Progress.Epoch == k.meta.Best().Number && begins(meta, k.meta) {
		k.best, k.bestMeta = net, meta
	}
	return err
}

// target is the file that a path leads to.
func target(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// takeOver sets the flags as a checkpoint has them. One on the command line that
// says otherwise is an error, but for -epochs and -patience: a training may go on
// for longer.
func (f *Flags) takeOver(settings map[string]string) error {
	given := map[string]string{}
	f.set.Visit(func(g *flag.Flag) { given[g.Name] = g.Value.String() })
	for _, setting := range f.deciding() {
		name := setting.Name
		value, known := settings[name]
		now, ok := given[name]
		switch {
		case !known || ok && (name == "epochs" || name == "patience") || setting.Value.String() == value:
			continue
		case ok && now != value:
			return Usage(fmt.Errorf("%s was trained with -%s %q, not %q: leave the flag out", f.Resume, name, value, now))
		}
		if err := f.set.Set(name, value); err != nil {
			return fmt.Errorf("%s: -%s %q: %w", f.Resume, name, value, err)
		}
	}
	return nil
}

// begins tells whether one checkpoint's history is where the other's begins.
func begins(one, other checkpoint.Meta) bool {
	n := len(one.History)
	return one.Data.SHA256 == other.Data.SHA256 && one.Progress.Seed == other.Progress.Seed && n <= len(other.History) &&
		reflect.DeepEqual(one.History, other.History[:n])
}

// mustBe tells whether a checkpoint's network is one that a command trains.
func mustBe(net *models.Network, path string, specs []models.Spec) error {
	var names []string
	for _, s := range specs {
		if s.Name == net.Name {
			return nil
		}
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return fmt.Errorf("%s holds the network %s, which this command does not train: it trains %s", path, net.Name, strings.Join(names, ", "))
}

// sameData checks that a training goes on with the examples that it began with.
func sameData(path string, was checkpoint.Data, set *data.Set) (checkpoint.Data, error) {
	is := checkpoint.Data{Name: set.Name, SHA256: checkpoint.Fingerprint(set), Classes: set.ClassNames, Shape: set.Shape}
	if path != "" && was.SHA256 != is.SHA256 {
		return is, fmt.Errorf("%s was trained on other examples (%s) than these (%s)", path, was.Name, is.Name)
	}
	return is, nil
}
