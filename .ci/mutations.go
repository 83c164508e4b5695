// Command mutations proves that the tests look at what the SDK decodes: in each type
// of result it renames one JSON name, and the tests must fail. It changes no file:
// the other source is laid over the real one.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
)

// A mutation is one JSON name of a result.
type mutation struct {
	file, typeName, name string
	offset               int // of the name in the file
}

func main() {
	survivors := 0
	packages := os.Args[1:]
	if len(packages) == 0 {
		packages = []string{"messages", "voice", "agents", "flows", "numbers", "verify", "webhooks"}
	}
	for _, pkg := range packages {
		mutations, err := mutationsOf(pkg)
		if err != nil {
			fail(err)
		}
		for _, m := range mutations {
			caught, err := m.isCaught(pkg)
			if err != nil {
				fail(err)
			}
			if reason := undecoded(pkg, m.typeName); !caught && reason == "" {
				survivors++
				fmt.Printf("%s.%s: no test sees that %s is called otherwise\n", pkg, m.typeName, m.name)
			}
		}
		fmt.Printf("%s: %d results\n", pkg, len(mutations))
	}
	if survivors > 0 {
		os.Exit(1)
	}
}

// undecoded says why the JSON names of a result decode nothing.
func undecoded(pkg, typeName string) string {
	switch pkg + "." + typeName {
	case "messages.GroupResult":
		return "it is read by a method of its own, in two forms"
	case "voice.Recording":
		return "it is made of headers"
	}
	return ""
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "mutations:", err)
	os.Exit(1)
}

// mutationsOf lists one mutation for each result of a package: a struct that embeds
// api.Meta and has JSON names.
func mutationsOf(pkg string) ([]mutation, error) {
	files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []mutation
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			return nil, err
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if fields, ok := spec.Type.(*ast.StructType); ok && embedsMeta(fields) {
				if tag, name := lastName(fields); tag != nil {
					at := fset.Position(tag.Pos()).Offset + strings.Index(tag.Value, name)
					all = append(all, mutation{file, spec.Name.Name, name, at})
				}
			}
			return false
		})
	}
	return all, nil
}

func embedsMeta(s *ast.StructType) bool {
	for _, f := range s.Fields.List {
		if sel, ok := f.Type.(*ast.SelectorExpr); ok && len(f.Names) == 0 && sel.Sel.Name == "Meta" {
			return true
		}
	}
	return false
}

// lastName is the last JSON name of a struct: the first are IDs, which have aliases.
func lastName(s *ast.StructType) (tag *ast.BasicLit, name string) {
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		found, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
		if found != "" && found != "-" {
			tag, name = f.Tag, found
		}
	}
	return tag, name
}

// isCaught runs the tests over the mutated source.
func (m mutation) isCaught(pkg string) (bool, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "mutations")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	mutated := filepath.Join(dir, "mutated.go")
	changed := string(source[:m.offset]) + "renamed_" + string(source[m.offset:])
	if err := os.WriteFile(mutated, []byte(changed), 0o600); err != nil {
		return false, err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return false, err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {original: mutated}})
	if err != nil {
		return false, err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return false, err
	}
	build := exec.Command("go", "build", "-overlay", list, "./"+pkg)
	if out, err := build.CombinedOutput(); err != nil {
		return false, fmt.Errorf("%s.%s: the mutated source does not compile: %s", pkg, m.typeName, out)
	}
	for _, tested := range []string{"./internal/fixtures", "./" + pkg} {
		if exec.Command("go", "test", "-short", "-failfast", "-overlay", list, tested).Run() != nil {
			return true, nil
		}
	}
	return false, nil
}
