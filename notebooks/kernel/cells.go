//go:build gophernotes

// This file, packages.go and generated symbol tables are compiled into
// gophernotes: package main here is gophernotes'.

package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/token"
	"reflect"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
)

// Without a GOROOT gomacro finds no export data and learns every type by
// reflection. The export data of today's Go would make it panic at start: there
// are nodes in it (aliases, type parameters) that gomacro, of 2022, does not
// know.
func init() { build.Default.GOROOT = "" }

// linkedPackages are the packages of packages.go, set by the generated tables.
var linkedPackages []string

// enter enters a package's names into gomacro's tables, beside those that
// gomacro has of it.
func enter(path string, names imports.PackageUnderlying) {
	pkg := imports.Packages[path]
	pkg.LazyInit(path)
	pkg.Merge(names)
	imports.Packages[path] = pkg
	linkedPackages = append(linkedPackages, path)
}

// beforeCell prepares a parsed cell and returns what is left of it to run.
func beforeCell(ir *fast.Interp, cell []ast.Node) []ast.Node {
	// An interrupt that came while nothing ran must not stop this cell.
	ir.PrepareEnv().Run.Signals.Async = base.SigNone

	var rest []ast.Node
	for _, node := range cell {
		if decl, ok := node.(*ast.GenDecl); ok && decl.Tok == token.IMPORT {
			importLinked(ir, decl)
		} else {
			rest = append(rest, node)
		}
	}
	if last := len(rest) - 1; last >= 0 && isPrint(rest[last]) {
		rest[last] = &ast.ExprStmt{X: rest[last].(ast.Expr)} // a statement has no result: no "27 <nil>" below the output
	}
	return rest
}

// reason says why a cell stopped that panicked with a value that is no error.
func reason(value any) string {
	if value == base.SigInterrupt {
		return "interrupted; what the cells before have set is kept"
	}
	return fmt.Sprint(value)
}

// isPrint reports whether node is a call of fmt.Print, fmt.Fprintf and the like.
func isPrint(node ast.Node) bool {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return false
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := fun.X.(*ast.Ident)
	name := fun.Sel.Name
	return ok && pkg.Name == "fmt" && (strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Fprint"))
}

// importLinked imports packages that are linked into the kernel, before the
// rest of the cell is compiled. It panics for any other: gomacro would build a
// plugin, which takes a minute, and then fail to load it.
func importLinked(ir *fast.Interp, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		path, err := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
		if err != nil {
			panic(err)
		}
		if _, ok := imports.Packages[path]; !ok {
			panic(fmt.Errorf("import %q: not linked into this kernel; name it in notebooks/kernel/packages.go, "+
				"run \"go run ./kernel\" in notebooks and restart the kernel; linked are most of the standard library and %s",
				path, strings.Join(linkedPackages, ", ")))
		}
	}
	ir.Comp.MultiImport(decl)
	repairTypes(ir.Comp.Universe)
}

// repairTypes undoes an approximation. While gomacro reads a type that refers
// to itself, such as gorgonia.Node, it takes []*gorgonia.Node for
// []xreflect.Forward, leaves it so, and marks *gorgonia.Node: whatever a cell
// makes of that, such as func(...*gorgonia.Node), is approximated as well and
// fails. The true type is the key under which gomacro cached it. Types declared
// in cells, which do need the approximation, are not in this cache.
func repairTypes(u *xreflect.Universe) {
	for rtype, typ := range u.ReflectTypes {
		typ.UnsafeForceReflectType(rtype)
		// The mark is the field option of the *xtype that typ, a func(z) *xtype,
		// returns. It has no setter.
		get := reflect.ValueOf(typ)
		xtype := get.Call([]reflect.Value{reflect.Zero(get.Type().In(0))})[0].Elem()
		*(*xreflect.Option)(xtype.FieldByName("option").Addr().UnsafePointer()) = xreflect.OptDefault
	}
}
