package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/devotel/orbit-go/api"
)

// ErrNoData reports a response that is well-formed JSON but holds nothing.
const ErrNoData = api.Sentinel("the response holds no data")

// Reasons why a response cannot be read as a list.
const (
	errNoList       = api.Sentinel("the response holds no list")
	errSeveralLists = api.Sentinel("the response holds several lists")
	errTooMany      = api.Sentinel("the response holds more than 10,000 items")
)

// maxItems bounds the items of a page, since the smallest takes three bytes of the
// body and hundreds of memory.
const maxItems = 10_000

// envelope is a response around its data.
type envelope struct {
	// Data is a pointer to what the data is decoded into. encoding/json follows it,
	// so that the envelope has one type, and what reads it is compiled once.
	Data  any             `json:"data"`
	Meta  Meta            `json:"meta"`
	Error json.RawMessage `json:"error"`
}

// One reads a response that holds one V: in an envelope, or bare. A response that
// is an error in disguise comes back as an *Error.
func One[V any](body []byte) (*V, Meta, error) {
	var data *V
	meta, err := new(Reader).One(body, &data)
	if err != nil {
		return nil, meta, err
	}
	return data, meta, nil
}

// One reads a response into data, a pointer to a nil pointer, which is set to the
// result. Beside a [*Mismatch] it is set to what could be read.
func (r *Reader) One(body []byte, data any) (Meta, error) {
	body = withoutMark(body)
	at := reflect.ValueOf(data).Elem() // a pointer tells a missing or null data from an empty one
	env := envelope{Data: data}
	if !isArray(body) {
		err := json.Unmarshal(body, &env)
		if err == nil && !at.IsNil() && !isError(env.Error) && !r.misses(body, at.Type()) {
			return env.Meta, nil
		}
	}
	at.SetZero()
	e, err := open(body)
	if err != nil {
		return e.meta(r), err
	}
	at.Set(reflect.New(at.Type().Elem()))
	return e.meta(r), r.lenient(e.data, at.Interface(), e.place)
}

// misses reports whether the data of a response has names in the other casing that a
// plain decode into t leaves out.
func (r *Reader) misses(body []byte, t reflect.Type) bool {
	p := r.plans.of(t)
	one := t.Kind() == reflect.Pointer // of a page, the first item is looked at and no more
	if p == nil || p.anywhere == 0 || one && !hasMarks(body, p.anywhere) {
		return false
	}
	if at := valueOf(body, "data"); at >= 0 {
		return p.misses(body[at:])
	}
	return p.misses(body)
}

// isNamed reports whether encoding/json takes a name for the given one.
func isNamed(name []byte, want string) bool {
	return string(name) == want || len(name) >= len(want) && fold(unquoted(name)) == fold(want)
}

// opened is a response taken apart, its parts as they came.
type opened struct {
	data    json.RawMessage
	place   string // of data
	rawMeta json.RawMessage
	parts   []part // all members of the envelope
}

// part is a member of an object.
type part struct {
	name  []byte
	value json.RawMessage
}

// open takes a response apart.
func open(body []byte) (opened, error) {
	if !json.Valid(body) {
		return opened{}, ErrSyntax
	}
	return openValid(body)
}

// openValid is open for a body that is valid JSON.
func openValid(body []byte) (opened, error) {
	var e opened
	if !isObject(body) {
		if e.data = body; isNull(body) {
			return e, ErrNoData
		}
		return e, nil
	}
	var failure json.RawMessage
	enveloped, bare := false, false
	for name, value := range members(body) {
		e.parts = append(e.parts, part{name, value})
		switch {
		case isNamed(name, "data"):
			e.data, enveloped = value, true
		case isNamed(name, "meta"):
			e.rawMeta = value
		case isNamed(name, "error"):
			failure = value
		default:
			bare = true
		}
	}
	switch {
	case isError(failure) && isEmpty(e.data) && !hasID(body):
		err := ParseError(body)
		return e, &err
	case enveloped && !isNull(e.data):
		e.place = "data"
	case enveloped || !bare:
		return e, ErrNoData
	default:
		e.data = body
	}
	return e, nil
}

// meta reads what surrounds the data, as far as it can be read.
func (e opened) meta(r *Reader) Meta {
	m, _ := e.strictMeta(r)
	return m
}

// strictMeta is meta for a list, whose end nobody knows if it cannot be read.
func (e opened) strictMeta(r *Reader) (Meta, error) {
	var m Meta
	if e.rawMeta == nil {
		return m, nil
	}
	return m, r.lenient(e.rawMeta, &m, "meta")
}

// list finds the list: the data, or the only array in it.
func (e opened) list() (list json.RawMessage, place string, err error) {
	switch {
	case isArray(e.data):
		return e.data, e.place, nil
	case !isObject(e.data):
		return nil, "", errNoList
	}
	for name, value := range members(e.data) {
		if !isArray(value) {
			continue
		}
		if list != nil {
			return nil, "", errSeveralLists
		}
		list, place = value, join(e.place, word(name))
	}
	if list == nil {
		return nil, "", errNoList
	}
	return list, place, nil
}

// word is a name that can be shown: the API's own are such.
func word(name []byte) string {
	const longest = 40
	other := func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	if len(name) > longest || bytes.IndexFunc(name, other) >= 0 {
		return "*"
	}
	return string(name)
}

// Many reads a response that holds a list of V: in an envelope, under the only array
// inside data, or bare. room is decoded into as far as it goes: a slice without
// items, zero to its capacity.
func Many[V any](body []byte, room []V) ([]V, Meta, error) {
	items := room[:0]
	meta, err := new(Reader).Many(body, &items)
	return items, meta, err
}

// Many reads a response into list, a pointer to a slice without items, zero to its
// capacity. It is set to the items, or to nil beside an error: a part of a list is
// never taken for the whole.
func (r *Reader) Many(body []byte, list any) (Meta, error) {
	body = withoutMark(body)
	if tooMany(body) {
		return Meta{}, errTooMany
	}
	at := reflect.ValueOf(list).Elem()
	env := envelope{Data: list}
	if !isArray(body) {
		err := json.Unmarshal(body, &env)
		if err == nil && at.Len() > 0 && !r.misses(body, at.Type()) {
			if env.Meta.saysWhatFollows() {
				return env.Meta, nil
			}
			e, _ := openValid(body)
			return e.end(r, at)
		}
	}
	meta, err := r.many(body, at)
	if err != nil {
		at.SetZero()
	}
	return meta, err
}

// end makes sure that a page which is read is the last one, if it seems so.
func (e opened) end(r *Reader, at reflect.Value) (Meta, error) {
	meta, err := e.strictMeta(r)
	if err == nil && !meta.saysWhatFollows() {
		if stray := e.strayCursor(); stray != "" {
			err = &StrayCursor{Path: stray}
		}
	}
	if err != nil {
		at.SetZero()
	}
	return meta, err
}

// many reads a list that is not as plain as most.
func (r *Reader) many(body []byte, at reflect.Value) (Meta, error) {
	at.SetZero()
	e, err := open(body)
	if err != nil {
		return e.meta(r), err
	}
	list, place, err := e.list()
	if err != nil {
		return e.meta(r), err
	}
	at.Set(reflect.MakeSlice(at.Type(), 0, 0))
	items := at.Addr().Interface()
	if err := json.Unmarshal(list, items); err != nil || r.plans.of(at.Type()).misses(list) {
		at.SetZero()
		if err := r.lenient(list, items, place); err != nil {
			return e.meta(r), err
		}
	}
	return e.end(r, at)
}

// tooMany reports whether a response holds a list of more items than a page may
// have. Most responses have fewer commas.
func tooMany(body []byte) bool {
	if bytes.Count(body, []byte(",")) < maxItems {
		return false
	}
	if isArray(body) {
		return isTooLong(body)
	}
	for name, value := range members(body) {
		if isTooLong(value) {
			return true
		}
		if isNamed(name, "data") && isObject(value) {
			for _, inner := range members(value) {
				if isTooLong(inner) {
					return true
				}
			}
		}
	}
	return false
}

func isTooLong(value []byte) bool {
	if !isArray(value) {
		return false
	}
	n := 0
	for range elements(value) {
		if n++; n > maxItems {
			return true
		}
	}
	return false
}

// withoutMark removes the mark that some servers begin UTF-8 with.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\ufeff")) }

// Items returns the JSON of each item of a list, in its body.
func Items(body []byte) ([]json.RawMessage, error) {
	e, err := open(withoutMark(body))
	if err != nil {
		return nil, err
	}
	list, _, err := e.list()
	return slices.Collect(elements(list)), err
}

// Data returns the JSON of a result, in its body.
func Data(body []byte) json.RawMessage {
	e, _ := open(withoutMark(body)) // which was read before
	return bytes.TrimSpace(e.data)
}

// Rows returns the JSON of each row of a result that is a list, bare or under the
// given name; nil for any other.
func Rows(data json.RawMessage, name string) []json.RawMessage {
	if isObject(data) {
		data = object(data)[name]
	}
	return slices.Collect(elements(data))
}
