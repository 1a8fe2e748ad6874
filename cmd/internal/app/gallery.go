package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"symgrad/models"
	"symgrad/models/formula"
	"symgrad/models/onnx"
	"symgrad/train/report"
)

// gallery saves pictures into a directory and collects them for report.html.
type gallery struct {
	dir  string
	page report.Page
}

// formats of a picture's files: plots are saved as SVG too.
const (
	picture = ".png"
	plots   = ".png .svg"
)

// hang saves a figure and gives it a section of the page. The error is the
// figure's.
func (g *gallery) hang(name, formats, heading, text string, figure report.Figure, err error) error {
	if err != nil {
		return err
	}
	for _, ending := range strings.Fields(formats) {
		if err := figure.Save(filepath.Join(g.dir, name+ending)); err != nil {
			return err
		}
	}
	g.page.Sections = append(g.page.Sections, report.Section{Heading: heading, Text: text, Figure: figure})
	return nil
}

// graph writes the training graph as graph.dot and, where graphviz is installed,
// as graph.svg.
func (g *gallery) graph(ctx context.Context, net *models.Network, batch int) error {
	var dot bytes.Buffer
	if err := formula.WriteDot(&dot, net, batch); err != nil {
		return err
	}
	path := filepath.Join(g.dir, "graph.dot")
	if err := os.WriteFile(path, dot.Bytes(), 0o644); err != nil {
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
		return fmt.Errorf("drawing %s: %w", path, err)
	}
	section.SVG = string(svg)
	g.page.Sections = append(g.page.Sections, section)
	return os.WriteFile(filepath.Join(g.dir, "graph.svg"), svg, 0o644)
}

// close writes report.html, and the network as model.onnx, and gives the page's
// path.
func (g *gallery) close(net *models.Network) (string, error) {
	var model, page bytes.Buffer
	if err := onnx.Export(&model, net); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(g.dir, "model.onnx"), model.Bytes(), 0o644); err != nil {
		return "", err
	}
	if err := g.page.Write(&page); err != nil {
		return "", err
	}
	path := filepath.Join(g.dir, "report.html")
	return path, os.WriteFile(path, page.Bytes(), 0o644)
}
