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
	errNoBody = api.Sentinel("the response is empty where a body was expected")
	errNoID   = api.Sentinel("the response names no ID of what was created")
	errHTML   = api.Sentinel("the response is HTML, not JSON: perhaps a proxy's")
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
	meta, err := x.client.reader.One(body, t.into)
	info.RequestID = x.requestID(meta.RequestID)
	switch {
	case errors.Is(err, wire.ErrNoData) && x.route.optional:
		t.empty()
		return nil
	case err != nil && t.named:
		return created{explain(body, err), t.identity()}
	case err != nil:
		return explain(body, err)
	case t.named && t.identity() == "":
		return errNoID
	}
	if x.set.RawJSON {
		t.info = withRaw(info, wire.Data(body))
	}
	return nil
}

// withRaw describes the response behind a result whose JSON is kept: as a copy, so
// that an item of a list does not keep its page.
func withRaw(info *api.ResponseInfo, raw json.RawMessage) *api.ResponseInfo {
	return api.NewResponseInfo(*info, bytes.Clone(raw))
}

// Each returns what describes the response behind each row of a result that is
// itself a list, bare or under the given name: where the JSON of the result is kept,
// with the JSON of the row.
func Each(info *api.ResponseInfo, name string) func(row int) *api.ResponseInfo {
	rows := wire.Rows(api.Meta{Info: info}.RawJSON(), name)
	return func(row int) *api.ResponseInfo {
		if row >= len(rows) {
			return info
		}
		return withRaw(info, rows[row])
	}
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

// identity is the ID that the wire form has, as far as it was read.
func (t *one) identity() string {
	at := reflect.ValueOf(t.into).Elem()
	if at.IsNil() {
		return ""
	}
	form, _ := at.Interface().(interface{ Identity() string })
	return form.Identity()
}

// created is why a response that names what was created could not be read whole.
type created struct {
	error

	id string
}

func (c created) Unwrap() error { return c.error }

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

func isBlank(body []byte) bool { return len(bytes.TrimSpace(withoutMark(body))) == 0 }

// mark is what some servers begin UTF-8 with.
const mark = "\ufeff"

func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte(mark)) }

// explain says more of a body that is not JSON at all.
func explain(body []byte, err error) error {
	if errors.Is(err, wire.ErrSyntax) && bytes.HasPrefix(bytes.TrimSpace(withoutMark(body)), []byte("<")) {
		return errHTML
	}
	return err
}

// reasonOf says in words why a success could not be read. The text of
// encoding/json is not used: it differs between versions of Go and can hold what
// the server wrote.
func reasonOf(err error) string {
	var mismatch *wire.Mismatch
	var stray *wire.StrayCursor
	var syntax *json.SyntaxError
	var sentinel api.Sentinel
	switch {
	case errors.As(err, &sentinel):
		return sentinel.Error()
	case errors.As(err, &mismatch):
		return mismatch.Error()
	case errors.As(err, &stray):
		return stray.Error()
	case errors.As(err, &syntax):
		return wire.ErrSyntax.Error()
	default:
		return "a field has a value that cannot be read"
	}
}

// locate adds to the failure of a decode the place of what could not be read, the type
// that was expected there, and the ID of what was created, as far as they are known.
func (f *Failure) locate(err error) {
	var mismatch *wire.Mismatch
	var stray *wire.StrayCursor
	var made created
	switch {
	case errors.As(err, &mismatch):
		f.Type, f.Path = mismatch.Type, mismatch.Path
	case errors.As(err, &stray):
		f.Path = stray.Path
	}
	if errors.As(err, &made) {
		f.ID = made.id
	}
}
