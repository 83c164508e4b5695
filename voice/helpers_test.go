package voice_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/voice"
)

const (
	apiKey = "dv_test_sk_voice"

	// anything is an answer that every operation can read: one thing, and a list.
	anything = `{"data":{"id":"x","items":[{"id":"x"}]},"meta":{"request_id":"req_1"}}`
)

// newMock returns a transport that ends the test at a request it does not know.
func newMock(t *testing.T) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Fatal))
	return mock
}

// newService returns the service of a client over a transport.
func newService(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *voice.Service {
	t.Helper()
	opts = append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := orbit.NewClient(apiKey, opts...)
	require.NoError(t, err)
	return client.Voice
}

// answering returns the service of a client that gets one answer, whatever it
// asks.
func answering(t *testing.T, status int, body string) *voice.Service {
	t.Helper()
	mock := newMock(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(status, body))
	return newService(t, mock)
}

// operation is a method with all that it is given but options.
type operation func(context.Context, *voice.Service, ...orbit.CallOption) error

// golden is an operation and exactly what it sends: "POST /path?query" and the
// body.
type golden struct {
	name   string
	do     operation
	target string
	body   string
}

// testRequests proves what operations send.
func testRequests(t *testing.T, cases ...golden) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var target, body string
			var header http.Header
			mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				target, header = r.Method+" "+r.URL.RequestURI(), r.Header.Clone()
				if r.Body != nil {
					sent, err := io.ReadAll(r.Body)
					if err != nil {
						return nil, err
					}
					body = string(sent)
				}
				return httpmock.NewStringResponse(http.StatusOK, anything), nil
			})

			require.NoError(t, c.do(t.Context(), newService(t, mock)))

			assert.Equal(t, c.target, target)
			assert.Equal(t, c.body, body)
			assert.Equal(t, apiKey, header.Get("X-API-Key"))
			assert.Equal(t, c.body != "", header.Get("Content-Type") == "application/json", "a content type goes with a body only")
			assert.Equal(t, c.target[:3] != "GET", len(header["Idempotency-Key"]) == 1) // RET-1
		})
	}
}

// refusal is an operation that sends nothing, and why.
type refusal struct {
	name                        string
	do                          operation
	op, field, rule, suggestion string
}

// testRefusals proves that nothing is sent for params that can never be valid,
// that the error tells why, and that the checks can be switched off.
func testRefusals(t *testing.T, cases ...refusal) { // NUM-1, NUM-4
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			err := c.do(t.Context(), newService(t, mock))
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.op, refused.Op)
			assert.Equal(t, c.field, refused.Field)
			assert.Equal(t, c.rule, refused.Rule)
			assert.Equal(t, c.suggestion, refused.Suggestion)
			require.ErrorIs(t, err, orbit.ErrNotSent)
			assert.NotRegexp(t, "[0-9]{7}", err.Error()) // SEC-4
			assert.Zero(t, mock.GetTotalCallCount(), "nothing was sent")

			mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, anything))
			if c.field != "id" && c.field != "queueId" && c.field != "callId" { // never sent: it would be another path
				var op string
				check := orbit.WithObserver(orbit.Observer{CallStart: func(ctx context.Context, e orbit.CallEvent) context.Context {
					op = e.Op
					return ctx
				}})
				require.NoError(t, c.do(t.Context(), newService(t, mock, orbit.WithoutChecks(), check)))
				assert.Equal(t, c.op, op)
				assert.Equal(t, 1, mock.GetTotalCallCount(), "without checks the server decides")
			}
		})
	}
}

const (
	ruleEmpty    = "must not be empty"
	ruleE164     = `must be a phone number in E.164 form: "+", country code and number, 8 to 15 digits, the first not 0`
	ruleNegative = "must not be negative"
	rulePath     = `must not be empty, "." or ".."`
)

func noon(after time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(after)
}
