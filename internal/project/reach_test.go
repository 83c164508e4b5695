package project_test

import (
	"go/ast"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// No function that users see wants what they cannot make: a type of an internal
// package.
func TestFunctionsCanBeCalled(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, s := range sources(t) {
		if strings.Contains(s.ImportPath, "/internal/") {
			continue
		}
		for _, f := range s.files {
			internal := internalNames(f)
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || !fn.Name.IsExported() || fn.Recv != nil && !ast.IsExported(baseType(fn.Recv.List[0].Type)) {
					continue
				}
				seen++
				ast.Inspect(fn.Type.Params, func(n ast.Node) bool {
					if x, ok := n.(*ast.SelectorExpr); ok {
						assert.False(t, internal[baseType(x.X)], "%s: %s wants a %s.%s", s.at(fn), fn.Name.Name, baseType(x.X), x.Sel.Name)
					}
					return true
				})
			}
		}
	}
	assert.NotZero(t, seen)
}

// internalNames are the internal packages that a file imports, by their names.
func internalNames(f *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, i := range f.Imports {
		path, _ := strconv.Unquote(i.Path.Value) // it was parsed
		if _, name, ok := strings.Cut(path, "/internal/"); ok {
			names[name] = true
		}
	}
	return names
}
