package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// mutant is one change of a package.
type mutant struct {
	file     string
	function string
	line     string // the line of source as it stands there, the changed place within « »
	change   string
}

// scan finds the mutants of one file and what to write into it so that each can
// be switched on.
type scan struct {
	*source
	file     file
	mutants  *[]mutant
	function string
	edits    []edit
	judged   map[ast.Expr]bool // conditions that are done
}

// add lists a mutant of the source from begin to end and gives its number, of
// which the first is 1.
func (s *scan) add(begin, end token.Pos, change string) int {
	*s.mutants = append(*s.mutants, mutant{s.file.name, s.function, s.line(begin, end), change})
	return len(*s.mutants)
}

func (s *scan) line(begin, end token.Pos) string {
	text, b, e := string(s.file.text), s.offset(begin), s.offset(end)
	from := strings.LastIndexByte(text[:b], '\n') + 1
	rest, more := text[e:], ""
	if cut := strings.IndexByte(text[b:e], '\n'); cut >= 0 {
		e, rest, more = b+cut, "", "…"
	}
	rest, _, _ = strings.Cut(rest, "\n")
	return strings.TrimSpace(text[from:b] + "«" + text[b:e] + more + "»" + rest)
}

func (s *scan) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// functions scans all functions of the file.
func (s *scan) functions() {
	for _, d := range s.file.tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || len(f.Body.List) == 0 {
			continue
		}
		s.function = f.Name.Name
		if f.Recv != nil {
			s.function = types.ExprString(f.Recv.List[0].Type) + "." + s.function
		}
		s.body(f)
		var above []ast.Node
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if n == nil {
				above = above[:len(above)-1]
				return true
			}
			s.node(n, above)
			above = append(above, n)
			return true
		})
	}
}

// body lets a function return at once, with zeros.
func (s *scan) body(f *ast.FuncDecl) {
	id := s.add(f.Name.Pos(), f.Name.End(), "does nothing")
	text, zeros := "", []string{}
	if r := f.Type.Results; r != nil && r.List[0].Names == nil {
		for i, t := range r.List {
			zeros = append(zeros, fmt.Sprintf("mutate%d", i))
			text += fmt.Sprintf("var %s %s; ", zeros[i], s.file.text[s.offset(t.Type.Pos()):s.offset(t.Type.End())])
		}
	}
	s.insert(f.Body.Lbrace+1, opening, fmt.Sprintf("if !mutateKeep(%d) { %sreturn %s };", id, text, strings.Join(zeros, ", ")))
}

// node finds what can be changed in one node, but for what is below it.
func (s *scan) node(n ast.Node, above []ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		s.condition(n.Cond, true, true)
	case *ast.ForStmt:
		if n.Cond != nil {
			s.condition(n.Cond, logical(n.Cond) != nil, true) // one that is always true alone ends nowhere
		}
	case *ast.SwitchStmt:
		for _, c := range n.Body.List {
			for _, e := range c.(*ast.CaseClause).List {
				if n.Tag == nil {
					s.condition(e, true, true)
				}
			}
		}
	case *ast.ReturnStmt:
		for _, e := range n.Results {
			s.condition(e, true, true)
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			s.condition(n, true, true)
		}
	case *ast.BinaryExpr:
		s.binary(n)
	case *ast.BasicLit:
		s.literal(n, above)
	case *ast.BlockStmt:
		s.statements(n.List)
	case *ast.CaseClause:
		s.statements(n.Body)
	case *ast.CommClause:
		s.statements(n.Body)
	}
}

// logical gives the conjunction or disjunction that e is, or negates.
func logical(e ast.Expr) *ast.BinaryExpr {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return logical(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return logical(e.X)
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			return e
		}
	}
	return nil
}

// condition makes e always true and always false. Of a conjunction every term is
// dropped, which makes it true, and one made false, which does for all; of a
// disjunction the other way round.
func (s *scan) condition(e ast.Expr, yes, no bool) {
	t := s.types.Types[e]
	if basic, ok := under(t.Type).(*types.Basic); !ok || basic.Info()&types.IsBoolean == 0 || t.Value != nil || s.judged[e] {
		return
	}
	s.judged[e] = true
	if chain := logical(e); chain != nil {
		s.chain(chain)
		return
	}
	ids := [2]int{}
	if yes {
		ids[0] = s.add(e.Pos(), e.End(), "true")
	}
	if no {
		ids[1] = s.add(e.Pos(), e.End(), "false")
	}
	s.wrap(e, fmt.Sprintf("mutateBool(%d, %d, ", ids[0], ids[1]))
}

func (s *scan) chain(b *ast.BinaryExpr) {
	and, first := b.Op == token.LAND, true
	var term func(e ast.Expr)
	term = func(e ast.Expr) {
		if same, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && same.Op == b.Op {
			s.judged[same] = true
			term(same.X)
			term(same.Y)
			return
		}
		s.condition(e, and || first, !and || first)
		first = first && logical(e) != nil
	}
	term(b)
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

var calls = map[token.Token]struct{ function, becomes string }{
	token.LSS: {"mutateLess", "<="},
	token.LEQ: {"mutateAtMost", "<"},
	token.GTR: {"mutateMore", ">="},
	token.GEQ: {"mutateAtLeast", ">"},
	token.ADD: {"mutateAdd", "-"},
	token.SUB: {"mutateSub", "+"},
}

// binary exchanges < and <=, > and >=, + and -.
func (s *scan) binary(n *ast.BinaryExpr) {
	if n.Op == token.LAND || n.Op == token.LOR || n.Op == token.EQL || n.Op == token.NEQ {
		s.condition(n, true, true)
		return
	}
	call, ok := calls[n.Op]
	basic, isBasic := under(s.types.Types[n.X].Type).(*types.Basic)
	if !ok || !isBasic || basic.Info()&types.IsNumeric == 0 || s.types.Types[n].Value != nil {
		return
	}
	if n.Op != token.ADD && n.Op != token.SUB {
		s.condition(n, true, true)
	}
	id := s.add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), call.becomes)
	s.wrap(n, fmt.Sprintf("%s(%d, ", call.function, id))
	s.edits = append(s.edits, edit{at: s.offset(n.OpPos), drop: len(n.Op.String()), text: ","})
}

// literal adds one to a number, where the number may be a variable.
func (s *scan) literal(n *ast.BasicLit, above []ast.Node) {
	basic, ok := s.types.Types[n].Type.(*types.Basic)
	if !ok || basic.Info()&types.IsNumeric == 0 || basic.Info()&types.IsUntyped != 0 {
		return
	}
	var below ast.Node = n
	for i := len(above) - 1; i >= 0; i-- {
		switch a := above[i].(type) {
		case *ast.CaseClause, *ast.GenDecl, *ast.ArrayType:
			return
		case *ast.KeyValueExpr:
			if a.Key == below {
				return
			}
		case *ast.CallExpr:
			if f, ok := a.Fun.(*ast.Ident); ok && f.Name == "make" {
				return
			}
		}
		if e, ok := above[i].(ast.Expr); ok && s.types.Types[e].Value != nil {
			return
		}
		if _, ok := above[i].(ast.Stmt); ok {
			break
		}
		below = above[i]
	}
	s.wrap(n, fmt.Sprintf("mutateNumber[%s](%d, ", basic.Name(), s.add(n.Pos(), n.End(), "one more")))
}

// statements drops each that can be left out.
func (s *scan) statements(list []ast.Stmt) {
	for _, st := range list {
		switch st := st.(type) {
		case *ast.ExprStmt:
			if c, ok := st.X.(*ast.CallExpr); ok && types.ExprString(c.Fun) == "panic" {
				continue // the compiler wants an end of a function
			}
		case *ast.AssignStmt:
			if st.Tok == token.DEFINE {
				continue
			}
		case *ast.IncDecStmt, *ast.BranchStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		default:
			continue
		}
		s.insert(st.Pos(), opening, fmt.Sprintf("if mutateKeep(%d) { ", s.add(st.Pos(), st.End(), "left out")))
		s.insert(st.End(), closing, " }")
	}
}
