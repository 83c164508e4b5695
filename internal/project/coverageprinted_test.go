package project_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/fixtures"
)

// DEC-1: what the page says of examples, and of what is certain, follows from the
// examples themselves.
func TestCoverageFollowsFromTheExamples(t *testing.T) {
	t.Parallel()
	all, err := fixtures.Load("../fixtures/testdata")
	require.NoError(t, err)
	known := make(map[string]bool)
	for _, o := range coverage(t) {
		known[o.method] = true
		request, response := printedOf(all, o.method, "request"), printedOf(all, o.method, "response")
		want := strings.Join(slices.DeleteFunc([]string{request, response}, func(s string) bool { return s == "" }), ", ")
		assert.Equal(t, want, o.examples, o.method)
		if request+response != "" {
			assert.NotEqual(t, "C", o.mark, "%s: an example shows the path", o.method)
		}
		if response == "response" {
			assert.Equal(t, "D", o.mark, "%s: an example shows the response", o.method)
		}
	}
	for _, f := range all {
		assert.True(t, known[f.Operation] || strings.HasPrefix(f.Operation, "("), "%s: no operation of the SDK", f.File)
	}
}

// printedOf says whether there is an example of an operation's request or response,
// a whole one or only parts.
func printedOf(all []fixtures.Fixture, operation, kind string) string {
	found := ""
	for _, f := range all {
		switch {
		case f.Operation != operation || !strings.HasPrefix(f.Kind(), kind):
		case !f.Cut:
			return kind
		default:
			found = kind + " (cut)"
		}
	}
	return found
}
