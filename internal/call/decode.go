package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Wire is the form of a result on the wire: a struct that embeds the public T
// and adds the names that other generations of the API use.
type Wire[T, W any] interface {
	*W
	// Public returns the result with the other names merged in and info as its
	// metadata.
	Public(info *api.ResponseInfo) *T
}

// Identified is the form of a result that a create answers with.
type Identified[T, W any] interface {
	Wire[T, W]
	// Identity is the ID of what was created. An answer without one does not
	// tell what became of the request.
	Identity() string
}

// Reasons why a success could not be read, as constants.
const (
	errNoBody = api.Sentinel("the answer is empty where a body was expected")
	errNoID   = api.Sentinel("the answer names no ID of what was created")
	errHTML   = api.Sentinel("the answer is HTML, not JSON: perhaps a proxy's")
)

// one is the target of a call that answers with one result.
type one[T, W any, PW Wire[T, W]] struct {
	value    *T
	identity func(PW) string // nil where none is needed
}

func (t *one[T, W, PW]) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	if isBlank(body) {
		if !x.route.optional {
			return errNoBody
		}
		t.value = PW(new(W)).Public(info)
		return nil
	}
	value, meta, err := wire.One[W](body)
	info.RequestID = x.requestID(meta.RequestID)
	switch {
	case errors.Is(err, wire.ErrNoData) && x.route.optional:
		value = new(W)
	case err != nil:
		return explain(body, err)
	case t.identity != nil && t.identity(value) == "":
		return errNoID
	}
	t.value = PW(value).Public(info)
	return nil
}

// nothing is the target of a call whose answer holds nothing of interest.
type nothing struct{}

func (nothing) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	if isBlank(body) {
		return nil
	}
	_, meta, err := wire.One[json.RawMessage](body)
	info.RequestID = x.requestID(meta.RequestID)
	if errors.Is(err, wire.ErrNoData) {
		return nil
	}
	return explain(body, err)
}

func isBlank(body []byte) bool { return len(bytes.TrimSpace(body)) == 0 }

// explain says more of a body that is not JSON at all.
func explain(body []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return errHTML
	}
	return err
}

// reasonOf says in words why a success could not be read. The text of
// encoding/json is not used: it differs between versions of Go and can hold what
// the server wrote.
func reasonOf(err error) string {
	var mismatch *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	var sentinel api.Sentinel
	switch {
	case errors.As(err, &sentinel):
		return sentinel.Error()
	case errors.As(err, &mismatch):
		return "a field has another type than expected"
	case errors.As(err, &syntax):
		return "the answer is not valid JSON"
	default:
		return "a field has a value that cannot be read"
	}
}

// placeOf names the type that was expected and the JSON path of a decoding error, where they
// are known.
func placeOf(err error) (goType, path string) {
	var mismatch *json.UnmarshalTypeError
	if !errors.As(err, &mismatch) || mismatch.Type == nil {
		return "", ""
	}
	switch mismatch.Type.Kind() {
	case reflect.Struct, reflect.Map: // perhaps one of the SDK's own
		return "object", mismatch.Field
	case reflect.Slice, reflect.Array:
		return "array", mismatch.Field
	default:
		return mismatch.Type.String(), mismatch.Field
	}
}
