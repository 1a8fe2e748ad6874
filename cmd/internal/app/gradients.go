package app

import (
	"fmt"
	"io"

	"gorgonia.org/gorgonia"

	"symgrad/data"
	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/train"
)

// checkGradients checks this very network's gradients on two examples, as the
// machine of -vm computes them.
func (f *Flags) checkGradients(net *models.Network, set *data.Set, stdout io.Writer) error {
	machine, err := f.Machine()
	if err != nil {
		return err
	}
	report, err := gradients(net, set, []int{0, 1}[:min(2, set.Len())], machine)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "symbolic gradients against two witnesses, largest relative difference:\n%v\n", report)
	return nil
}

// gradients checks a network's gradients on some examples of a set: in float64
// and in the type that it trains in.
func gradients(net *models.Network, set *data.Set, examples []int, machine train.Backend) (gradcheck.Report, error) {
	x, y := make([]float64, len(examples)*set.Size()), make([]float64, len(examples)*set.Classes)
	data.Gather(set, examples, x, y)
	return gradcheck.Network(net, x, y, len(examples), gradcheck.NetworkOptions{
		Machine: func(g *gorgonia.ExprGraph, results ...*gorgonia.Node) (gradcheck.Runner, error) {
			return machine(g, results...)
		},
	})
}
