package project_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The notices name every module that a program may link, and no other, and hold its
// licence word for word.
func TestThirdPartyNotices(t *testing.T) {
	t.Parallel()
	const file = "THIRD_PARTY_NOTICES.txt"
	text := contents(t, file)
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", "./...")
	cmd.Dir = root
	out, err := run(cmd)
	require.NoError(t, err)
	linked := map[string]string{}
	for line := range strings.Lines(out) {
		if module, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			linked[module] = dir
		}
	}
	require.Contains(t, linked, "github.com/hashicorp/go-retryablehttp")
	for module, dir := range linked {
		licence, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		require.NoError(t, err)
		assert.Contains(t, words(text), words(string(licence)), "%s does not hold the licence of %s", file, module)
	}
	var named []string
	for _, m := range regexp.MustCompile(`(?m)^  (\S+/\S+) +(MIT|BSD-3-Clause|MPL-2\.0) `).FindAllStringSubmatch(text, -1) {
		named = append(named, m[1])
		assert.Contains(t, linked, m[1], "%s names a module that nothing links", file)
	}
	assert.Len(t, named, len(linked), "%s names %q of %v", file, named, linked)
}

// words is a text without its line breaks and indents.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
