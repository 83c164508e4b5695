package flows_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
)

const apiKey = "dv_test_sk_flows"

// newMock returns a transport that ends the test at a request it does not know.
func newMock(t *testing.T) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Fatal))
	return mock
}

// newService returns the service of a client over a transport.
func newService(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *flows.Service {
	t.Helper()
	opts = append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := orbit.NewClient(apiKey, opts...)
	require.NoError(t, err)
	return client.Flows
}

// answering returns the service of a client that gets one answer, whatever it
// asks.
func answering(t *testing.T, status int, body string) *flows.Service {
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

// operation is a method with all that it is given but options.
type operation func(context.Context, *flows.Service, ...orbit.CallOption) error

// load returns a file of testdata.
func load(t *testing.T, file string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	return string(body)
}

// definition makes one of a text.
func definition(t *testing.T, text string) flows.Definition {
	t.Helper()
	d, err := flows.ParseDefinition([]byte(text))
	require.NoError(t, err)
	return d
}

func noon(after time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(after)
}

// names are the JSON or query names of a struct's fields, in order.
func names(of any) string {
	var found []string
	for _, f := range reflect.VisibleFields(reflect.TypeOf(of)) {
		name, _, _ := strings.Cut(f.Tag.Get("json")+f.Tag.Get("url"), ",")
		if name != "-" {
			found = append(found, name)
		}
	}
	return strings.Join(found, " ")
}

// TestFields proves that the Go types have the contract's fields under the
// contract's names, no more and no fewer.
func TestFields(t *testing.T) { // ERG-5
	t.Parallel()
	for want, of := range map[string]any{
		"name trigger_type definition":         flows.CreateParams{},
		"name trigger_type version definition": flows.UpdateParams{},
		"cursor limit":                         flows.ListParams{},
		"flow_id status cursor limit":          flows.ListExecutionsParams{},
		"use_latest_version override_inputs":   flows.ReplayExecutionParams{},
		"id name trigger_type status version definition created_at updated_at":                              flows.Flow{},
		"id flow_id flow_version status trigger started_at ended_at duration_ms node_count error node_runs": flows.Execution{},
		"node_id input output started_at ended_at error":                                                    flows.NodeRun{},
		"node_id code message":    flows.Failure{},
		"type channel message_id": flows.Trigger{},
	} {
		assert.Equal(t, want, names(of), "%T", of)
	}
}
