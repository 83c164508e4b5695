package call

import (
	"bytes"
	"context"
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

// one is the target of a call that answers with one result of any type: into is a
// pointer to a nil pointer to its wire form. It is compiled once; the types are
// known to Do and Create alone.
type one struct {
	into  any
	named bool // the result must have an identity
	info  *api.ResponseInfo
}

func (t *one) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	t.info = info
	if isBlank(body) {
		if !x.route.optional {
			return errNoBody
		}
		t.empty()
		return nil
	}
	meta, err := wire.OneInto(body, t.into)
	info.RequestID = x.requestID(meta.RequestID)
	switch {
	case errors.Is(err, wire.ErrNoData) && x.route.optional:
		t.empty()
		return nil
	case err != nil:
		return explain(body, err)
	case t.named && t.identity() == "":
		return errNoID
	}
	return nil
}

// get makes the call.
func (t *one) get(ctx context.Context, c *Client, r *Route, in any, opts []api.CallOption, into any, named bool) error {
	t.into, t.named = into, named
	return run(ctx, c, r, in, opts, t)
}

// empty is the result of a success without a body.
func (t *one) empty() {
	at := reflect.ValueOf(t.into).Elem()
	at.Set(reflect.New(at.Type().Elem()))
}

// identity is the ID that the wire form has.
func (t *one) identity() string {
	form, _ := reflect.ValueOf(t.into).Elem().Interface().(interface{ Identity() string })
	return form.Identity()
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
