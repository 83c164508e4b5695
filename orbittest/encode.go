package orbittest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// An object is a JSON object in the order in which it is written. Answers are
// built from objects, not from structs, so that one renderer can speak both
// generations, and so that no answer depends on a type of the SDK.
type object []member

type member struct {
	name  string
	value any
}

func (o *object) add(name string, value any) { *o = append(*o, member{name, value}) }

// set adds a member, or gives the one of that name another value.
func (o *object) set(name string, value any) {
	for i := range *o {
		if (*o)[i].name == name {
			(*o)[i].value = value
			return
		}
	}
	o.add(name, value)
}

// A given value is one that the test has set. It is part of every response.
type given struct{ value any }

// give sets what the test wants in responses.
func (o *object) give(fields map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		o.set(name, given{fields[name]})
	}
}

// text adds a string unless it is empty.
func (o *object) text(name, value string) {
	if value != "" {
		o.add(name, value)
	}
}

// time adds an instant unless it is zero.
func (o *object) time(name string, value time.Time) {
	if !value.IsZero() {
		o.add(name, value)
	}
}

// An encoder appends JSON to its buffer. The zero encoder writes times with
// milliseconds.
type encoder struct {
	buf          []byte
	wholeSeconds bool
}

// value appends v. Types that answers are made of are written without
// reflection; anything else, such as metadata sent in, goes through
// encoding/json.
func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case string:
		e.text(v)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
	case time.Time:
		e.text(e.instant(v))
	case given:
		e.value(v.value)
	case json.RawMessage: // as it was sent
		e.buf = append(e.buf, v...)
	case object:
		e.object(v)
	case []object:
		array(e, v, e.object)
	case []string:
		array(e, v, e.text)
	default:
		e.other(v)
	}
}

func (e *encoder) object(o object) {
	e.buf = append(e.buf, '{')
	for i, m := range o {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.text(m.name)
		e.buf = append(e.buf, ':')
		e.value(m.value)
	}
	e.buf = append(e.buf, '}')
}

func array[T any](e *encoder, items []T, write func(T)) {
	e.buf = append(e.buf, '[')
	for i, item := range items {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		write(item)
	}
	e.buf = append(e.buf, ']')
}

func (e *encoder) instant(t time.Time) string {
	if e.wholeSeconds {
		return t.UTC().Format("2006-01-02T15:04:05Z")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func (e *encoder) text(s string) {
	if !plain(s) {
		e.other(s)
		return
	}
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, s...)
	e.buf = append(e.buf, '"')
}

// plain reports whether s needs no escaping in JSON.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (e *encoder) other(v any) {
	raw, err := json.Marshal(v)
	if err != nil { // only a value given to AddMessage can be unfit for JSON
		panic("orbittest: a value of an answer is not JSON: " + err.Error())
	}
	e.buf = append(e.buf, raw...)
}
