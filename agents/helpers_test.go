package agents_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
)

const (
	apiKey = "dv_test_sk_agents"

	// accepted is an answer that every operation can read: one thing, and a list
	// of one.
	accepted = `{"data":{"id":"x_1","response":"Hi","rows":[{"id":"x_1"}]},"meta":{"request_id":"req_1"}}`
)

// newMock returns a transport that ends the test at a request it does not know.
func newMock(t *testing.T) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Fatal))
	return mock
}

// newService returns the service of a client over a transport.
func newService(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *agents.Service {
	t.Helper()
	opts = append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := orbit.NewClient(apiKey, opts...)
	require.NoError(t, err)
	return client.Agents
}

// answering returns the service of a client that gets one answer, whatever it
// asks.
func answering(t *testing.T, body string) *agents.Service {
	t.Helper()
	mock := newMock(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, body))
	return newService(t, mock)
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

// operation is a method of the service or of what is under it, with all that it
// is given but options.
type operation func(context.Context, *agents.Service, ...orbit.CallOption) error

const errParamsChanged = sentinel("the params were changed")

type sentinel string

func (s sentinel) Error() string { return string(s) }

// unchanged makes an operation fail that writes to its params.
func unchanged(params any, op operation) operation {
	return func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
		before, _ := json.Marshal(params)
		err := op(ctx, s, opts...)
		if after, _ := json.Marshal(params); !bytes.Equal(before, after) {
			return errParamsChanged
		}
		return err
	}
}

// part returns the service S: the whole, or what is under it.
func part[S any](s *agents.Service) S {
	for _, candidate := range []any{s, s.KnowledgeBases, s.KnowledgeBases.Documents} {
		if found, ok := candidate.(S); ok {
			return found
		}
	}
	panic("no such service")
}

// sending is an operation with params.
func sending[S, P, R any](method func(S, context.Context, P, ...orbit.CallOption) (*R, error), params P) operation {
	return unchanged(params, func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
		_, err := method(part[S](s), ctx, params, opts...)
		return err
	})
}

// changing is an operation on something, with params.
func changing[S, P, R any](method func(S, context.Context, string, P, ...orbit.CallOption) (*R, error), id string, params P) operation {
	return unchanged(params, func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
		_, err := method(part[S](s), ctx, id, params, opts...)
		return err
	})
}

// getting is an operation on something.
func getting[S, R any](method func(S, context.Context, string, ...orbit.CallOption) (*R, error), id string) operation {
	return func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
		_, err := method(part[S](s), ctx, id, opts...)
		return err
	}
}

// load returns a fixture: an answer as one of the API's generations writes it.
func load(t *testing.T, file string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	return string(body)
}

func noon(after time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(after)
}
