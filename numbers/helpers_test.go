package numbers_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

const (
	apiKey = "dv_test_sk_numbers"

	// accepted is an answer that every operation can read: one thing, and a list
	// of one.
	accepted = `{"data":{"id":"num_1","rows":[{"id":"num_1"}]},"meta":{"request_id":"req_1"}}`
)

// newMock returns a transport that ends the test at a request it does not know.
func newMock(t *testing.T) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Fatal))
	return mock
}

// newService returns the service of a client over a transport.
func newService(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *numbers.Service {
	t.Helper()
	opts = append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := orbit.NewClient(apiKey, opts...)
	require.NoError(t, err)
	return client.Numbers
}

// answering returns the service of a client that gets one answer, whatever it
// asks.
func answering(t *testing.T, status int, body string) *numbers.Service {
	t.Helper()
	mock := newMock(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(status, body))
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
type operation func(context.Context, *numbers.Service, ...orbit.CallOption) error

// whole makes an operation of a method that takes params only.
func whole[P, R any](method func(*numbers.Service, context.Context, P, ...orbit.CallOption) (R, error), params P) operation {
	return func(ctx context.Context, s *numbers.Service, opts ...orbit.CallOption) error {
		_, err := method(s, ctx, params, opts...)
		return err
	}
}

// with makes an operation of a method on the number id_1, with params.
func with[S, P, R any](part func(*numbers.Service) S, method func(S, context.Context, string, P, ...orbit.CallOption) (R, error), params P) operation {
	return func(ctx context.Context, s *numbers.Service, opts ...orbit.CallOption) error {
		_, err := method(part(s), ctx, "id_1", params, opts...)
		return err
	}
}

// on makes an operation of a method on the number id_1.
func on[S, R any](part func(*numbers.Service) S, method func(S, context.Context, string, ...orbit.CallOption) (R, error)) operation {
	return func(ctx context.Context, s *numbers.Service, opts ...orbit.CallOption) error {
		_, err := method(part(s), ctx, "id_1", opts...)
		return err
	}
}

// act makes an operation of a method on the number id_1 that answers nothing.
func act[S any](part func(*numbers.Service) S, method func(S, context.Context, string, ...orbit.CallOption) error) operation {
	return func(ctx context.Context, s *numbers.Service, opts ...orbit.CallOption) error {
		return method(part(s), ctx, "id_1", opts...)
	}
}

// The parts of the service.
func top(s *numbers.Service) *numbers.Service                  { return s }
func emergency(s *numbers.Service) *numbers.EmergencyAddresses { return s.EmergencyAddresses }
func cnam(s *numbers.Service) *numbers.CNAMs                   { return s.CNAMs }

// aNumber is one that the fake's inventory has.
const aNumber = "+14155550100"

// inBothGenerations runs a test against an Orbit in memory of each generation.
func inBothGenerations(t *testing.T, test func(*testing.T, *orbittest.Server, *numbers.Service)) {
	t.Helper()
	for name, generation := range map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := orbittest.New(t, orbittest.WithGeneration(generation), orbittest.WithoutLimits())
			test(t, server, server.Client().Numbers)
		})
	}
}

// buy buys a number.
func buy(t *testing.T, s *numbers.Service) *numbers.Number {
	t.Helper()
	n, err := s.Purchase(t.Context(), numbers.PurchaseParams{PhoneNumber: aNumber, Country: "US"})
	require.NoError(t, err)
	return n
}

func noon(after time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(after)
}

// sprintf hides a format from go vet, which knows that a struct is no text.
func sprintf(format string, v any) string { return fmt.Sprintf(format, v) }
