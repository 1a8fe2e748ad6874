package app

import (
	"errors"
	"fmt"
	"io"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train/vm"
)

// errDone ends a command that has done all that it was asked for.
var errDone = errors.New("done")

// dumpProgram prints what the machine makes of a network's training graph: the
// program after each pass, the plan of its memory, and what became of each node.
func dumpProgram(net *models.Network, batch int, stdout io.Writer) error {
	g, err := net.Training(batch)
	if err != nil {
		return err
	}
	m, err := vm.New(g.Expr, vm.Config{Workers: 1, Results: append(G.Nodes{g.Loss}, g.Grads...), Dump: stdout, Verify: true})
	if err != nil {
		return err
	}
	defer m.Close()
	if _, err := fmt.Fprintf(stdout, "-- nodes\n%v", m.Explain()); err != nil {
		return err
	}
	return errDone
}
