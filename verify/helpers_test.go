package verify_test

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
	"github.com/devotel/orbit-go/verify"
)

const apiKey = "dv_test_sk_verify"

// newMock returns a transport that ends the test at a request it does not know.
func newMock(t *testing.T) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Fatal))
	return mock
}

// newService returns the service of a client over a transport.
func newService(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *verify.Service {
	t.Helper()
	opts = append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := orbit.NewClient(apiKey, opts...)
	require.NoError(t, err)
	return client.Verify
}

// answering returns the service of a client that gets one answer, whatever it
// asks.
func answering(t *testing.T, status int, body string) *verify.Service {
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
type operation func(context.Context, *verify.Service, ...orbit.CallOption) error

// load returns a file of testdata.
func load(t *testing.T, file string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	return string(body)
}

func noon(after time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(after)
}

// inUTC puts the times of a struct into UTC, so that it can be compared.
func inUTC[T any](v T) T {
	fields := reflect.ValueOf(&v).Elem()
	for i := range fields.NumField() {
		if at, ok := fields.Field(i).Interface().(time.Time); ok {
			fields.Field(i).Set(reflect.ValueOf(at.UTC()))
		}
	}
	return v
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
	for _, c := range []struct {
		of   any
		want string
	}{
		{verify.SendParams{}, "to channel max_attempts code_length expires_in_seconds locale fallback_channel custom_message profile_id"},
		{verify.CheckParams{}, "verification_id code"},
		{verify.ListParams{}, "cursor limit status channel to"},
		{verify.SendBulkParams{}, "recipients channel profile_id"},
		{verify.BulkRecipient{}, "to"},
		{verify.CreateProfileParams{}, "name channel code_length expires_in_seconds locale sender"},
		{verify.UpdateProfileParams{}, "name channel code_length expires_in_seconds locale sender"},
		{verify.ListProfilesParams{}, "cursor limit"},
		{verify.Verification{}, "verification_id to channel status max_attempts attempts attempts_remaining profile_id created_at expires_at verified_at checked_at"},
		{verify.Detail{}, "id recipient channel status profileId profileName createdAt updatedAt expiresAt verifiedAt attempts maxAttempts resendsCount " +
			"currentChannelIndex nextAttemptAt expirationCountdownSec channelAttempts fallbackChain configSnapshot attemptLog"},
		{verify.ChannelAttempt{}, "channel provider status sentAt errorCode errorMessage"},
		{verify.Fallback{}, "channel outcome reason"},
		{verify.BulkResult{}, "rows totals"},
		{verify.BulkRow{}, "to verification_id status error"},
		{verify.Failure{}, "node_id code message"},
		{verify.Profile{}, "id name channel code_length expires_in_seconds locale sender created_at updated_at"},
	} {
		assert.Equal(t, c.want, names(c.of), "%T", c.of)
	}
}
