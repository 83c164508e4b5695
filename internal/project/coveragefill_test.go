package project_test

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"time"
)

const someNumber = "+15005550002"

// filler makes params with reflection: what is required, known by a tag without
// omitzero or omitempty, or everything.
type filler struct{ everything bool }

// fill returns a value of the given type.
func (f filler) fill(of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	f.set(v, "")
	return v
}

// set gives v a value that suits its type, and where it is a text, the name that
// the API has for it.
func (f filler) set(v reflect.Value, name string) {
	switch of := v.Type(); {
	case of == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Now().Add(time.Hour)))
	case of == reflect.TypeFor[io.Reader]():
		v.Set(reflect.ValueOf(strings.NewReader("Hello")))
	case isOpen(of):
		for i := range of.NumField() {
			if field := of.Field(i); field.Name != "Raw" && (f.everything || isRequired(field)) { // Raw replaces the others
				f.set(v.Field(i), nameOf(field))
			}
		}
	case decodes(v, `{"key":7}`), decodes(v, `"7"`), decodes(v, `7`), decodes(v, `["7"]`): // it is opaque
	case of.Kind() == reflect.Pointer:
		v.Set(reflect.New(of.Elem()))
		f.set(v.Elem(), name)
	case of.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(of, 1, 1))
		f.set(v.Index(0), strings.TrimSuffix(name, "s"))
	case of.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(of))
		v.SetMapIndex(reflect.ValueOf("key").Convert(of.Key()), reflect.ValueOf("value").Convert(of.Elem()))
	case of.Kind() == reflect.String:
		v.SetString(textFor(name))
	case of.Kind() == reflect.Interface:
		v.Set(reflect.ValueOf("something"))
	case of.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.CanUint():
		v.SetUint(7)
	case v.CanFloat():
		v.SetFloat(0.5)
	default:
		panic("nothing is known to put into a " + of.String())
	}
}

// isOpen reports whether a type is a struct whose fields programs set.
func isOpen(of reflect.Type) bool {
	return of.Kind() == reflect.Struct && (of.NumField() == 0 || of.Field(0).IsExported())
}

// decodes fills a value that has a way of its own to read JSON.
func decodes(v reflect.Value, text string) bool {
	own, ok := v.Addr().Interface().(json.Unmarshaler)
	return ok && own.UnmarshalJSON([]byte(text)) == nil
}

// isRequired reports whether a field is sent whatever it holds.
func isRequired(f reflect.StructField) bool {
	return !strings.Contains(f.Tag.Get("json")+f.Tag.Get("url"), ",omit")
}

// nameOf is what the API calls a field.
func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json")+f.Tag.Get("url"), ",")
	if name == "" {
		return strings.ToLower(f.Name)
	}
	return name
}

// textFor is a text that the API takes for a field of the given name.
func textFor(name string) string {
	switch {
	case strings.Contains(name, "url"):
		return "https://example.com/orders"
	case strings.HasPrefix(name, "country"):
		return "US"
	}
	switch name {
	case "to", "from", "phone", "number":
		return someNumber
	case "channel":
		return "sms"
	case "event":
		return "message.delivered"
	case "filename":
		return "orders.txt"
	case "contenttype":
		return "text/plain"
	default:
		return "orders"
	}
}

// isBlank reports whether a result holds nothing but its metadata: a page without
// items, a struct without values.
func isBlank(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || isBlank(v.Elem())
	case reflect.Struct:
		if items := v.FieldByName("Items"); items.IsValid() {
			return items.Len() == 0 || isBlank(items.Index(0))
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "Meta" && !v.Field(i).IsZero() {
				return false
			}
		}
		return true
	default:
		return v.IsZero()
	}
}
