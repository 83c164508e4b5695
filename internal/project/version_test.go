package project_test

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// NEW-4: the version that programs see, the one that Orbit sees, and the newest
// of the changelog are one.
func TestVersionIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t)
	require.NoError(t, send(t.Context(), server))
	assert.Regexp(t, "^orbit-go/"+regexp.QuoteMeta(orbit.Version)+" ", server.Requests()[0].Header.Get("User-Agent"))

	entries := regexp.MustCompile(`(?m)^## (\S+)`).FindStringSubmatch(pages(t)["CHANGELOG.md"])
	require.NotEmpty(t, entries)
	assert.Equal(t, orbit.Version, entries[1], "the newest entry of CHANGELOG.md")
}

// VER-3: go.mod names a .0 release of Go that is older than the newest, no
// toolchain, and the scripts test with both.
func TestGoVersions(t *testing.T) {
	t.Parallel()
	mod := contents(t, "go.mod")
	floor := regexp.MustCompile(`(?m)^go 1\.(\d+)\.0$`).FindStringSubmatch(mod)
	require.NotEmpty(t, floor, "go.mod has no go line that ends in .0")
	assert.NotRegexp(t, `(?m)^toolchain`, mod)

	script := contents(t, "scripts/test")
	oldest := regexp.MustCompile(`(?m)^oldest=go1\.(\d+)\.0$`).FindStringSubmatch(script)
	newest := regexp.MustCompile(`(?m)^newest=go1\.(\d+)\.\d+$`).FindStringSubmatch(script)
	require.NotEmpty(t, oldest, "scripts/test does not name the oldest Go")
	require.NotEmpty(t, newest, "scripts/test does not name the newest Go")
	assert.Equal(t, floor[1], oldest[1])
	assert.Less(t, number(t, floor[1]), number(t, newest[1]))
	assert.Contains(t, contents(t, "README.md"), "Go 1."+floor[1]+" or newer")
}

// contents reads a file of the checkout.
func contents(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root + "/" + name)
	require.NoError(t, err)
	return string(text)
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}
