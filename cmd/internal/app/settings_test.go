package app

import (
	"flag"
	"strings"
	"testing"

	"symgrad/train"
)

// Whatever settings a checkpoint has: one line of error, or a configuration that
// a command line could have asked for too.
func FuzzSettings(f *testing.F) {
	for name, value := range map[string]string{"epochs": "5", "batch": "9223372036854775807", "lr": "NaN", "schedule": "step:9223372036854775807:1e-320", "seed": "-1", "limit": "0x7", "data": "/dev/zero",
		"shards": "1000000000", "optimizer": "\x1b[2J", "resume": "elsewhere", "size": "1\n", "patience": "", "init": "he-normal"} {
		f.Add(name, value)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		flags := &Flags{Epochs: 3, Batch: 20, Rate: 0.1, Optimizer: "sgd", Schedule: "cosine", Seed: 1, Dataset: "mnist", VM: "own", Workers: 1}
		var set flag.FlagSet
		flags.Register(&set)
		flags.RegisterImages(&set)
		if err := set.Parse(nil); err != nil {
			t.Fatal(err)
		}
		err := flags.takeOver(map[string]string{name: value})
		if flags.Resume != "" || flags.Out != "" || flags.Force {
			t.Fatalf("%q: %q decides more than a training: %+v", name, value, flags)
		}
		var cfg train.Config
		if err == nil {
			cfg, err = flags.Config()
		}
		if err != nil {
			if said := string(shown([]byte(err.Error()))); strings.Contains(said, "\n") {
				t.Fatalf("%q: %q: %s", name, value, said)
			}
			return
		}
		if !(cfg.Rate > 0) || cfg.Epochs < 1 || cfg.Batch < 1 || cfg.Shards < 1 || cfg.Shards > train.MostShards || flags.Size < 0 || flags.Size > 4096 || flags.Limit < 0 {
			t.Fatalf("%q: %q: %+v", name, value, cfg)
		}
		if rate := cfg.Schedule(7, 3, 30); !(rate >= 0 && rate <= 1) {
			t.Fatalf("%q: the rate goes to %g", value, rate)
		}
	})
}
