package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"time"
)

// Unmarshal decodes data into *v. Where a scalar has another JSON type than the
// Go field (a number for a string, an odd time), it rewrites data by the type of
// *v and decodes once more, so that only such answers pay for it.
func Unmarshal(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if err == nil || isSyntax(err) {
		return err
	}
	var r rewriter
	target := reflect.ValueOf(v).Elem()
	if r.value(data, target.Type()) != nil {
		return err
	}
	target.SetZero()
	return json.Unmarshal(r.out.Bytes(), v)
}

// Keep is Unmarshal for a result whose JSON is kept beside it, since it holds more
// than is documented.
func Keep(data []byte, v any, raw *json.RawMessage) error {
	err := Unmarshal(data, v)
	*raw = bytes.Clone(data) // v may hold raw, and was emptied
	return err
}

// unmarshalEnvelope is Unmarshal for an envelope: its data is rewritten by the type
// of what it is decoded into.
func unmarshalEnvelope(body []byte, env *envelope) error {
	err := json.Unmarshal(body, env)
	if err == nil || isSyntax(err) || bytes.TrimSpace(body)[0] != '{' {
		return err
	}
	var r rewriter
	data := reflect.ValueOf(env.Data).Elem()
	fields := maps.Clone(r.fieldsOf(reflect.TypeFor[envelope]()))
	fields["data"] = data.Type()
	if r.object(body, func(name string) reflect.Type { return fields[strings.ToLower(name)] }) != nil {
		return err
	}
	data.SetZero()
	*env = envelope{Data: env.Data}
	return json.Unmarshal(r.out.Bytes(), env)
}

func isSyntax(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax)
}

// rewriter writes JSON anew in the form that encoding/json takes for a Go type.
// What it cannot help with, it copies, so that the second decode reports it.
type rewriter struct {
	out bytes.Buffer
	// fields keeps the fields of each struct type, since lists ask again and
	// again.
	fields map[reflect.Type]map[string]reflect.Type
}

func (r *rewriter) value(raw json.RawMessage, t reflect.Type) error {
	raw = bytes.TrimSpace(raw)
	if t.Kind() == reflect.Pointer {
		return r.value(raw, t.Elem())
	}
	switch {
	case len(raw) == 0 || string(raw) == "null":
		r.out.Write(raw)
	case t == reflect.TypeFor[time.Time]():
		r.out.Write(timeFor(raw))
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		r.out.Write(raw)
	case t.Kind() == reflect.Struct && raw[0] == '{':
		fields := r.fieldsOf(t)
		return r.object(raw, func(name string) reflect.Type { return fields[strings.ToLower(name)] })
	case t.Kind() == reflect.Map && raw[0] == '{':
		return r.object(raw, func(string) reflect.Type { return t.Elem() })
	case t.Kind() == reflect.Slice && raw[0] == '[':
		return r.array(raw, t.Elem())
	default:
		r.out.Write(scalarFor(raw, t.Kind()))
	}
	return nil
}

// object rewrites each member by the type that typeOf names for it; a nil type
// is a member that nobody reads.
func (r *rewriter) object(raw json.RawMessage, typeOf func(name string) reflect.Type) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return err
	}
	r.out.WriteByte('{')
	for first := true; dec.More(); {
		name, value, err := member(dec)
		if err != nil {
			return err
		}
		t := typeOf(name)
		if t == nil {
			continue
		}
		if !first {
			r.out.WriteByte(',')
		}
		first = false
		quoted, _ := json.Marshal(name) // text can always be written
		r.out.Write(quoted)
		r.out.WriteByte(':')
		if err := r.value(value, t); err != nil {
			return err
		}
	}
	r.out.WriteByte('}')
	return nil
}

// member reads the next member of an object.
func member(dec *json.Decoder) (name string, value json.RawMessage, err error) {
	token, err := dec.Token()
	if err != nil {
		return "", nil, err
	}
	name, _ = token.(string)
	err = dec.Decode(&value)
	return name, value, err
}

func (r *rewriter) array(raw json.RawMessage, elem reflect.Type) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	r.out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			r.out.WriteByte(',')
		}
		if err := r.value(item, elem); err != nil {
			return err
		}
	}
	r.out.WriteByte(']')
	return nil
}

// fieldsOf returns the type of each JSON field of a struct, embedded structs
// included, by name in lower case, since encoding/json matches names so.
func (r *rewriter) fieldsOf(t reflect.Type) map[string]reflect.Type {
	if fields, ok := r.fields[t]; ok {
		return fields
	}
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() || f.Anonymous && name == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fields[strings.ToLower(name)] = f.Type
	}
	if r.fields == nil {
		r.fields = map[reflect.Type]map[string]reflect.Type{}
	}
	r.fields[t] = fields
	return fields
}
