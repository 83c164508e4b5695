// Package project_test keeps what is promised of the project as a whole, not of
// any one package: what imports what, what is documented, what the documents
// say, how small a program is. Its tests read the source, or build programs.
package project_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const modulePath = "github.com/devotel/orbit-go"

// root is the folder of the checkout, seen from this one.
const root = "../.."

// listed is what "go list" says of a package.
type listed struct {
	ImportPath   string
	Name         string
	Dir          string
	Export       string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	Deps         []string
}

// listPackages asks the go command about packages.
func listPackages(ctx context.Context, args ...string) ([]listed, error) {
	const fields = "ImportPath,Name,Dir,Export,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps"
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-json=" + fields}, args...)...)
	cmd.Dir = root
	out, err := run(cmd)
	if err != nil {
		return nil, err
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p listed
		switch err := dec.Decode(&p); {
		case err == io.EOF:
			return packages, nil
		case err != nil:
			return nil, err
		}
		packages = append(packages, p)
	}
}

// run runs a command and returns its standard output. What it complained of is in
// the error.
func run(cmd *exec.Cmd) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

// inModule is the path of a package of this module below the module's own: "."
// for the root package, "" for a package of another module.
func inModule(importPath string) string {
	switch rest, ok := strings.CutPrefix(importPath, modulePath); {
	case ok && rest == "":
		return "."
	case ok && strings.HasPrefix(rest, "/"):
		return rest[1:]
	default:
		return ""
	}
}

// isPublic reports whether users can import a package of this module: it is not
// internal, and no program.
func isPublic(p listed) bool {
	below := inModule(p.ImportPath)
	return below != "" && p.Name != "main" && !strings.HasPrefix(below, "internal/") && path.Base(below) != "internal"
}

// slow skips a test that builds programs when only the quick ones are wanted.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds programs: skipped by -short")
	}
}
