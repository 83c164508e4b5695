package wire

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/devotel/orbit-go/api"
)

// ErrSyntax reports a response that is not JSON.
const ErrSyntax = api.Sentinel("the response is not valid JSON")

// Reader reads responses. It remembers what it learnt of the types that it decoded
// into. Its zero value is ready for use, also by several goroutines.
type Reader struct{ plans plans }

// Unmarshal decodes data into *v. Where a scalar has another JSON type than the Go
// field (a number for a string, an odd time), or a name is in the other casing, it
// decodes leniently into a zeroed *v, so that only such responses pay for it. What
// does not fit even so is a [*Mismatch], and the rest of *v is filled.
func (r *Reader) Unmarshal(data []byte, v any) error {
	return r.unmarshal(data, v, func(data []byte) bool {
		p := r.plans.of(reflect.TypeOf(v).Elem())
		return p != nil && hasMarks(data, p.anywhere) && p.misses(data)
	})
}

// Unmarshal is for types without a [Reader] at hand, whose own names are in
// snake_case: it takes none of them for the other casing of a camelCase one.
func Unmarshal(data []byte, v any) error {
	var r Reader
	return r.unmarshal(data, v, func(data []byte) bool {
		return hasMarks(data, capital) && r.plans.of(reflect.TypeOf(v).Elem()).misses(data)
	})
}

func (r *Reader) unmarshal(data []byte, v any, misses func([]byte) bool) error {
	err := json.Unmarshal(data, v)
	if err == nil && !misses(data) {
		return nil
	}
	if err != nil && !json.Valid(data) {
		return ErrSyntax
	}
	reflect.ValueOf(v).Elem().SetZero()
	return r.lenient(data, v, "")
}

// lenient decodes valid JSON from the given place leniently.
func (r *Reader) lenient(data []byte, v any, place string) error {
	d := lenient{plans: &r.plans}
	return d.decode(data, v, place)
}

// Keep is Unmarshal for a result whose JSON is kept beside it, since it holds more
// than is documented.
func Keep(data []byte, v any, raw *json.RawMessage) error {
	err := new(Reader).Unmarshal(data, v)
	*raw = bytes.Clone(data) // v may hold raw, and was emptied
	return err
}

// Explain finds why encoding/json does not decode the data of a response into *v: a
// [*Mismatch] that names the place alike with every version of Go.
func Explain(body []byte, v any) error {
	e, err := open(withoutMark(body))
	if err != nil {
		return err
	}
	var p plans
	d := lenient{plans: &p, strict: true}
	return d.decode(e.data, reflect.New(reflect.TypeOf(v).Elem()).Interface(), e.place)
}
