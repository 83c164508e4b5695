package project_test

import (
	"context"
	"go/ast"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a page shows of the source is the source.
func TestQuotedSourceIsUnchanged(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		for _, s := range blocks(page, text, "go") {
			if s.from != "" {
				assert.Contains(t, contents(t, s.from), s.code, "%s is not what %s says", s, s.from)
			}
		}
	}
}

// The README's tables list the options, all of them.
func TestReadmeListsTheOptions(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(contents(t, "README.md"), "\n## Options\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| (`\\w+`(?:, `\\w+`)*) \\|").FindAllStringSubmatch(section, -1) {
		listed = append(listed, marked(m[1])...)
	}
	assert.ElementsMatch(t, rootOptions(t), listed)
}

// rootOptions are the functions of the root package that make options.
func rootOptions(t *testing.T) []string {
	t.Helper()
	var exported []string
	for _, s := range sources(t) {
		if inModule(s.ImportPath) != "." {
			continue
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() && makesOption(f) {
					exported = append(exported, f.Name.Name)
				}
			}
		}
	}
	return exported
}

func makesOption(f *ast.FuncDecl) bool {
	if f.Type.Results == nil || len(f.Type.Results.List) != 1 {
		return false
	}
	name := baseType(f.Type.Results.List[0].Type)
	return name == "Option" || name == "CallOption"
}

// Links to files of the checkout lead somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		prose := regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(text, "")
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(prose, -1) {
			_, err := os.Stat(root + "/" + path.Join(path.Dir(page), m[1]))
			assert.NoError(t, err, "%s links to %s", page, m[1])
		}
	}
}

// receiverCommands are the commands with which docs/webhooks.md has a local Orbit
// tell a receiver what happens.
func receiverCommands(t *testing.T) []string {
	t.Helper()
	const page = "docs/webhooks.md"
	for _, s := range blocks(page, contents(t, page), "sh") {
		if strings.HasPrefix(s.code, "go run ./orbittest/orbit-local -webhook http://127.0.0.1:8080/orbit\n"+
			"ORBIT_WEBHOOK_SECRET=whsec_local go run ./examples/webhook-server\n"+"curl ") {
			return strings.Split(strings.TrimSpace(s.code), "\n")
		}
	}
	t.Fatal(page + " does not say how to try a receiver out")
	return nil
}

// Every command in a document is one that something runs: here, the test of an
// external program, or CI itself.
func TestCommandsInDocumentsAreRun(t *testing.T) {
	t.Parallel()
	elsewhere := []string{
		installCommand,            // TestExternalProgram
		"scripts/test", ".ci/run", // CI, this test among it
		"go test ./...",                  // scripts/test
		"go run ./orbittest/orbit-local", // its own tests: it runs until it is stopped
	}
	elsewhere = append(elsewhere, receiverCommands(t)...) // TestReceiverOnThisMachine
	for page, text := range pages(t) {
		for _, s := range blocks(page, text, "sh") {
			for line := range strings.Lines(s.code) {
				command := strings.TrimSpace(line)
				if command == "" || strings.HasPrefix(command, "#") || slices.Contains(elsewhere, command) {
					continue
				}
				if !assert.True(t, strings.HasPrefix(command, "go "), "%s: nothing runs %q", s, command) || testing.Short() {
					continue
				}
				assert.NoError(t, runHere(t.Context(), command), "%s", s)
			}
		}
	}
}

// runHere runs a command of the go tool in the checkout, without a key.
func runHere(ctx context.Context, command string) error {
	words := strings.Fields(command)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "ORBIT_API_KEY=", "ORBIT_BASE_URL=")
	_, err := run(cmd)
	return err
}

// Scripts can be run, and the documents that a project has are there.
func TestProjectFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"scripts/test", ".ci/run"} {
		info, err := os.Stat(root + "/" + name)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&0o111, "%s is not executable", name)
	}
	for _, name := range []string{"LICENSE", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"} {
		assert.NotEmpty(t, contents(t, name))
	}
}
