package wire

import (
	"encoding/json"
	"strings"

	"github.com/devotel/orbit-go/api"
)

// Verbatim is params with one member more, whose JSON goes out byte for byte:
// encoding/json would respell it, without white space and with \u003c for "<".
// Empty JSON is left out.
type Verbatim struct {
	Params any
	Name   string
	JSON   json.RawMessage
}

// FieldError reports an extra field that has no place in a body.
type FieldError struct {
	// Name is the field's name or JSON Pointer.
	Name string
	// Err says why, as a sentence that begins with the name.
	Err error
}

// Error is one line for a person.
func (e *FieldError) Error() string { return e.Name + " " + e.Err.Error() }

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// Body encodes params as JSON, times in UTC, with the extra fields set on top: by
// name, or added at a JSON Pointer. Nil params without extra fields give no body.
func Body(params any, extra []api.BodyField) ([]byte, error) {
	if params == nil && len(extra) == 0 {
		return nil, nil
	}
	body, err := encode(params)
	if err != nil || len(extra) == 0 {
		return body, err
	}
	if string(body) == "null" {
		body = []byte("{}")
	}
	for _, f := range extra {
		if body, err = withField(body, f); err != nil {
			return nil, &FieldError{Name: f.Name, Err: err}
		}
	}
	return body, nil
}

// withField sets a field at the top, whatever was there, or adds one at a place.
func withField(body json.RawMessage, f api.BodyField) (json.RawMessage, error) {
	value, err := Exact(f.Value)
	if err != nil {
		return nil, errNoJSON
	}
	if !strings.HasPrefix(f.Name, "/") {
		if f.Name == "" {
			return nil, errNoName
		}
		return Pointer{f.Name}.Set(body, value)
	}
	place, err := ParsePointer(f.Name)
	if err != nil {
		return nil, err
	}
	return place.Add(body, value)
}

// Why a field cannot be sent.
const (
	errNoJSON = api.Sentinel("has a value that cannot be written as JSON")
	errNoName = api.Sentinel("must have a name")
)

func encode(params any) ([]byte, error) {
	v, ok := params.(Verbatim)
	if !ok {
		return json.Marshal(UTC(params))
	}
	body, err := json.Marshal(UTC(v.Params))
	if err != nil || len(v.JSON) == 0 {
		return body, err
	}
	return Pointer{v.Name}.Set(body, v.JSON)
}
