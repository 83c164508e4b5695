package project_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// DOC-1: every block of Go in a document or in a comment compiles. What a block
// takes for granted is in testdata/prelude, or in the block before it.
func TestSnippetsCompile(t *testing.T) {
	t.Parallel()
	c := newCompiler(t)
	for page, text := range pages(t) {
		for _, s := range blocks(page, text, "go") {
			if s.from == "" { // else it is compiled where it is taken from
				assert.NoError(t, c.compile(s), "%s", s)
			}
		}
	}
	for _, p := range sources(t) {
		for _, s := range p.commented() {
			assert.NoError(t, c.compile(s), "%s", s)
		}
	}
}

// standard are the packages that blocks use without importing them, besides
// those of this module.
func standard() []string {
	return []string{
		"bytes", "context", "encoding/json", "errors", "fmt", "io", "iter", "log", "log/slog", "net/http",
		"net/http/httptest", "os", "runtime/trace", "slices", "strings", "sync", "testing", "testing/synctest", "time",
		"github.com/jarcoal/httpmock", "github.com/stretchr/testify/assert", "github.com/stretchr/testify/require",
	}
}

// compiler checks the types of blocks against the packages of this checkout.
type compiler struct {
	fset     *token.FileSet
	importer types.Importer
	imports  map[string]string    // package name to path
	preludes map[string]*ast.File // by folder; common to all under "common"
}

func newCompiler(t *testing.T) *compiler {
	t.Helper()
	args := append([]string{"-export", "-deps", "./..."}, standard()...)
	packages, err := listPackages(t.Context(), args...)
	require.NoError(t, err)
	c := &compiler{fset: token.NewFileSet(), imports: imports(packages)}
	exports := make(map[string]string)
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	c.importer = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		file, ok := exports[path]
		if !ok {
			return nil, fmt.Errorf("%s is not among the packages that blocks may import", path)
		}
		return os.Open(file)
	})
	c.preludes = make(map[string]*ast.File)
	files, err := filepath.Glob("testdata/prelude/*.go")
	require.NoError(t, err)
	for _, file := range files {
		f, err := parser.ParseFile(c.fset, file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		c.preludes[strings.TrimSuffix(filepath.Base(file), ".go")] = f
	}
	return c
}

// granted are the files that a block is compiled with.
func (c *compiler) granted(s snippet) []*ast.File {
	if s.isProgram() {
		return nil
	}
	files := []*ast.File{c.preludes["common"]}
	if own := c.preludes[strings.ReplaceAll(path.Dir(s.page), "/", "_")]; own != nil && path.Ext(s.page) == ".go" {
		files = append(files, own)
	}
	return files
}

// imports are the packages that blocks may use without importing them.
func imports(packages []listed) map[string]string {
	byName := make(map[string]string)
	for _, p := range packages {
		if isPublic(p) || slices.Contains(standard(), p.ImportPath) {
			byName[p.Name] = p.ImportPath
		}
	}
	return byName
}

// compile checks one block. One that is no whole program may leave a variable
// unused: the next block, or the reader, uses it.
func (c *compiler) compile(s snippet) error {
	text, err := c.complete(s)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(c.fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	var problems []error
	conf := types.Config{Importer: c.importer, Error: func(err error) {
		var problem types.Error
		if !errors.As(err, &problem) || !problem.Soft || s.isProgram() {
			problems = append(problems, err)
		}
	}}
	_, _ = conf.Check("snippet", c.fset, append(c.granted(s), file), nil)
	return errors.Join(problems...)
}

// complete makes a file of a block: of a whole one, of declarations, or of
// statements, which it puts into a function.
func (c *compiler) complete(s snippet) (string, error) {
	if s.isProgram() {
		return fmt.Sprintf("//line %s:%d\n%s", s.page, s.line, s.code), nil
	}
	code := fmt.Sprintf("%s\n//line %s:%d\n%s", s.before, s.page, s.line, s.code)
	if declares(code) {
		return c.withImports("snippet", code)
	}
	results, err := resultsOf(code)
	if err != nil {
		return "", err
	}
	return c.withImports("snippet", function("func _()", results, code))
}

// declares reports whether a block is declarations, not statements.
func declares(code string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+code, parser.SkipObjectResolution)
	return err == nil
}

// function puts statements into a function with so many results, the last of
// them an error.
func function(head string, results int, code string) string {
	if results == 0 {
		return head + " {\n" + code + "\n}\n"
	}
	list := strings.Repeat("any, ", results-1) + "error"
	return head + " (" + list + ") {\n" + code + "\nreturn " + strings.Repeat("nil, ", results-1) + "nil\n}\n"
}

// resultsOf counts the results that the statements of a block return.
func resultsOf(code string) (int, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+code+"\n}\n", parser.SkipObjectResolution)
	if err != nil {
		return 0, err
	}
	results := 0
	ast.Inspect(f, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			results = max(results, len(r.Results))
		}
		_, literal := n.(*ast.FuncLit)
		return !literal
	})
	return results, nil
}

// withImports makes a file that imports what the declarations in code use, unless
// they have imports of their own.
func (c *compiler) withImports(name, code string) (string, error) {
	head := "package " + name + "\n"
	f, err := parser.ParseFile(token.NewFileSet(), "", head+code, 0)
	if err != nil {
		return "", err
	}
	if len(f.Imports) > 0 {
		return head + code, nil
	}
	used := make(map[string]bool)
	for _, ident := range f.Unresolved {
		if importPath, ok := c.imports[ident.Name]; ok {
			used[importPath] = true
		}
	}
	for importPath := range used {
		head += fmt.Sprintf("import %s %q\n", nameIn(c.imports, importPath), importPath)
	}
	return head + code, nil
}

// nameIn is the name of a package, where it is not the end of its path.
func nameIn(imports map[string]string, importPath string) string {
	for name, p := range imports {
		if p == importPath && name != path.Base(importPath) {
			return name
		}
	}
	return ""
}
