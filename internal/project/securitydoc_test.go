package project_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tables of SECURITY.md name tests that exist, in the packages that they name.
func TestSecurityPageNamesTests(t *testing.T) {
	t.Parallel()
	there := make(map[string]bool)
	for _, s := range sources(t) {
		for _, f := range s.tests {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					there[inModule(s.ImportPath)+" "+d.Name.Name] = true
				}
			}
		}
	}
	named := 0
	for _, heading := range []string{"## What the SDK promises about keys and personal data", "## What the SDK promises about what comes from elsewhere"} {
		for _, row := range rows(t, "SECURITY.md", heading) {
			for _, claim := range strings.Split(row[1], ";") {
				tests, pkg, found := strings.Cut(claim, " in ")
				require.True(t, found, claim)
				for _, test := range marked(tests) {
					named++
					assert.True(t, there[marked(pkg)[0]+" "+test], "there is no %s in %s", test, pkg)
				}
			}
		}
	}
	assert.Greater(t, named, 20)
}

// LEAK-3: the page on security lists the places whose values a dump shows.
func TestSecurityPageListsWhatADumpShows(t *testing.T) {
	t.Parallel()
	_, shown, found := strings.Cut(contents(t, "internal/call/dump.go"), "func isShown(")
	require.True(t, found)
	var places []string
	for _, m := range regexp.MustCompile(`"(\.[a-z_.]+)"`).FindAllStringSubmatch(shown, -1) {
		if m[1] != ".data" { // the item itself
			places = append(places, m[1])
		}
	}
	page := blocks("docs/security.md", pages(t)["docs/security.md"], "text")
	require.Len(t, page, 1)
	listed := strings.Fields(page[0].code)
	slices.Sort(places)
	slices.Sort(listed)
	assert.Equal(t, slices.Compact(places), listed)
}

// The commands on the page on security run tests that exist.
func TestSecurityPageCommandsRunSomething(t *testing.T) {
	t.Parallel()
	var names []string
	for _, s := range sources(t) {
		for _, f := range s.tests {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					names = append(names, d.Name.Name)
				}
			}
		}
	}
	flags := regexp.MustCompile(`-(?:run|fuzz|bench) '?([A-Za-z$]+)`)
	for _, row := range rows(t, "docs/security.md", "## Checking it yourself") {
		for _, m := range flags.FindAllStringSubmatch(row[1], -1) {
			pattern := regexp.MustCompile(m[1])
			assert.True(t, slices.ContainsFunc(names, pattern.MatchString), "nothing matches %s", m[0])
		}
	}
}
