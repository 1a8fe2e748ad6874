package app

import (
	"flag"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train/checkpoint"
)

// settings are the flags that decide what a training computes.
func (f *Flags) settings() map[string]string {
	s := map[string]string{}
	for _, name := range []string{"epochs", "batch", "lr", "optimizer", "schedule", "seed", "limit", "validation", "patience", "data", "size", "dataset", "init", "activation"} {
		if known := f.set.Lookup(name); known != nil {
			s[name] = known.Value.String()
		}
	}
	return s
}

// resumed loads the checkpoint of -resume and takes over its settings. A flag on
// the command line that says otherwise is an error, but for -epochs and
// -patience: a training may go on for longer.
func (f *Flags) resumed() (*models.Network, checkpoint.Meta, error) {
	net, meta, err := f.loaded()
	if err != nil {
		return nil, meta, err
	}
	given := map[string]string{}
	f.set.Visit(func(g *flag.Flag) { given[g.Name] = g.Value.String() })
	for name := range f.settings() {
		value, known := meta.Settings[name]
		now, ok := given[name]
		switch {
		case !known || ok && (name == "epochs" || name == "patience") || f.set.Lookup(name).Value.String() == value:
			continue
		case ok && now != value:
			return nil, meta, Usage(fmt.Errorf("%s was trained with -%s %q, not %q: leave the flag out", f.Resume, name, value, now))
		}
		if err := f.set.Set(name, value); err != nil {
			return nil, meta, fmt.Errorf("%s: -%s %q: %w", f.Resume, name, value, err)
		}
	}
	return net, meta, nil
}

// loaded reads the checkpoint of -resume; instead of the last one of a run that
// was killed between writing its best and its last, the best, which is of the
// epoch behind.
func (f *Flags) loaded() (*models.Network, checkpoint.Meta, error) {
	net, meta, err := checkpoint.Load(f.Resume)
	if err != nil || filepath.Base(f.Resume) != last {
		return net, meta, err
	}
	ahead, aheadMeta, err := checkpoint.Load(filepath.Join(filepath.Dir(f.Resume), best))
	if err == nil && len(aheadMeta.History) == len(meta.History)+1 && begins(meta, aheadMeta) {
		return ahead, aheadMeta, nil
	}
	return net, meta, nil
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
