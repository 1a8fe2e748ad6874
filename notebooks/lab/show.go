package lab

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"

	"gonum.org/v1/plot"
	"gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/models/formula"
	"symgrad/train/report"
)

// Show is the picture that a function of package report made; it ends the cell
// if that failed:
//
//	lab.Show(report.Curve(epochs))
func Show(f report.Figure, err error) report.Figure {
	Check(err)
	return f
}

// Plot is a plot as a picture, width x height pixels:
//
//	lab.Plot(640, 400)(report.Lines(axes, lines...))
func Plot(width, height int) func(*plot.Plot, error) report.Figure {
	return func(p *plot.Plot, err error) report.Figure {
		Check(err)
		return report.Of(width, height, p)
	}
}

// Math is mathematics in LaTeX; a notebook shows it set.
type Math string

// Latex is what the kernel asks for.
func (m Math) Latex() string { return "$$" + string(m) + "$$" }

// Formulas writes what a network's training graph computes, gradients included.
func Formulas(net *models.Network) Math {
	lines, err := formula.Network(net)
	Check(err)
	return Math(lines.LaTeX())
}

// Drawing is a PNG file; a notebook shows it.
type Drawing struct{ png []byte }

// PNG is what the kernel asks for.
func (d Drawing) PNG() []byte { return d.png }

// Graph draws a network's training graph, for batches of the given size:
// weights green, the network blue, its gradient orange. It needs graphviz.
func Graph(net *models.Network, batch int) Drawing {
	var dot bytes.Buffer
	Check(formula.WriteDot(&dot, net, batch))
	program, err := exec.LookPath("dot")
	if err != nil {
		Check(errors.New("drawing a graph needs graphviz: apt-get install graphviz, or brew install graphviz"))
	}
	cmd := exec.Command(program, "-Tpng", "-Gdpi=72")
	cmd.Stdin = &dot
	png, err := cmd.Output()
	if err != nil {
		Check(fmt.Errorf("drawing the graph of %s: %w", net.Name, err))
	}
	return Drawing{png}
}

// Formula writes what a node of any Gorgonia graph computes.
func Formula(n *gorgonia.Node) Math { return Math(formula.Node(n, nil)) }
