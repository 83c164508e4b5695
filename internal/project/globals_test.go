package project_test

import (
	"go/ast"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
)

// CON-2: no package keeps state in variables of its own. What never changes is a
// constant or a function; what changes belongs to a value that somebody made.
func TestNoPackageVariables(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				decl, ok := d.(*ast.GenDecl)
				if !ok || decl.Tok != token.VAR {
					continue
				}
				for _, spec := range decl.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						assert.Equal(t, "_", name.Name, "%s: a variable of a package", s.at(name))
					}
				}
			}
		}
	}
}

// BLD-3: no struct embeds reflect.Type: all exported methods of all types would
// be linked then.
func TestNoStructEmbedsReflectType(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if fields, ok := n.(*ast.StructType); ok {
					for _, field := range fields.Fields.List {
						assert.False(t, len(field.Names) == 0 && isReflectType(field.Type), "%s: embeds reflect.Type", s.at(field))
					}
				}
				return true
			})
		}
	}
}

func isReflectType(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Type" {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "reflect"
}
