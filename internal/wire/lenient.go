package wire

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

// Mismatch is a value that does not fit the field that it is for.
type Mismatch struct {
	// Type is what was expected: a Go type, or "object" or "array".
	Type string
	// Path is the place of the value, such as "data.carrier.name" or "data[3].to".
	Path string
}

// Error does not say what the value is.
func (m *Mismatch) Error() string { return "a field has another type than expected" }

// typeName names what is expected for a type.
func typeName(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return t.String()
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map: // perhaps one of the SDK's own
		return "object"
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		return "array"
	default:
		return t.String()
	}
}

// lenient decodes JSON as encoding/json does, and in addition what is close enough:
// a number for a text, a text for a number, times in any form, names in the other
// casing. What does not fit leaves its field alone, and the first of it is kept.
// The JSON must be valid.
type lenient struct {
	plans *plans
	// strict leaves out the additions: only the place of what does not fit is
	// of interest.
	strict bool
	path   []step // to the value that is decoded
	first  *Mismatch
}

// step leads from a value to one inside it: a member by name, an element by index.
type step struct {
	name  string
	index int
}

// decode decodes raw into target, a pointer. place is where raw stands.
func (d *lenient) decode(raw []byte, target any, place string) error {
	d.path = append(d.path[:0], step{place, -1})
	d.value(raw, reflect.ValueOf(target).Elem())
	if d.first != nil {
		return d.first
	}
	return nil
}

// inside decodes a value inside the present one.
func (d *lenient) inside(s step, raw []byte, v reflect.Value) {
	d.path = append(d.path, s)
	d.value(raw, v)
	d.path = d.path[:len(d.path)-1]
}

func (d *lenient) fail(goType, inner string) {
	if d.first != nil {
		return
	}
	var path string
	for _, s := range d.path {
		if s.name == "" && s.index >= 0 {
			path += "[" + strconv.Itoa(s.index) + "]"
		} else {
			path = join(path, s.name)
		}
	}
	d.first = &Mismatch{Type: goType, Path: join(path, inner)}
}

func (d *lenient) value(raw []byte, v reflect.Value) {
	raw = bytes.TrimSpace(raw)
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		d.pointer(raw, v)
	case t == reflect.TypeFor[time.Time]():
		d.leaf(raw, d.converted(raw, t), v)
	case readsItself(t):
		d.itself(raw, v)
	case isNull(raw):
		switch t.Kind() {
		case reflect.Map, reflect.Slice, reflect.Interface:
			v.SetZero()
		}
	case t.Kind() == reflect.Struct && raw[0] == '{':
		d.object(raw, v)
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && raw[0] == '{':
		d.dictionary(raw, v)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && raw[0] == '[':
		d.list(raw, v)
	default:
		d.leaf(raw, d.converted(raw, t), v)
	}
}

// pointer decodes into what v points to. Nothing, such as an empty text for a number,
// leaves v nil.
func (d *lenient) pointer(raw []byte, v reflect.Value) {
	t := v.Type().Elem()
	if isNull(raw) || raw[0] == '"' && isNull(d.converted(raw, t)) {
		v.SetZero()
		return
	}
	if v.IsNil() {
		v.Set(reflect.New(t))
	}
	d.value(raw, v.Elem())
}

// converted is raw in the form that encoding/json takes for a type.
func (d *lenient) converted(raw []byte, t reflect.Type) []byte {
	switch {
	case d.strict, readsItself(t) && t != reflect.TypeFor[time.Time]():
		return raw
	case t == reflect.TypeFor[time.Time]():
		return timeFor(raw)
	default:
		return scalarFor(raw, t.Kind())
	}
}

// leaf has encoding/json decode what was made of raw.
func (d *lenient) leaf(raw, converted []byte, v reflect.Value) {
	if v.Kind() == reflect.String && raw[0] == '"' && !d.strict && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		v.SetString(string(raw[1 : len(raw)-1]))
		return
	}
	if json.Unmarshal(converted, v.Addr().Interface()) != nil {
		d.fail(typeName(v.Type()), "")
	}
}

// itself has a type decode its own JSON.
func (d *lenient) itself(raw []byte, v reflect.Value) {
	err := json.Unmarshal(raw, v.Addr().Interface())
	var inner *Mismatch
	switch {
	case err == nil:
	case errors.As(err, &inner):
		d.fail(inner.Type, inner.Path)
	default:
		d.fail(typeName(v.Type()), "")
	}
}

func (d *lenient) list(raw []byte, v reflect.Value) {
	if v.IsNil() {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	v.SetLen(0)
	for item := range elements(raw) {
		i := v.Len()
		v.Grow(1)
		v.SetLen(i + 1)
		v.Index(i).SetZero()
		d.inside(step{index: i}, item, v.Index(i))
	}
}

// dictionary does not name the keys of a map in paths: they are not the API's words.
func (d *lenient) dictionary(raw []byte, v reflect.Value) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for name, value := range members(raw) {
		one := reflect.New(v.Type().Elem()).Elem()
		d.inside(step{"*", -1}, value, one)
		v.SetMapIndex(reflect.ValueOf(unquoted(name)).Convert(v.Type().Key()), one)
	}
}

func (d *lenient) object(raw []byte, v reflect.Value) {
	p := d.plans.of(v.Type())
	filled := make([]bool, len(p.fields))
	strangers := false
	for name, value := range members(raw) {
		text := unquoted(name)
		i := p.own(text)
		if i < 0 {
			strangers = true
			continue
		}
		filled[i] = filled[i] || !isNull(value) && string(value) != `""`
		d.inside(step{text, -1}, value, fieldAt(v, p.fields[i].index))
	}
	if !strangers || d.strict {
		return
	}
	for name, value := range members(raw) {
		text := unquoted(name)
		if p.own(text) >= 0 {
			continue
		}
		if i := p.cousin(text); i >= 0 && !filled[i] {
			d.inside(step{text, -1}, value, fieldAt(v, p.fields[i].index))
		}
	}
}

// fieldAt is v.FieldByIndex, which makes room for embedded structs behind pointers.
func fieldAt(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// join puts a place within another behind it.
func join(path, inner string) string {
	if path == "" || inner == "" || inner[0] == '[' {
		return path + inner
	}
	return path + "." + inner
}

// readsItself reports whether a type decodes its own JSON.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
