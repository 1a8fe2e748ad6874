// Package app is what the train commands share: flags, data, progress, files
// and exit codes.
package app

import (
	"flag"
	"strings"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/mpi"
	"symgrad/train/outdir"
)

// Flags are the settings of the train commands. A command fills in its defaults
// before it registers those that it takes; what is left at zero is the network's
// own.
type Flags struct {
	Epochs, Batch  int
	Rate           float64
	Optimizer      string
	Schedule       string
	Init           string
	Activation     string
	Seed           uint64
	Limit, Size    int
	Validation     int
	Patience       int
	Data, Dataset  string
	Out, Resume    string
	Force          bool
	Show           int
	DryRun         bool
	CheckGradients bool
	DumpProgram    bool
	Quiet          bool
	VM             string
	Workers        int
	Shards         int
	Distributed    string
	MPI            mpi.Options

	group train.Group   // nil: this process alone
	set   *flag.FlagSet // where they were registered
	disk  outdir.FS     // that -out is written to; nil: the operating system's
}

// Register adds the flags of every training.
func (f *Flags) Register(set *flag.FlagSet) {
	f.set = set
	set.IntVar(&f.Epochs, "epochs", f.Epochs, "passes over the training set")
	set.Float64Var(&f.Rate, "lr", f.Rate, "learning rate (default: the optimizer's own)")
	set.StringVar(&f.Optimizer, "optimizer", f.Optimizer, "sgd, momentum, nesterov, rmsprop, adam or adamw")
	set.StringVar(&f.Schedule, "schedule", f.Schedule, "of the learning rate: constant, cosine, onecycle, step or step:EPOCHS:FACTOR")
	set.StringVar(&f.Init, "init", f.Init, "starting weights: "+initNames()+" (default: the network's own)")
	set.Uint64Var(&f.Seed, "seed", f.Seed, "decides weights, order and dropout: same seed, same bits")
	set.StringVar(&f.Out, "out", f.Out, "directory for pictures, report.html, metrics.csv, checkpoints and model.onnx")
	set.StringVar(&f.Resume, "resume", f.Resume, "checkpoint to go on from, with its settings: to the same bits as a run that was never stopped")
	set.BoolVar(&f.Force, "force", f.Force, "let -out write over another run")
	set.BoolVar(&f.DryRun, "dry-run", f.DryRun, "send one batch through everything and stop")
	set.BoolVar(&f.CheckGradients, "check-gradients", f.CheckGradients, "check this network's gradients, on the machine of -vm, against two witnesses before training")
	set.BoolVar(&f.DumpProgram, "dump-program", f.DumpProgram, "print what the own machine makes of the training graph, pass by pass, and stop")
	set.StringVar(&f.VM, "vm", f.VM, "machine that runs the graphs: own, or tape (Gorgonia's TapeMachine)")
	set.IntVar(&f.Workers, "workers", f.Workers, "of the own machine; 0: one a processor")
}

// RegisterHidden adds the flag of networks with hidden layers.
func (f *Flags) RegisterHidden(set *flag.FlagSet) {
	set.StringVar(&f.Activation, "activation", f.Activation, "of the hidden layers: sigmoid, tanh, relu or leaky-relu (default: the network's own)")
}

// ImageFlags are those of [Flags.RegisterImages].
func ImageFlags() []string {
	return []string{"batch", "limit", "validation", "patience", "data", "size", "dataset", "q", "shards", "distributed", "mpi-lib", "mpi-timeout"}
}

// RegisterImages adds the flags of a training on images.
func (f *Flags) RegisterImages(set *flag.FlagSet) {
	set.IntVar(&f.Batch, "batch", f.Batch, "images in a step; the gradient is taken over all of them")
	set.IntVar(&f.Limit, "limit", f.Limit, "use only the first N training and N/6 test images; 0: all")
	set.IntVar(&f.Validation, "validation", f.Validation, "keep N training images, drawn by the seed, for choosing the best epoch (default: 1 in 12 with -out, none without);\nthe test images are then asked once, at the end")
	set.IntVar(&f.Patience, "patience", f.Patience, "stop when N epochs in a row were no better on the validation images; 0: never")
	set.StringVar(&f.Data, "data", f.Data, "directory of another data set: a folder of pictures for each class, perhaps in train and test, or IDX files as MNIST's")
	set.IntVar(&f.Size, "size", f.Size, "height and width to scale the pictures or IDX images of -data to, centred; 0: as they are")
	set.StringVar(&f.Dataset, "dataset", f.Dataset, "mnist (built in) or fashion (downloaded once)")
	set.BoolVar(&f.Quiet, "q", f.Quiet, "print the results only")
	f.registerDistributed(set)
}

// RegisterShow adds the flag of networks that have feature maps.
func (f *Flags) RegisterShow(set *flag.FlagSet) {
	set.IntVar(&f.Show, "show", f.Show, "index of the test image whose feature maps -out draws")
}

func initNames() string {
	var names []string
	for _, i := range models.Inits() {
		names = append(names, i.Name)
	}
	return strings.Join(names, ", ")
}
