package orbit_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

const testKey = "dv_test_sk_canary0123456789"

// recorder answers every request with one answer and keeps what was sent.
type recorder struct {
	status   int
	body     string
	requests []*http.Request
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.requests = append(r.requests, req)
	resp, err := memory{[]byte(r.body)}.RoundTrip(req)
	resp.StatusCode = r.status
	return resp, err
}

func newTestClient(t *testing.T, transport http.RoundTripper, opts ...orbit.Option) *orbit.Client {
	t.Helper()
	client, err := orbit.NewClient(testKey, append([]orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: transport})}, opts...)...)
	require.NoError(t, err)
	return client
}

// SEC-3, SEC-6, HTTP-4: what cannot work or is not safe is refused when the
// client is made.
func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	call := orbit.WithDefaults
	for name, test := range map[string]struct {
		key   string
		opts  []orbit.Option
		field string
	}{
		"no key":              {"", nil, "apiKey"},
		"public live key":     {"dv_live_pk_abc", nil, "apiKey"},
		"public test key":     {"dv_test_pk_abc", nil, "apiKey"},
		"key with a newline":  {testKey + "\n", nil, "apiKey"},
		"key with a space":    {"a b", nil, "apiKey"},
		"no URL":              {testKey, []orbit.Option{orbit.WithBaseURL("")}, "WithBaseURL"},
		"relative URL":        {testKey, []orbit.Option{orbit.WithBaseURL("/api/v1")}, "WithBaseURL"},
		"no host":             {testKey, []orbit.Option{orbit.WithBaseURL("https://")}, "WithBaseURL"},
		"no scheme":           {testKey, []orbit.Option{orbit.WithBaseURL("api.orbit.devotel.io")}, "WithBaseURL"},
		"other scheme":        {testKey, []orbit.Option{orbit.WithBaseURL("ftp://h.test")}, "WithBaseURL"},
		"bad URL":             {testKey, []orbit.Option{orbit.WithBaseURL("https://h.test/%zz")}, "WithBaseURL"},
		"URL with a query":    {testKey, []orbit.Option{orbit.WithBaseURL("https://h.test/?a=1")}, "WithBaseURL"},
		"URL with a fragment": {testKey, []orbit.Option{orbit.WithBaseURL("https://h.test/#a")}, "WithBaseURL"},
		"URL with a user":     {testKey, []orbit.Option{orbit.WithBaseURL("https://u:p@h.test/")}, "WithBaseURL"},
		"http":                {testKey, []orbit.Option{orbit.WithBaseURL("http://h.test/")}, "WithBaseURL"},
		"http after insecure": {testKey, []orbit.Option{orbit.WithInsecureBaseURL("http://a.test"), orbit.WithBaseURL("http://h.test/")}, "WithBaseURL"},
		"nil client":          {testKey, []orbit.Option{orbit.WithHTTPClient(nil)}, "WithHTTPClient"},
		"nil key function":    {testKey, []orbit.Option{orbit.WithAPIKeyFunc(nil)}, "WithAPIKeyFunc"},
		"nil logger":          {testKey, []orbit.Option{orbit.WithLogger(nil)}, "WithLogger"},
		"nil dump":            {testKey, []orbit.Option{orbit.WithDump(nil)}, "WithDump"},
		"agent with newline":  {testKey, []orbit.Option{orbit.WithUserAgent("a\nb")}, "WithUserAgent"},
		"download URL":        {testKey, []orbit.Option{orbit.WithDownloadHosts("minio.test", "https://minio.test")}, "WithDownloadHosts"},
		"download port":       {testKey, []orbit.Option{orbit.WithDownloadHosts("minio.test:9000")}, "WithDownloadHosts"},
		"download path":       {testKey, []orbit.Option{orbit.WithDownloadHosts("minio.test/rec")}, "WithDownloadHosts"},
		"download network":    {testKey, []orbit.Option{orbit.WithDownloadHosts("10.0.0.0/8")}, "WithDownloadHosts"},
		"download pattern":    {testKey, []orbit.Option{orbit.WithDownloadHosts("*.test")}, "WithDownloadHosts"},
		"download brackets":   {testKey, []orbit.Option{orbit.WithDownloadHosts("[fd00::5]")}, "WithDownloadHosts"},
		"no download host":    {testKey, []orbit.Option{orbit.WithDownloadHosts("")}, "WithDownloadHosts"},
		"no attempts":         {testKey, []orbit.Option{call(orbit.WithMaxAttempts(0))}, "WithMaxAttempts"},
		"a key for all calls": {testKey, []orbit.Option{call(orbit.WithIdempotencyKey("k"))}, "WithDefaults"},
		"a field for all":     {testKey, []orbit.Option{call(orbit.WithBodyField("a", 1))}, "WithDefaults"},
		"one response":        {testKey, []orbit.Option{call(orbit.CaptureResponse(new(orbit.Response)))}, "WithDefaults"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := orbit.NewClient(test.key, test.opts...)
			assert.Nil(t, client)
			var param *orbit.ParamError
			require.ErrorAs(t, err, &param)
			assert.Equal(t, test.field, param.Field)
			require.ErrorIs(t, err, orbit.ErrNotSent)
			if test.key != "" {
				assert.NotContains(t, err.Error(), strings.TrimSpace(test.key))
			}
		})
	}
}

func TestNewClientTakes(t *testing.T) {
	t.Parallel()
	for base, insecure := range map[string]bool{
		"https://h.test": false, "http://localhost:8025": false, "http://127.0.0.1:8025/api/v1/": false, "http://[::1]:80": false,
		"http://gateway.internal": true,
	} {
		option := orbit.WithBaseURL
		if insecure {
			option = orbit.WithInsecureBaseURL
		}
		_, err := orbit.NewClient("opaque-key-of-another-shape", option(base))
		assert.NoError(t, err, base)
	}
}

// SEC-3: only NewClientFromEnv reads the environment.
func TestNewClientFromEnv(t *testing.T) {
	server := &recorder{status: 202, body: createdMessage}
	transport := orbit.WithHTTPClient(&http.Client{Transport: server})
	t.Setenv(orbit.EnvAPIKey, "")
	_, err := orbit.NewClientFromEnv()
	var param *orbit.ParamError
	require.ErrorAs(t, err, &param)
	assert.Equal(t, orbit.EnvAPIKey, param.Field)

	t.Setenv(orbit.EnvAPIKey, "dv_test_sk_env")
	t.Setenv(orbit.EnvBaseURL, "http://127.0.0.1:1/x")
	client, err := orbit.NewClientFromEnv(transport)
	require.NoError(t, err)
	send(t, client)
	assert.Equal(t, "http://127.0.0.1:1/x/messages/sms", server.requests[0].URL.String())
	assert.Equal(t, "dv_test_sk_env", server.requests[0].Header.Get("X-API-Key"))

	client, err = orbit.NewClient(testKey, transport)
	require.NoError(t, err)
	send(t, client)
	assert.Equal(t, "https://api.orbit.devotel.io/api/v1/messages/sms", server.requests[1].URL.String())
	assert.Equal(t, []string{testKey}, server.requests[1].Header.Values("X-API-Key"))
}

func send(t *testing.T, client *orbit.Client, opts ...orbit.CallOption) *messages.Message {
	t.Helper()
	msg, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+14155552671", Body: "Hello"}, opts...)
	require.NoError(t, err)
	return msg
}

// NEW-1: keys rotate, tenants share connections.
func TestKeys(t *testing.T) {
	t.Parallel()
	server := &recorder{status: 202, body: createdMessage}
	current := "dv_live_sk_1"
	client, err := orbit.NewClient("", orbit.WithHTTPClient(&http.Client{Transport: server}),
		orbit.WithAPIKeyFunc(func(context.Context) (string, error) { return current, nil }))
	require.NoError(t, err)
	send(t, client)
	current = "dv_live_sk_2"
	send(t, client)
	tenant, err := client.WithKey("dv_live_sk_3")
	require.NoError(t, err)
	send(t, tenant)
	send(t, client)
	_, err = orbit.NewClient("dv_live_pk_1", orbit.WithAPIKeyFunc(func(context.Context) (string, error) { return current, nil }))
	require.ErrorIs(t, err, orbit.ErrInvalid)
	for i, want := range []string{"dv_live_sk_1", "dv_live_sk_2", "dv_live_sk_3", "dv_live_sk_2"} {
		assert.Equal(t, want, server.requests[i].Header.Get("X-API-Key"))
	}
	_, err = client.WithKey("dv_live_pk_3")
	require.ErrorIs(t, err, orbit.ErrInvalid)

	current = "dv_live_pk_4"
	_, err = client.Messages.Get(t.Context(), "msg_1")
	require.ErrorIs(t, err, orbit.ErrNotSent)
	failing := newTestClient(t, server, orbit.WithAPIKeyFunc(func(context.Context) (string, error) { return "", errors.New("vault is closed") }))
	_, err = failing.Messages.Get(t.Context(), "msg_1")
	require.ErrorContains(t, err, "vault is closed")
	assert.Len(t, server.requests, 4)
}

// RET-7, PAG-4: options of the client and of a call add up.
func TestDefaults(t *testing.T) {
	t.Parallel()
	server := &recorder{status: 202, body: createdMessage}
	client := newTestClient(t, server, orbit.WithUserAgent("shop/2.1"), orbit.WithDefaults(
		orbit.WithHeader("X-Test-Mode", "true"), orbit.WithQuery("v", "1"), orbit.WithMaxAttempts(1)))
	send(t, client, orbit.WithHeader("X-Other", "1"), orbit.WithQuery("v", "2"))
	send(t, client, orbit.WithHeader("X-Other", "2"))
	first, second := server.requests[0], server.requests[1]
	assert.Equal(t, "true", first.Header.Get("X-Test-Mode"))
	assert.Equal(t, []string{"1"}, first.Header.Values("X-Other"))
	assert.Equal(t, []string{"2"}, second.Header.Values("X-Other"))
	assert.Equal(t, "v=2", first.URL.RawQuery)
	assert.Equal(t, "v=1", second.URL.RawQuery)
	assert.Regexp(t, `^orbit-go/`+orbit.Version+` \(go.*\) shop/2\.1$`, first.Header.Get("User-Agent"))
}

// NEW-2: any endpoint can be called.
func TestCall(t *testing.T) {
	t.Parallel()
	server := &recorder{status: 200, body: `{"data":{"name":"welcome"}}`}
	client := newTestClient(t, server)
	var out struct{ Name string }
	err := client.Call(t.Context(), "POST", "/templates/{id}/send", map[string]string{"to": "+14155552671"}, &out,
		orbit.PathValue("id", "a/b"), orbit.WithIdempotencyKey("job-1"))
	require.NoError(t, err)
	assert.Equal(t, "welcome", out.Name)
	assert.Equal(t, "/api/v1/templates/a%2Fb/send", server.requests[0].URL.EscapedPath())
	assert.Equal(t, "job-1", server.requests[0].Header.Get("Idempotency-Key"))
}
