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
		decoded := instances(s.files, "call", "Do", "Create", "List", "Pages", "All", "Rows")
		assert.Equal(t, decoded, instances(s.tests, "wiretest", "Each"), "%s: the wire types of calls, and those in its table", s.ImportPath)
		all += len(decoded)
	}
	assert.Greater(t, all, 35, "of forty")
}

// instances are the second type arguments of the functions of a package, in order.
func instances(files map[string]*ast.File, pkg string, functions ...string) []string {
	found := map[string]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if e, ok := n.(*ast.IndexListExpr); ok && len(e.Indices) >= 2 {
				sel, ok := e.X.(*ast.SelectorExpr)
				if ok && baseType(sel.X) == pkg && slices.Contains(functions, sel.Sel.Name) {
					found[baseType(e.Indices[1])] = true
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}
