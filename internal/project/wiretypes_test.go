package project_test

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// DEC-2: each wire type that some call decodes into is in the table that reads it in
// every envelope with every scalar and name written otherwise.
func TestWireTypesAreAllRead(t *testing.T) {
	t.Parallel()
	all := 0
	for _, s := range sources(t) {
		if strings.Contains(s.ImportPath, "/internal/") {
			continue
		}
		decoded := instances(s.files, 1, "call", "Do", "Create", "List", "Pages", "All", "Rows")
		assert.Equal(t, decoded, instances(s.tests, 1, "wiretest", "Each"), "%s: the wire types of calls, and those in its table", s.ImportPath)
		all += len(decoded)
	}
	assert.Greater(t, all, 35, "of forty")
}

// instances are the type arguments at one place of the functions of a package, in
// order.
func instances(files map[string]*ast.File, at int, pkg string, functions ...string) []string {
	found := map[string]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if e, ok := n.(*ast.IndexListExpr); ok && len(e.Indices) > at {
				sel, ok := e.X.(*ast.SelectorExpr)
				if ok && baseType(sel.X) == pkg && slices.Contains(functions, sel.Sel.Name) {
					found[baseType(e.Indices[at])] = true
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}
