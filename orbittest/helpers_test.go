package orbittest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const base = "https://api.orbit.devotel.io/api/v1"

// An answer is a response read to its end.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any // nil if it is no JSON object
}

// at walks into the body: "error.details.field".
func (a answer) at(path string) any {
	var v any = a.body
	for _, name := range strings.Split(path, ".") {
		fields, _ := v.(map[string]any)
		v = fields[name]
	}
	return v
}

func (a answer) code() any { return a.at("error.code") }

func (a answer) id() string {
	id, _ := a.at("data.id").(string)
	return id
}

// ids are the IDs of a list's items.
func (a answer) ids() []string {
	var ids []string
	items, _ := a.at("data").([]any)
	for _, item := range items {
		ids = append(ids, item.(map[string]any)["id"].(string))
	}
	return ids
}

// full makes a server whose responses hold all that it knows.
func full(t testing.TB, opts ...orbittest.Option) *orbittest.Server {
	t.Helper()
	return orbittest.New(t, append(opts, orbittest.WithFullResponses())...)
}

// bothKeys gives the default key and a live one the same account.
func bothKeys() orbittest.Option {
	return orbittest.WithAccount("account_1", orbittest.DefaultAPIKey, "dv_live_sk_x")
}

func newRequest(t testing.TB, method, path, body string, header ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("X-API-Key", orbittest.DefaultAPIKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return req
}

// try sends a request and reads the answer.
func try(t testing.TB, rt http.RoundTripper, req *http.Request) (answer, error) {
	t.Helper()
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { require.NoError(t, resp.Body.Close()) }()
	raw, err := io.ReadAll(resp.Body)
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body) // HTML stays raw
	return a, err
}

// do sends a request that is answered, whatever the answer.
func do(t testing.TB, s *orbittest.Server, method, path, body string, header ...string) answer {
	t.Helper()
	a, err := try(t, s, newRequest(t, method, path, body, header...))
	require.NoError(t, err)
	return a
}

const anSMS = `{"to":"+15005550002","body":"Hello"}`

func sendSMS(t testing.TB, s *orbittest.Server, header ...string) answer {
	t.Helper()
	return do(t, s, "POST", "/messages/sms", anSMS, header...)
}

// A fakeTB records what a server says to its test.
type fakeTB struct {
	cleanups []func()
	errors   []string
	fatal    string
}

func (f *fakeTB) Helper()           {}
func (f *fakeTB) Cleanup(fn func()) { f.cleanups = append(f.cleanups, fn) }
func (f *fakeTB) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}
func (f *fakeTB) Fatalf(format string, args ...any) { f.fatal = fmt.Sprintf(format, args...) }

// end runs what the end of a test runs.
func (f *fakeTB) end() {
	for _, fn := range f.cleanups {
		fn()
	}
}
