package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"symgrad/models"
	"symgrad/models/formula"
	"symgrad/models/onnx"
	"symgrad/train/outdir"
	"symgrad/train/report"
)

// gallery saves pictures into a directory and collects them for report.html.
type gallery struct {
	dir  *outdir.Dir
	page report.Page
}

// hang saves a figure as PNG and gives it a section of the page. The error is the
// figure's.
func (g *gallery) hang(name, heading, text string, figure report.Figure, err error) error {
	if err != nil {
		return err
	}
	png := figure.PNG()
	g.page.Sections = append(g.page.Sections, report.Section{Heading: heading, Text: text, PNG: png})
	return g.dir.Write(name+".png", content(png))
}

// plot hangs a figure of lines and letters, and saves it as SVG too.
func (g *gallery) plot(name, heading, text string, figure report.Figure, err error) error {
	if err := g.hang(name, heading, text, figure, err); err != nil {
		return err
	}
	return g.dir.Write(name+".svg", figure.WriteSVG)
}

// graph writes the training graph as graph.dot and, where graphviz is installed,
// as graph.svg.
func (g *gallery) graph(ctx context.Context, net *models.Network, batch int) error {
	var dot bytes.Buffer
	if err := formula.WriteDot(&dot, net, batch); err != nil {
		return err
	}
	if err := g.dir.Write("graph.dot", content(dot.Bytes())); err != nil {
		return err
	}
	section := report.Section{Heading: "The expression graph", Text: "Blue: the network and its loss. Orange: what symbolic differentiation added. Green: weights."}
	program, err := exec.LookPath("dot")
	if err != nil {
		section.Text = "graph.dot holds the drawing; with graphviz installed, dot -Tsvg graph.dot shows it."
		g.page.Sections = append(g.page.Sections, section)
		return nil
	}
	cmd := exec.CommandContext(ctx, program, "-Tsvg")
	cmd.Stdin = &dot
	svg, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("drawing %s: %w%s", g.dir.Path("graph.dot"), err, said(err))
	}
	section.SVG = svg
	g.page.Sections = append(g.page.Sections, section)
	return g.dir.Write("graph.svg", content(svg))
}

// said is what a program said on stderr before it failed, in one line.
func said(err error) string {
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) || len(exit.Stderr) == 0 {
		return ""
	}
	return fmt.Sprintf(": %.400q", strings.Join(strings.Fields(string(exit.Stderr)), " "))
}

// close writes report.html, and the network as model.onnx, and gives the page's
// path.
func (g *gallery) close(net *models.Network) (string, error) {
	if err := g.dir.Write("model.onnx", func(w io.Writer) error { return onnx.Export(w, net) }); err != nil {
		return "", err
	}
	return g.dir.Path("report.html"), g.dir.Write("report.html", g.page.Write)
}

func content(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}
