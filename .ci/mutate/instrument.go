package main

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
)

// edit is text to write into a file in place of drop bytes.
type edit struct {
	at, drop int
	kind     int
	found    int // when
	text     string
}

const (
	closing = iota - 1
	replacing
	opening
)

func (s *scan) insert(at token.Pos, kind int, text string) {
	s.edits = append(s.edits, edit{at: s.offset(at), kind: kind, text: text})
}

// wrap makes e the argument of a call.
func (s *scan) wrap(e ast.Expr, call string) {
	s.insert(e.Pos(), opening, call)
	s.insert(e.End(), closing, ")")
}

// edited is a file's text with its edits, which were found from the outside in:
// what opens first closes last.
func edited(text []byte, edits []edit) []byte {
	for i := range edits {
		edits[i].found = i
		if edits[i].kind == closing {
			edits[i].found = -i
		}
	}
	slices.SortFunc(edits, func(a, b edit) int {
		return cmp.Or(a.at-b.at, a.kind-b.kind, a.found-b.found)
	})
	var out []byte
	from := 0
	for _, e := range edits {
		out = append(append(out, text[from:e.at]...), e.text...)
		from = e.at + e.drop
	}
	return append(out, text[from:]...)
}

//go:embed switches.txt
var switches string

// instrument writes the package, with every mutant in it, into a folder, and
// gives the mutants and the file that the go command's -overlay wants.
func instrument(p *source, folder string) (mutants []mutant, overlay string, err error) {
	replace := map[string]string{}
	write := func(name string, text []byte) error {
		at := filepath.Join(folder, name)
		replace[filepath.Join(p.dir, name)] = at
		return os.WriteFile(at, text, 0o644)
	}
	for _, f := range p.files {
		s := scan{source: p, file: f, mutants: &mutants, judged: map[ast.Expr]bool{}}
		s.functions()
		if err := write(f.name, edited(f.text, s.edits)); err != nil {
			return nil, "", err
		}
	}
	text := fmt.Sprintf("package %s\n%s\nconst mutants = %d\n", p.files[0].tree.Name.Name, switches, len(mutants)+1)
	if err := write("mutate_switches.go", []byte(text)); err != nil {
		return nil, "", err
	}
	overlay = filepath.Join(folder, "overlay.json")
	out, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(overlay, out, 0o644)
	}
	return mutants, overlay, err
}
