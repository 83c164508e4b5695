package project_test

import (
	"context"
	"go/ast"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
)

// services are the types behind the fields of a client, and behind theirs.
func services(t *testing.T) []reflect.Type {
	t.Helper()
	var found []reflect.Type
	var collect func(reflect.Type)
	collect = func(owner reflect.Type) {
		for i := range owner.NumField() {
			f := owner.Field(i)
			if !f.IsExported() {
				continue
			}
			service := f.Type
			require.Equal(t, reflect.Pointer, service.Kind(), "%s.%s is no pointer to a service", owner, f.Name)
			found = append(found, service)
			collect(service.Elem())
		}
	}
	collect(reflect.TypeFor[orbit.Client]())
	require.NotEmpty(t, found)
	return found
}

// CTX-1: every method that calls the API takes a context first and options
// last, and ends with an error or is an iterator over one.
func TestMethodsTakeContextFirstAndOptionsLast(t *testing.T) {
	t.Parallel()
	for _, service := range services(t) {
		for i := range service.NumMethod() {
			m := service.Method(i)
			assert.True(t, takesContext(m.Type), "%s.%s does not take a context first", service, m.Name)
			assert.True(t, takesOptions(m.Type), "%s.%s does not take options last", service, m.Name)
			assert.True(t, yieldsError(m.Type), "%s.%s does not return an error", service, m.Name)
			_, twin := service.MethodByName(m.Name + "WithContext")
			assert.False(t, twin, "%s.%s exists twice", service, m.Name)
		}
	}
	client := reflect.TypeFor[*orbit.Client]()
	for i := range client.NumMethod() {
		m := client.Method(i)
		silent := m.Name == "WithKey" || m.Name == "CloseIdleConnections" // they send nothing
		assert.True(t, silent || takesContext(m.Type), "%s.%s does not take a context first", client, m.Name)
	}
}

func takesContext(m reflect.Type) bool {
	return m.NumIn() > 1 && m.In(1) == reflect.TypeFor[context.Context]()
}

func takesOptions(m reflect.Type) bool {
	return m.IsVariadic() && m.In(m.NumIn()-1) == reflect.TypeFor[[]orbit.CallOption]()
}

func yieldsError(m reflect.Type) bool {
	last := m.Out(m.NumOut() - 1)
	if last.Kind() == reflect.Func { // an iterator: func(yield func(value, error) bool)
		yield := last.In(0)
		last = yield.In(yield.NumIn() - 1)
	}
	return last == reflect.TypeFor[error]()
}

// TST-5: services are structs, and every type in the signature of a method can
// be named by a program outside the module.
func TestSignaturesCanBeWrittenByUsers(t *testing.T) {
	t.Parallel()
	for _, service := range services(t) {
		assert.Equal(t, reflect.Struct, service.Elem().Kind(), "%s is no struct", service)
		for i := range service.NumMethod() {
			m := service.Method(i)
			assert.Empty(t, unspeakable(m.Type, map[reflect.Type]bool{}), "%s.%s", service, m.Name)
		}
	}
}

// unspeakable names the first type within t that users cannot name, or nothing.
// What lies behind the unexported fields of a struct is not theirs to name.
func unspeakable(t reflect.Type, seen map[reflect.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	if t.Name() != "" && t.PkgPath() != "" {
		if !ast.IsExported(t.Name()) || strings.Contains(t.PkgPath()+"/", "/internal/") {
			return t.String()
		}
	}
	var parts []reflect.Type
	switch t.Kind() {
	case reflect.Func:
		for i := range t.NumIn() {
			parts = append(parts, t.In(i))
		}
		for i := range t.NumOut() {
			parts = append(parts, t.Out(i))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				parts = append(parts, f.Type)
			}
		}
	case reflect.Map:
		parts = append(parts, t.Key(), t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		parts = append(parts, t.Elem())
	}
	for _, part := range parts {
		if strings.HasPrefix(part.PkgPath(), modulePath) || part.Name() == "" {
			if found := unspeakable(part, seen); found != "" {
				return found
			}
		}
	}
	return ""
}

// VER-2: the exported interfaces are those that users implement, and each can
// only grow by a second, optional one.
func TestExportedInterfacesAreHooks(t *testing.T) {
	t.Parallel()
	hooks := map[string]bool{
		"orbittest.TB":      true, // *testing.T implements it
		"api.RateLimiter":   true, // a limit shared by a fleet
		"webhooks.Store":    true, // where events that were seen are kept
		"bulk.Ledger":       true, // where a database remembers what became of each row
		"bulk.Catalog":      true, // what a ledger can do besides
		"bulk.Finder":       true, // where to look for what was sent
		"api.RateLearner":   true, // what it may be told
		"orbit.RateLimiter": true,
		"orbit.RateLearner": true,
	}
	for _, s := range sources(t) {
		if !isPublic(s.listed) {
			continue
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				decl, ok := d.(*ast.GenDecl)
				if !ok || decl.Tok != token.TYPE {
					continue
				}
				for _, spec := range decl.Specs {
					spec := spec.(*ast.TypeSpec)
					if _, ok := spec.Type.(*ast.InterfaceType); ok && spec.Name.IsExported() {
						assert.True(t, hooks[s.Name+"."+spec.Name.Name], "%s: an exported interface that is not listed as a hook", s.at(spec))
					}
				}
			}
		}
	}
}
