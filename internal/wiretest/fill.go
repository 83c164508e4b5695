package wiretest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/devotel/orbit-go/api"
)

// object writes a wire type with something in each of its fields, or is the example.
func object(t *testing.T, w any, example []string) []byte {
	t.Helper()
	if len(example) > 0 {
		return []byte(example[0])
	}
	f := filler{}
	f.fill(reflect.ValueOf(w).Elem())
	out, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	out = bytes.ReplaceAll(out, []byte("{}"), []byte(`"79999"`)) // of types that only read
	if count(t, out) == 0 {
		t.Fatalf("%T writes nothing: an example is needed", w)
	}
	return out
}

// filler fills fields, each text with a number of its own.
type filler struct {
	texts int
	depth int
}

func (f *filler) fill(v reflect.Value) {
	f.depth++
	defer func() { f.depth-- }()
	const deepest = 6 // of types that hold themselves
	freeForm := json.RawMessage(`{"` + freeName + `":"` + free + `"}`)
	switch t := v.Type(); {
	case f.depth > deepest || !v.CanSet():
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)))
	case t == reflect.TypeFor[api.Decimal]():
		v.SetString("1.50")
	case t == reflect.TypeFor[json.RawMessage]():
		v.Set(reflect.ValueOf(freeForm))
	case t.Kind() == reflect.Struct && !hasExported(t):
		_ = json.Unmarshal(freeForm, v.Addr().Interface())
	case t.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if t.Field(i).Name != "Raw" { // which is written in place of all others
				f.fill(v.Field(i))
			}
		}
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		f.fill(v.Elem())
	case t.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(t, 1, 1)) // the first item speaks for its list
		f.fill(v.Index(0))
	case t.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(t))
		one := reflect.New(t.Elem()).Elem()
		f.fill(one)
		v.SetMapIndex(reflect.ValueOf(freeName).Convert(t.Key()), one)
	case t.Kind() == reflect.Interface:
		v.Set(reflect.ValueOf(free))
	case t.Kind() == reflect.String:
		f.texts++
		v.SetString(strconv.Itoa(70000 + f.texts))
	case t.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.CanUint():
		v.SetUint(7)
	case v.CanFloat():
		v.SetFloat(0.5)
	}
}

func hasExported(t reflect.Type) bool {
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() || f.Anonymous {
			return true
		}
	}
	return false
}

// forget empties what depends on how a response was written: Meta, each Raw, and free
// form that is null.
func forget(result any) { empty(reflect.ValueOf(result).Elem()) }

func bytesOf(v reflect.Value) []byte {
	raw, _ := v.Interface().(json.RawMessage)
	return raw
}

func empty(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			empty(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			empty(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, field := v.Type().Field(i).Name, v.Field(i)
			switch {
			case !field.CanSet():
			case name == "Meta", name == "Raw", field.Kind() == reflect.Slice && string(bytesOf(field)) == "null":
				field.SetZero()
			default:
				empty(field)
			}
		}
	}
}
