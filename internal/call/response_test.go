package call_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// noClose panics when it is closed.
type noClose struct {
	io.Reader
	io.Closer
}

// FATE-4: whatever a transport returns, a call does not panic, and fails unless
// it can read a success.
func TestOddResponses(t *testing.T) {
	t.Parallel()
	text := func(s string) io.ReadCloser { return noClose{Reader: strings.NewReader(s)} }
	for name, test := range map[string]struct {
		resp *http.Response
		err  error
		ok   bool
		kind call.Kind
	}{
		"nothing":                {nil, nil, false, call.KindTransport},
		"both":                   {&http.Response{StatusCode: 200, Body: text(good)}, errors.New("broken"), false, call.KindTransport},
		"no body":                {&http.Response{StatusCode: 204}, nil, false, call.KindDecode},
		"no body of an error":    {&http.Response{StatusCode: 404}, nil, false, call.KindAPI},
		"no status":              {&http.Response{Body: text(good)}, nil, false, call.KindTransport},
		"a negative status":      {&http.Response{StatusCode: -1, Body: text(good)}, nil, false, call.KindTransport},
		"an early status":        {&http.Response{StatusCode: 101, Body: text("")}, nil, false, call.KindAPI},
		"a body without a Close": {&http.Response{StatusCode: 200, Body: text(good)}, nil, true, 0},
		"a redirect to nowhere":  {&http.Response{StatusCode: 302}, nil, false, call.KindAPI},
		"a request without URLs": {&http.Response{StatusCode: 200, Body: text(good), Request: &http.Request{Response: &http.Response{Request: &http.Request{}}}}, nil, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := roundTrip(func(*http.Request) (*http.Response, error) {
					if test.resp == nil {
						return nil, test.err
					}
					resp := *test.resp
					if resp.Body != nil {
						resp.Body = text(good) // which is read once
					}
					return &resp, test.err
				})
				for _, opts := range [][]api.CallOption{nil, {withRetry(api.RetryNone)}} {
					_, err := create(t.Context(), play().client(at("https://orbit.test", transport)), opts...)
					if test.ok {
						require.NoError(t, err)
						continue
					}
					assert.Equal(t, test.kind, failure(t, err).Kind)
				}
			})
		})
	}
	t.Run("a stream without a Close", func(t *testing.T) {
		t.Parallel()
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: text("a,b"), ContentLength: -1}, nil
		})
		c := play().client(at("https://orbit.test", transport))
		d, err := call.Stream(t.Context(), c, call.Get("Things.Export", "/things"), nil, nil)
		require.NoError(t, err)
		n, err := d.Copy(io.Discard)
		require.NoError(t, err)
		assert.Equal(t, int64(3), n)
	})
}

// follower is a transport that follows redirects by itself, as wrapped clients do.
func follower() http.RoundTripper {
	c := retryablehttp.NewClient()
	c.Logger = nil
	return c.StandardClient().Transport
}

// SEC-1, FATE-4: a transport that follows redirects takes the key to another host.
// What that host says is not believed, and the error says what happened.
func TestTransportThatFollowsRedirects(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 307} {
		var stolen atomic.Value
		evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stolen.Store(r.Header.Get("X-API-Key"))
			w.Header().Set("X-RateLimit-Remaining", "0")
			_, _ = io.WriteString(w, good)
		}))
		defer evil.Close()
		api := httptest.NewServer(http.RedirectHandler(evil.URL+"/things", status))
		defer api.Close()
		_, err := create(t.Context(), play().client(at(api.URL, follower())))
		f := failure(t, err)
		assert.Equal(t, call.KindAPI, f.Kind)
		assert.Equal(t, status, f.StatusCode)
		assert.Equal(t, 1, f.Attempts, "no second time")
		// The port is hidden where it shares four digits with the key, by chance.
		assert.Regexp(t, `^the transport of the HTTP client followed a redirect to http://127\.0\.0\.1:(\d+|\[hidden\]) and took the API key there$`, f.Reason)
		assert.True(t, f.MaybeSent, "nobody knows what that host did")
		assert.True(t, f.RateLimit.IsZero(), "nothing of it is believed")
		assert.Equal(t, key, stolen.Load(), "that is what net/http does")
	}
}

// FATE-4: redirects within a host, and test transports that lead the request to
// another one, go on working.
func TestTransportThatRewritesTheHost(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/things" {
			http.Redirect(w, r, "/moved", http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(w, good)
	}))
	defer server.Close()
	target, err := url.Parse(server.URL)
	require.NoError(t, err)
	inner := follower()
	rewriting := roundTrip(func(req *http.Request) (*http.Response, error) {
		req = req.Clone(req.Context())
		req.URL.Scheme, req.URL.Host = target.Scheme, target.Host
		return inner.RoundTrip(req)
	})
	_, err = create(t.Context(), play().client(at("https://orbit.test", rewriting)))
	require.NoError(t, err)
}
