package messages_test

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/messages"
)

const (
	apiKey = "dv_test_sk_messages"

	// accepted is an answer that every operation can read.
	accepted = `{"data":{"id":"msg_1","channel":"sms","status":"queued","html":"<p>"},"meta":{"request_id":"req_1"}}`
)

// newMock returns a transport that ends the test at a request it does not know.
func newMock(t *testing.T) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Fatal))
	return mock
}

// newService returns the service of a client over a transport.
func newService(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *messages.Service {
	t.Helper()
	opts = append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := orbit.NewClient(apiKey, opts...)
	require.NoError(t, err)
	return client.Messages
}

// request is what arrived at the API.
type request struct {
	method, path, query, body string
	header                    http.Header
}

// record answers with status and body, and keeps what arrived.
func record(got *request, status int, body string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		*got = request{method: r.Method, path: r.URL.EscapedPath(), query: r.URL.RawQuery, header: r.Header.Clone()}
		if r.Body != nil {
			sent, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			got.body = string(sent)
		}
		return httpmock.NewStringResponse(status, body), nil
	}
}

// method is an operation as the service declares it.
type method[P, R any] func(*messages.Service, context.Context, P, ...orbit.CallOption) (*R, error)

// golden is a value of the params and the exact JSON that is sent for it.
type golden[P any] struct {
	name   string
	params P
	body   string
}

// testBodies proves what a POST sends, that its answer is read, and that the
// params stay as they were.
func testBodies[P, R any](t *testing.T, path string, send method[P, R], id func(*R) string, cases []golden[P]) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+path, record(&got, http.StatusAccepted, accepted))
			before := clone(c.params)

			result, err := send(newService(t, mock), t.Context(), c.params)

			require.NoError(t, err)
			assert.Equal(t, "msg_1", id(result))
			assert.Equal(t, before, c.params, "params are read only")
			assert.Equal(t, "/api/v1"+path, got.path)
			assert.Empty(t, got.query)
			assert.Equal(t, c.body, got.body)
			assert.Equal(t, apiKey, got.header.Get("X-API-Key"))
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			assert.Equal(t, "application/json", got.header.Get("Accept"))
			assert.NotEmpty(t, got.header["Idempotency-Key"]) // RET-1
			assert.Equal(t, 1, mock.GetTotalCallCount())
		})
	}
}

// testSends is testBodies for what answers with a message.
func testSends[P any](t *testing.T, path string, send method[P, messages.Message], cases []golden[P]) {
	t.Helper()
	testBodies(t, path, send, func(m *messages.Message) string {
		assert.Equal(t, messages.StatusQueued, m.Status)
		assert.Equal(t, "req_1", m.RequestID())
		assert.Equal(t, http.StatusAccepted, m.Info.StatusCode)
		return m.ID
	}, cases)
}

// refusal is a value of the params that is not sent, and why.
type refusal[P any] struct {
	name                    string
	params                  P
	field, rule, suggestion string
}

const (
	ruleEmpty  = "must not be empty"
	ruleOneOf  = "exactly one of them must be given"
	ruleNoBody = "must not be empty, unless media_urls are given"
)

// ruleE164 is the rule for phone numbers, whose words are the check's own affair.
func ruleE164() string { return check.E164("to", "x").Rule }

// testRefusals proves that nothing is sent for params that can never be valid,
// that the error tells why, and that the checks can be switched off.
func testRefusals[P, R any](t *testing.T, op string, call method[P, R], cases []refusal[P]) { // NUM-1, NUM-4
	t.Helper()
	for _, c := range cases {
		t.Run("refused: "+c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			result, err := call(newService(t, mock), t.Context(), c.params)
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Nil(t, result)
			assert.Equal(t, op, refused.Op)
			assert.Equal(t, c.field, refused.Field)
			assert.Equal(t, c.rule, refused.Rule)
			assert.Equal(t, c.suggestion, refused.Suggestion)
			require.ErrorIs(t, err, orbit.ErrInvalid)
			require.ErrorIs(t, err, orbit.ErrNotSent)
			assert.False(t, orbit.MaybeSent(err))
			assert.NotRegexp(t, "[0-9]{7}", err.Error()) // SEC-4
			assert.Zero(t, mock.GetTotalCallCount(), "nothing was sent")

			mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusAccepted, accepted))
			_, err = call(newService(t, mock, orbit.WithoutChecks()), t.Context(), c.params)
			require.NoError(t, err, "without checks the server decides")
		})
	}
}

// clone copies a value and all that it points to.
func clone[T any](v T) T {
	out := reflect.New(reflect.TypeFor[T]()).Elem()
	out.Set(reflect.ValueOf(v))
	deepen(out)
	return out.Interface().(T) //nolint:forcetypeassert // made from a T
}

// deepen replaces what v points to by copies.
func deepen(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				deepen(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fresh := reflect.New(v.Type().Elem())
			fresh.Elem().Set(v.Elem())
			v.Set(fresh)
			deepen(v.Elem())
		}
	case reflect.Slice:
		if !v.IsNil() {
			fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(fresh, v)
			v.Set(fresh)
			for i := range v.Len() {
				deepen(v.Index(i))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			fresh := reflect.MakeMap(v.Type())
			for _, k := range v.MapKeys() {
				fresh.SetMapIndex(k, v.MapIndex(k))
			}
			v.Set(fresh)
		}
	}
}
