package redact

import (
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
)

// vocabulary is what the API's own words are in a request: the names of fields, and
// values that have constants.
type vocabulary struct{ names, values map[string]bool }

// Learn takes the API's own words from params: the names of the fields of structs,
// and the values that have constants. It may be given anything.
func (w *Written) Learn(params any) {
	if w.words.names == nil {
		w.words = vocabulary{names: map[string]bool{}, values: map[string]bool{"true": true, "false": true, "null": true}}
	}
	w.words.learn(reflect.ValueOf(params), 0)
}

func (w *vocabulary) learn(v reflect.Value, depth int) {
	const deepest = 32 // of params that do not lead back to themselves
	if depth > deepest {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if isKnown(v) {
			w.values[v.String()] = true
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		ours := v.Type().PkgPath() == reflect.TypeFor[api.Decimal]().PkgPath() // such as Opt
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !ignored(f) || ours { // only what is encoded may be read
				w.names[NameOf(f)] = true
				w.learn(v.Field(i), depth+1)
			}
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.learn(v.Elem(), depth+1)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			w.learn(v.Index(i), depth+1)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			w.learn(it.Value(), depth+1)
		}
	}
}

// Names adds the names of the fields of a result to those of the request.
func (w *Written) Names(result any) map[string]bool {
	names := maps.Clone(w.words.names)
	if result != nil {
		learnNames(names, reflect.TypeOf(result), map[reflect.Type]bool{})
	}
	return names
}

func learnNames(names map[string]bool, t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			names[NameOf(t.Field(i))] = true
			learnNames(names, t.Field(i).Type, seen)
		}
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		learnNames(names, t.Elem(), seen)
	}
}

// isKnown reports whether a text has a type with constants and is one of them. It
// is copied, since the methods of what is in an unexported field cannot be called.
func isKnown(v reflect.Value) bool {
	own := reflect.New(v.Type()).Elem()
	own.SetString(v.String())
	enum, ok := own.Interface().(interface{ Known() bool })
	return ok && enum.Known()
}

// NameOf is what a field is called in JSON or in a query.
func NameOf(f reflect.StructField) string {
	for _, tag := range []string{"json", "url"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" {
			return name
		}
	}
	return f.Name
}

func ignored(f reflect.StructField) bool { return f.Tag.Get("json") == "-" || f.Tag.Get("url") == "-" }
