package main

import (
	"flag"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/timing"
	"symgrad/models/zoo"
)

// flags are the command line.
type flags struct {
	json, predict     bool
	accuracy, scaling bool
	tune              string // NETWORK or NETWORK/OPTIMIZER
	distributed       string
	graphs            []string // models of package zoo
	optimizers        []string // names of networks
	model             string
	batch, workers    int
	plan              timing.Plan

	peers, out, python, node string
	rounds                   int
	models                   []string
	threads, batches         []int
	seeds                    []int
}

func defaults() *flags {
	return &flags{batch: 64, workers: runtime.GOMAXPROCS(0), plan: timing.Plan{Chunks: 5, Seconds: 0.5}, out: "out/bench",
		rounds: 3, models: own.Models(), threads: []int{1, 2}, batches: []int{64, 1}, seeds: []int{1, 2, 3, 4, 5}}
}

func (f *flags) register(set *flag.FlagSet) {
	set.BoolVar(&f.json, "json", false, "print one line in the peers' form, of -model")
	set.StringVar(&f.model, "model", "", "N, M, C1 or C2, with -json")
	set.IntVar(&f.batch, "batch", f.batch, "images in a step or a prediction, with -json")
	set.BoolVar(&f.predict, "predict", false, "only predict, with -json")
	set.IntVar(&f.workers, "workers", f.workers, "workers, and processors used (GOMAXPROCS)")
	set.IntVar(&f.plan.Chunks, "chunks", f.plan.Chunks, "parts of a measurement, of which the median counts")
	set.Float64Var(&f.plan.Seconds, "chunk-seconds", f.plan.Seconds, "length of one part")
	set.StringVar(&f.peers, "peers", "", "directory of the peers' benchmarks, which may be read-only")
	set.IntVar(&f.rounds, "rounds", f.rounds, "how often every peer has its turn")
	set.Func("models", "models to measure, with commas between (default N,M,C1,C2)", func(s string) error { return f.modelList(s) })
	set.Func("threads", "numbers of threads to compare at (default 1,2)", func(s string) (err error) { f.threads, err = numbers(s); return err })
	set.Func("seeds", "seeds of -accuracy (default 1,2,3,4,5)", func(s string) (err error) { f.seeds, err = numbers(s); return err })
	set.BoolVar(&f.accuracy, "accuracy", false, "train to 97.8 % (M), 98.5 % (C1) and 99.0 % (C2)")
	set.BoolFunc("optimizers", "train every network with every optimizer at its default rate, with the first of -seeds;\n-optimizers=mlp,tutorial takes some of them", func(s string) error { return f.optimizerList(s) })
	set.StringVar(&f.tune, "tune", "", "train a network, such as tutorial or tutorial/sgd, at half and twice its default rates too,\nand judge them by validation images")
	set.BoolFunc("graphs", "time models of stock Gorgonia operators on its TapeMachine and on train/vm in turns;\n-graphs=iris,LSTM takes some of them", func(s string) error { return f.graphList(s) })
	set.BoolVar(&f.scaling, "scaling", false, "plot time against batch, width and number of images")
	set.StringVar(&f.distributed, "distributed", "", "measure steps that processes share: local, goroutines as many as -threads says, or mpi, those that mpirun has started")
	set.StringVar(&f.out, "out", f.out, "directory for tables, results and pictures")
	set.StringVar(&f.python, "python", "", "Python that has torch and numpy (default: python3, then /usr/bin/python3)")
	set.StringVar(&f.node, "node", "", "directory with node_modules/onnxruntime-node and @tensorflow; npm installs there what is missing\n(default: in the user's cache directory)")
	set.Func("batches", "batches to compare at; only those of 64 are trained too (default 1,64)", func(s string) (err error) { f.batches, err = numbers(s); return err })
}

func (f *flags) modelList(s string) error {
	f.models = nil
	for _, m := range strings.Split(s, ",") {
		if !slices.Contains(own.Models(), m) {
			return fmt.Errorf("no model %q; choose of %s", m, strings.Join(own.Models(), ", "))
		}
		f.models = append(f.models, m)
	}
	return nil
}

// graphList reads the models of -graphs.
func (f *flags) graphList(s string) (err error) {
	f.graphs, err = some("model", zoo.Names(), s)
	return err
}

// optimizerList reads the networks of -optimizers.
func (f *flags) optimizerList(s string) (err error) {
	var all []string
	for _, l := range learners() {
		all = append(all, l.spec.Name)
	}
	f.optimizers, err = some("network", all, s)
	return err
}

// some reads a list of names; a flag alone means all.
func some(what string, all []string, s string) ([]string, error) {
	if s == "true" {
		return all, nil
	}
	names := strings.Split(s, ",")
	for _, name := range names {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("no %s %q; choose of %s", what, name, strings.Join(all, ", "))
		}
	}
	return names, nil
}

// numbers reads positive whole numbers with commas between.
func numbers(s string) ([]int, error) {
	var list []int
	for _, field := range strings.Split(s, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("want positive whole numbers with commas between")
		}
		list = append(list, n)
	}
	return list, nil
}

// check tells what does not go together.
func (f *flags) check() error {
	modes := 0
	for _, on := range []bool{f.json, f.accuracy, f.scaling, f.optimizers != nil, f.tune != "", f.graphs != nil, f.distributed != ""} {
		if on {
			modes++
		}
	}
	switch {
	case f.workers < 1 || f.rounds < 1 || f.plan.Chunks < 1 || !(f.plan.Seconds > 0) || math.IsInf(f.plan.Seconds, 0):
		return fmt.Errorf("-workers %d, -rounds %d, -chunks %d, -chunk-seconds %g: they must be positive", f.workers, f.rounds, f.plan.Chunks, f.plan.Seconds)
	case f.batch < 1 || f.batch > 10_000:
		return fmt.Errorf("-batch %d: want 1 to 10000, the number of test images", f.batch)
	case slices.Max(f.batches) > 10_000:
		return fmt.Errorf("-batches %d: want 1 to 10000, the number of test images", slices.Max(f.batches))
	case modes > 1:
		return fmt.Errorf("-json, -accuracy, -scaling, -optimizers, -tune, -graphs and -distributed exclude each other")
	case f.distributed != "" && f.distributed != "local" && f.distributed != "mpi":
		return fmt.Errorf("-distributed %q: want local or mpi", f.distributed)
	case f.tune != "" && !tunable(f.tune):
		return fmt.Errorf("-tune %q: want mlp, tutorial, small or lenet, and after a slash an optimizer", f.tune)
	case f.peers != "" && modes > 0 && !f.accuracy:
		return fmt.Errorf("-peers goes with -accuracy or alone")
	case f.json != (f.model != ""):
		return fmt.Errorf("-json and -model need each other")
	case f.json && !slices.Contains(own.Models(), f.model):
		return fmt.Errorf("no model %q; choose one of %s", f.model, strings.Join(own.Models(), ", "))
	case f.predict && (!f.json || f.model == own.Neuron):
		return fmt.Errorf("-predict goes with -json and one of M, C1, C2")
	}
	return nil
}

// round keeps what is worth printing of a figure.
func round(v, scale float64) float64 { return math.Round(v*scale) / scale }

// percent is a spread's width in per cent of its median.
func percent(s timing.Spread) float64 { return round(100*(s.Max-s.Min)/s.Median, 10) }
