package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"strings"
)

// notebook is a file of Jupyter's format, version 4. What is not named here is
// kept as it is.
type notebook struct {
	cells []cell
	all   map[string]any
}

type cell struct {
	kind    string // code, markdown or raw
	source  string
	outputs []output
}

// output is one thing that a cell has printed or shown.
type output struct {
	text     string // printed, or shown as plain text or LaTeX
	pictures []string
	failed   string // the error that ended the cell
}

func read(path string) (*notebook, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	n, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

func parse(file []byte) (*notebook, error) {
	var shape struct {
		Cells []struct {
			Type    string `json:"cell_type"`
			Source  lines
			Outputs []struct {
				Type   string `json:"output_type"`
				Text   lines
				Data   map[string]json.RawMessage
				EName  string
				EValue string
			}
		}
	}
	n := &notebook{}
	if err := json.Unmarshal(file, &shape); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(file, &n.all); err != nil {
		return nil, err
	}
	for i, c := range shape.Cells {
		out := cell{kind: c.Type, source: string(c.Source)}
		for _, o := range c.Outputs {
			shown := output{text: string(o.Text)}
			if o.Type == "error" {
				shown.failed = o.EName + ": " + o.EValue
			}
			for _, mime := range []string{"text/plain", "text/latex", "text/markdown", "image/png"} {
				var value lines
				if raw, ok := o.Data[mime]; ok {
					if err := json.Unmarshal(raw, &value); err != nil {
						return nil, fmt.Errorf("cell %d: %s: %w", i+1, mime, err)
					}
				}
				if mime != "image/png" {
					shown.text += string(value)
				} else if value != "" {
					size, err := pictureSize(string(value))
					if err != nil {
						return nil, fmt.Errorf("cell %d: picture: %w", i+1, err)
					}
					shown.pictures = append(shown.pictures, size)
				}
			}
			out.outputs = append(out.outputs, shown)
		}
		n.cells = append(n.cells, out)
	}
	return n, nil
}

// lines is text, which notebooks hold as a string or as a list of them.
type lines string

func (l *lines) UnmarshalJSON(text []byte) error {
	var list []string
	if err := json.Unmarshal(text, &list); err == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	return json.Unmarshal(text, (*string)(l))
}

func pictureSize(text string) (string, error) {
	file, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil {
		return "", err
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return "", err
	}
	return img.Bounds().Size().String(), nil
}

// write writes the notebook without what differs from run to run for no reason:
// times of execution.
func (n *notebook) write(path string) error {
	if cells, ok := n.all["cells"].([]any); ok {
		for _, c := range cells {
			if c, ok := c.(map[string]any); ok {
				c["metadata"] = map[string]any{}
			}
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(n.all); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
