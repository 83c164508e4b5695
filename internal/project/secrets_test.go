package project_test

import (
	"bytes"
	"go/ast"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
)

// LEAK-4: every exported struct of the module that holds a Secret, itself or in
// another struct, has a LogValue of its own.
func TestStructsWithSecretsHaveLogValue(t *testing.T) {
	t.Parallel()
	const secret = "github.com/devotel/orbit-go/api Secret"
	fields, methods, structs := make(map[string][]string), make(map[string]bool), make(map[string]bool)
	for _, s := range sources(t) {
		for _, f := range s.files {
			imports := importsOf(f)
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Recv != nil && d.Name.Name == "LogValue" {
						methods[s.ImportPath+" "+baseType(d.Recv.List[0].Type)] = true
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						if spec, ok := spec.(*ast.TypeSpec); ok {
							name := s.ImportPath + " " + spec.Name.Name
							fields[name] = named(spec.Type, s.ImportPath, imports)
							_, structs[name] = spec.Type.(*ast.StructType)
						}
					}
				}
			}
		}
	}
	require.Contains(t, fields, secret)
	holders := map[string]bool{secret: true}
	for grown := true; grown; {
		grown = false
		for name, within := range fields {
			for _, w := range within {
				if holders[w] && !holders[name] {
					holders[name], grown = true, true
				}
			}
		}
	}
	count := 0
	for name := range holders {
		if _, typeName, _ := strings.Cut(name, " "); structs[name] && ast.IsExported(typeName) {
			count++
			assert.True(t, methods[name], "%s holds a Secret and has no LogValue", name)
		}
	}
	assert.GreaterOrEqual(t, count, 9)
}

// importsOf are the paths that a file knows by their names.
func importsOf(f *ast.File) map[string]string {
	found := make(map[string]string)
	for _, i := range f.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		found[name] = path
	}
	return found
}

// named are the types that the fields of a struct, or an alias, are made of.
func named(e ast.Expr, pkg string, imports map[string]string) (names []string) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			return false // what a function returns is not held
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				names = append(names, imports[x.Name]+" "+n.Sel.Name)
			}
			return false
		case *ast.Field:
			names = append(names, named(n.Type, pkg, imports)...)
			return false
		case *ast.Ident:
			names = append(names, pkg+" "+n.Name)
		}
		return true
	})
	return names
}

// LEAK-4: no handler of slog shows the secret in any params or result, whether they
// are given as they are, by pointer, or as a page of them.
func TestSecretsStayOutOfLogs(t *testing.T) {
	t.Parallel()
	const hidden = "s3cr3t-canary"
	logged := 0
	for of := range reachable() {
		v := reflect.New(of)
		if of.Kind() != reflect.Struct || !hide(v.Elem(), hidden, 0) {
			continue
		}
		logged++
		for _, value := range []any{v.Interface(), v.Elem().Interface()} {
			var out bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(h).With("first", value).Info("x", "v", value, slog.Group("g", "v", value))
			}
			assert.NotContains(t, out.String(), hidden, of)
			if !strings.HasPrefix(of.Name(), "Page[") {
				assert.Contains(t, out.String(), "[redacted]", of)
			}
		}
	}
	assert.GreaterOrEqual(t, logged, 9)
}

// reachable are the types that the methods of all services take and return, and all
// that these are made of.
func reachable() map[reflect.Type]bool {
	found := make(map[reflect.Type]bool)
	var collect func(of reflect.Type)
	collect = func(of reflect.Type) {
		if found[of] {
			return
		}
		found[of] = true
		switch of.Kind() {
		case reflect.Struct:
			for i := range of.NumField() {
				collect(of.Field(i).Type)
			}
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			collect(of.Elem())
		}
	}
	for _, m := range exportedMethods() {
		for i := 1; i < m.Type.NumIn(); i++ {
			collect(m.Type.In(i))
		}
		for i := range m.Type.NumOut() {
			collect(m.Type.Out(i))
		}
	}
	return found
}

// hide puts a secret into each field for one, and reports whether there is any.
func hide(v reflect.Value, secret string, depth int) (found bool) {
	if v.Type() == reflect.TypeFor[orbit.Secret]() {
		v.SetString(secret)
		return true
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				found = hide(v.Field(i), secret, depth) || found
			}
		}
	case reflect.Pointer:
		if fresh := reflect.New(v.Type().Elem()); depth < 5 && hide(fresh.Elem(), secret, depth+1) {
			v.Set(fresh)
			return true
		}
	case reflect.Slice:
		if fresh := reflect.MakeSlice(v.Type(), 1, 1); depth < 5 && hide(fresh.Index(0), secret, depth+1) {
			v.Set(fresh)
			return true
		}
	}
	return found
}
