package project_test

import (
	"encoding/json"
	"flag"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var mutate = flag.Bool("mutate", false, "rename a JSON tag in each result type, and see the tests fail")

// mutant is a result type with one JSON tag renamed.
type mutant struct {
	pkg, typ, name string
	file           string
	tag            *ast.BasicLit
	offset         int
}

// DEC-1: the tests notice when a field of any result type is read under another name.
// It takes some minutes: CI asks for it with -mutate.
func TestRenamedTagsAreNoticed(t *testing.T) {
	if !*mutate {
		t.Skip("only with -mutate")
	}
	all := mutants(t)
	require.Greater(t, len(all), 45)
	var spent atomic.Int64 // by all processors
	work := make(chan mutant)
	var wg sync.WaitGroup
	for range 2 { // each builds with all cores as well
		wg.Go(func() {
			for m := range work {
				noticed, cost := m.isNoticed(t)
				assert.True(t, noticed, "%s.%s: nobody misses %q", m.pkg, m.typ, m.name)
				spent.Add(int64(cost))
			}
		})
	}
	for _, m := range all {
		work <- m
	}
	close(work)
	wg.Wait()
	t.Logf("%d mutants took %s of processors", len(all), time.Duration(spent.Load()))
}

// mutants are one for each struct that calls decode into, and for each inside it.
func mutants(t *testing.T) []mutant {
	t.Helper()
	var all []mutant
	for _, s := range sources(t) {
		if strings.Contains(s.ImportPath, "/internal/") {
			continue
		}
		structs := structsOf(&s)
		names := results(s.files)
		for i := 0; i < len(names); i++ { // it grows
			m, ok := structs[names[i]]
			if !ok {
				continue
			}
			for _, inner := range mentioned(m.body) {
				if _, known := structs[inner]; known && !slices.Contains(names, inner) {
					names = append(names, inner)
				}
			}
			if lit, name := tagToRename(m.body); lit != nil {
				all = append(all, mutant{
					pkg: inModule(s.ImportPath), typ: names[i], name: name, file: m.file,
					tag: lit, offset: s.fset.Position(lit.Pos()).Offset,
				})
			}
		}
	}
	return all
}

type structType struct {
	file string
	body *ast.StructType
}

func structsOf(s *source) map[string]structType {
	found := map[string]structType{}
	for name, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if body, ok := spec.Type.(*ast.StructType); ok {
					found[spec.Name.Name] = structType{filepath.Join(s.Dir, name), body}
				}
			}
			return true
		})
	}
	return found
}

// results are the result types of calls, in order.
func results(files map[string]*ast.File) []string {
	return instances(files, 0, "call", "Do", "Create", "List", "Pages", "All", "Rows")
}

// mentioned are the types that a struct's fields have, or hold.
func mentioned(body *ast.StructType) []string {
	var names []string
	for _, f := range body.Fields.List {
		ast.Inspect(f.Type, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names = append(names, id.Name)
			}
			return true
		})
	}
	return names
}

// tagToRename is the first JSON tag that is not the ID, which more is known by than
// its name.
func tagToRename(body *ast.StructType) (*ast.BasicLit, string) {
	for _, f := range body.Fields.List {
		if f.Tag == nil {
			continue
		}
		text, _ := strconv.Unquote(f.Tag.Value)
		name, _, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
		if name != "" && name != "-" && name != "id" {
			return f.Tag, name
		}
	}
	return nil, ""
}

// isNoticed runs the tests with the mutant in place of its file, first those that are
// quick to build.
func (m mutant) isNoticed(t *testing.T) (noticed bool, cost time.Duration) {
	dir := t.TempDir()
	text, err := os.ReadFile(m.file)
	if !assert.NoError(t, err) {
		return false, 0
	}
	end := m.offset + len(m.tag.Value)
	renamed := strings.Replace(string(text[m.offset:end]), `json:"`+m.name, `json:"renamed_`+m.name, 1)
	changed := string(text[:m.offset]) + renamed + string(text[end:])
	replacement, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	replace, _ := json.Marshal(map[string]map[string]string{"Replace": {m.file: replacement}})
	if !assert.NoError(t, os.WriteFile(replacement, []byte(changed), 0o600)) || !assert.NoError(t, os.WriteFile(overlay, replace, 0o600)) {
		return false, 0
	}
	for _, tests := range [][]string{{"./" + m.pkg}, {"./internal/fixtures"}} {
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"test", "-vet=off", "-short", "-failfast", "-overlay=" + overlay}, tests...)...)
		cmd.Dir = filepath.Dir(filepath.Dir(m.file))
		out, err := cmd.CombinedOutput()
		cost += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if err != nil {
			return assert.NotContains(t, string(out), "[build failed]"), cost
		}
	}
	return false, cost
}
