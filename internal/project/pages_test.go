package project_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// running are the pages whose blocks need nothing but a server and a client.
func running() []string {
	return []string{"README.md", "docs/errors.md", "docs/retries.md", "docs/testing.md", "docs/logging.md", "docs/many-messages.md"}
}

// DOC-1, ERG-1: what the README and the pages behind it show runs, word for word.
// Their programs run against an Orbit on a local port; the rest becomes a test of
// its own, each block with a server and a client that it may use.
func TestPagesRun(t *testing.T) {
	slow(t)
	t.Parallel()
	c := newCompiler(t)
	for page, text := range pages(t) {
		if slices.Contains(running(), page) {
			t.Run(page, func(t *testing.T) { runPage(t, c, blocks(page, text, "go")) })
		}
	}
}

// The tests that other pages show pass.
func TestTestsOnPagesPass(t *testing.T) {
	slow(t)
	t.Parallel()
	c := newCompiler(t)
	for page, text := range pages(t) {
		shown := slices.DeleteFunc(blocks(page, text, "go"), func(s snippet) bool { return !strings.Contains(s.code, "func Test") })
		if len(shown) > 0 && !slices.Contains(running(), page) {
			t.Run(page, func(t *testing.T) { runPage(t, c, shown) })
		}
	}
}

func runPage(t *testing.T, c *compiler, page []snippet) {
	dir := t.TempDir()
	var tests strings.Builder
	for i, s := range page {
		if s.isProgram() {
			program := filepath.Join(dir, fmt.Sprintf("program%d.go", i))
			require.NoError(t, os.WriteFile(program, []byte(s.code), 0o600))
			assert.NotEmpty(t, runProgram(t, build(t, program)), "%s prints nothing", s)
			continue
		}
		code, err := asTest(s)
		require.NoError(t, err, "%s", s)
		tests.WriteString(code)
	}
	text, err := c.withImports("page_test", tests.String())
	require.NoError(t, err)
	file := filepath.Join(dir, "page_test.go")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	cmd := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-count=1", file)
	cmd.Dir = root
	_, err = run(cmd)
	assert.NoError(t, err)
}

// build builds a program of one file and returns where it is.
func build(t *testing.T, program string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, program)
	cmd.Dir = root
	_, err := run(cmd)
	require.NoError(t, err)
	return binary
}

// runProgram runs a program that takes its key and address from the environment,
// and returns what it prints.
func runProgram(t *testing.T, binary string) string {
	t.Helper()
	listener := httptest.NewServer(orbittest.New(t))
	defer listener.Close()
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Dir = t.TempDir() // for what it writes
	cmd.Env = append(os.Environ(), "ORBIT_API_KEY="+orbittest.DefaultAPIKey, "ORBIT_BASE_URL="+listener.URL+"/api/v1")
	out, err := run(cmd)
	require.NoError(t, err)
	return out
}

// asTest makes a test of statements. Declarations stay what they are.
func asTest(s snippet) (string, error) {
	at := fmt.Sprintf("//line %s:%d\n", s.page, s.line)
	if declares(s.code) {
		return at + s.code, nil
	}
	results, err := resultsOf(s.code)
	if err != nil {
		return "", err
	}
	call, check := "func() {", "\n}()\n"
	if results > 0 {
		call, check = "err := func() error {", "\nreturn nil\n}()\nrequire.NoError(t, err)\n"
	}
	return fmt.Sprintf(`
func TestLine%d(t *testing.T) {
	server := orbittest.New(t, orbittest.AllowUnknownFields())
	client, ctx := server.Client(), t.Context()
	_, _, _ = server, client, ctx
	%s
%s%s%s
}
`, s.line, call, at, s.code, check), nil
}
