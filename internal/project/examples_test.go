package project_test

import (
	"go/ast"
	gobuild "go/build"
	"go/doc"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// DOC-2: every method of every service has an example in its package whose
// output is checked.
func TestEveryMethodHasAnExample(t *testing.T) {
	t.Parallel()
	checked := make(map[string]bool)
	for _, s := range sources(t) {
		var files []*ast.File
		for _, f := range s.tests {
			files = append(files, f)
		}
		for _, e := range doc.Examples(files...) {
			if e.Output != "" || e.EmptyOutput {
				checked[s.ImportPath+" "+e.Name] = true
			}
		}
	}
	var missing []string
	for _, service := range services(t) {
		for i := range service.NumMethod() {
			if name := exampleName(service.Elem(), service.Method(i)); !checked[name] {
				missing = append(missing, name)
			}
		}
	}
	assert.Empty(t, missing, "%d methods without an example (package, then the example's name behind Example):\n%s",
		len(missing), strings.Join(missing, "\n"))
}

// NAM-3: every example is a whole program on its documentation page, by the rule of
// go/doc: what it uses is imported, or declared in its own file.
func TestExamplesAreSelfContained(t *testing.T) {
	t.Parallel()
	if !slices.Contains(gobuild.Default.ReleaseTags, "go1.26") {
		t.Skip("go/doc knows since Go 1.26 that a path such as orbit-go may be package orbit")
	}
	for _, s := range sources(t) {
		for _, f := range s.tests {
			for _, e := range doc.Examples(f) {
				assert.NotNil(t, e.Play, "%s: Example%s uses a helper of another file: declare it in this one, under a name of its own, or do without", s.at(e.Code), e.Name)
			}
		}
	}
}

// exampleName is how the example of a method is found. One with a suffix, as in
// ExampleService_List_filtered, is a further one.
func exampleName(service reflect.Type, m reflect.Method) string {
	return service.PkgPath() + " " + service.Name() + "_" + m.Name
}
