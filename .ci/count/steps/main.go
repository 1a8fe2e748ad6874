// Command steps trains a network for some steps, or predicts as often, at batch 64,
// on one worker: what count counts the instructions of.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
)

const batch = 64

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(1)
	}
}

// run takes a network's name, what to do, and how often.
func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want M, C1 or C2, train or predict, and a number")
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	spec, known := map[string]models.Spec{"M": models.MLP(784, 128, 10), "C1": models.Tutorial(), "C2": models.LeNet()}[args[0]]
	if !known {
		return fmt.Errorf("no network %q", args[0])
	}
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		return err
	}
	set, _, err := mnist.First(4*batch, 1)
	if err != nil {
		return err
	}
	if args[1] == "train" {
		return steps(net, set, n)
	}
	return predictions(net, set, n)
}

func steps(net *models.Network, set *data.Set, n int) error {
	t, err := train.NewTrainer(net, set, train.Config{Batch: batch, Rate: 0.05, Machine: train.OwnVM(1)})
	if err != nil {
		return err
	}
	for range n {
		if _, err := t.Step(); err != nil {
			return err
		}
	}
	return t.Close()
}

func predictions(net *models.Network, set *data.Set, n int) error {
	p, err := train.NewPredictor(net, batch, train.OwnVM(1))
	if err != nil {
		return err
	}
	rows, classes := make([]int, batch), make([]int, batch)
	for i := range rows {
		rows[i] = i
	}
	x := make([]float32, batch*set.Size())
	data.Gather(set, rows, x, nil)
	for range n {
		if err := p.Classes(x, classes); err != nil {
			return err
		}
	}
	return p.Close()
}
