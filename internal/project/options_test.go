package project_test

import (
	"go/ast"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each option of the root package is used by a test that stands outside of it, as
// programs do.
func TestOptionsAreUsedFromOutside(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, s := range sources(t) {
		for _, f := range s.tests {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if name, ok := call.Fun.(*ast.SelectorExpr); ok && baseType(name.X) == "orbit" {
					used[name.Sel.Name] = true
				}
				return true
			})
		}
	}
	options := rootOptions(t)
	assert.NotEmpty(t, options)
	for _, name := range options {
		assert.True(t, used[name], "no test calls orbit.%s", name)
	}
}
