package call_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// HTTP-5: an ID cannot leave its place in the path, and an empty one goes
// nowhere, also with the local checks off.
func TestPathElements(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"msg_1":         "/api/v1/things/msg_1",
		"../admin?x=1":  "/api/v1/things/..%2Fadmin%3Fx=1",
		"a b":           "/api/v1/things/a%20b",
		"+14155552671":  "/api/v1/things/%2B14155552671",
		"%2E%2E":        "/api/v1/things/%252E%252E",
		"a/b":           "/api/v1/things/a%2Fb",
		"ü#":            "/api/v1/things/%C3%BC%23",
		"...":           "/api/v1/things/...",
		"":              "",
		".":             "",
		"..":            "",
		"{id}":          "/api/v1/things/%7Bid%7D",
		"line\r\nbreak": "/api/v1/things/line%0D%0Abreak",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := play(answer(200, good))
			c := s.client(func(c *call.Config) { c.SkipChecks = true })
			_, err := call.Do[thing, thingWire](t.Context(), c, call.Get("Things.Get", "/things/{id}", id), nil, nil)
			if want == "" {
				assert.Equal(t, "id", failure(t, err).Field)
				assert.Empty(t, s.hits)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, want, s.hits[0].url.EscapedPath())
		})
	}
}

// HTTP-4: the base URL gives the same address with and without a slash, and
// keeps its prefix.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"https://h.test":            "https://h.test/things/1",
		"https://h.test/":           "https://h.test/things/1",
		"https://h.test/api/v1":     "https://h.test/api/v1/things/1",
		"https://h.test/api/v1/":    "https://h.test/api/v1/things/1",
		"https://h.test:8443/a%2Fb": "https://h.test:8443/a%2Fb/things/1",
	} {
		s := play(answer(200, good))
		u, err := url.Parse(base)
		require.NoError(t, err)
		_, err = get(t.Context(), s.client(func(c *call.Config) { c.BaseURL = u }))
		require.NoError(t, err)
		assert.Equal(t, want, s.hits[0].url.String())
	}
}

// RET-1: every call that changes something carries a key of its own, a read
// none; the caller's own is kept, and an empty one refused.
func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	c := s.client()
	seen := map[string]bool{}
	for range 100 {
		v, err := create(t.Context(), c)
		require.NoError(t, err)
		sent := s.hits[len(s.hits)-1].header.Get("Idempotency-Key")
		assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, sent)
		assert.Equal(t, sent, v.Info.IdempotencyKey)
		assert.False(t, seen[sent])
		seen[sent] = true
	}
	_, err := get(t.Context(), c)
	require.NoError(t, err)
	assert.Empty(t, s.hits[100].header["Idempotency-Key"])

	own := func(key string) api.CallOption {
		return option(func(s *api.CallSettings) { s.IdempotencyKey, s.HasIdempotencyKey = key, true })
	}
	_, err = create(t.Context(), c, own("job-17"), withRetry(api.RetryNone))
	require.NoError(t, err)
	// The spelling keeps net/http from repeating the request by itself.
	assert.Equal(t, []string{"job-17"}, s.hits[101].header["Idempotency-key"]) //nolint:staticcheck // the spelling is the point
	for _, bad := range []string{"", "a b", "line\nbreak", "ü"} {
		_, err = create(t.Context(), c, own(bad))
		assert.Equal(t, "Idempotency-Key", failure(t, err).Field)
	}
	_, err = get(t.Context(), c, own("job-17"))
	assert.Equal(t, "WithIdempotencyKey", failure(t, err).Field, "it would go out with every page of a list")
	assert.Len(t, s.hits, 102)
}

// SEC-3, FATE-5: no option adds or replaces a key; what net/http would drop, or
// RFC 9110 forbids, is refused.
func TestHeaders(t *testing.T) {
	t.Parallel()
	header := func(name, value string) api.CallOption {
		return option(func(s *api.CallSettings) { s.Header = append(s.Header, api.Field{Name: name, Value: value}) })
	}
	for _, bad := range [][2]string{
		{"x-api-key", "other"}, {"idempotency-key", "k"}, {"", "v"}, {"A B", "v"}, {"X", "v\r\nY: w"},
		{"X:", "v"}, {"X\u00e4", "v"}, {"X(1)", "v"}, {"X", "\x00"}, {"X", "a\x01b"}, {"X", "a\x7f"}, {"X", " a"}, {"X", "a\t"},
		{"host", "orbit.test"}, {"user-agent", "shop"}, {"content-length", "7"}, {"transfer-encoding", "chunked"},
		{"trailer", "X"}, {"connection", "close"}, {"upgrade", "h2c"}, {"keep-alive", "1"}, {"accept-encoding", "br"},
	} {
		s := play(answer(200, good))
		_, err := get(t.Context(), s.client(), header(bad[0], bad[1]))
		assert.Equal(t, call.KindParam, failure(t, err).Kind, "%q", bad)
		assert.Empty(t, s.hits, "%q", bad)

		if i := http.CanonicalHeaderKey(bad[0]); i == "X-Api-Key" || i == "Idempotency-Key" {
			continue
		}
		_, err = get(t.Context(), s.client(func(c *call.Config) {
			c.Observers = []api.Observer{{AttemptStart: func(ctx context.Context, e api.AttemptEvent) context.Context {
				e.Header[bad[0]] = []string{bad[1]}
				return ctx
			}}}
		}))
		f := failure(t, err)
		assert.Equal(t, call.KindParam, f.Kind, "%q by an observer", bad)
		assert.True(t, f.NotSent && !f.MaybeSent)
		assert.Empty(t, s.hits, "%q by an observer", bad)
	}
	s := play(answer(200, good))
	_, err := create(t.Context(), s.client(), header("X-Test-Mode", "true"))
	require.NoError(t, err)
	h := s.hits[0].header
	assert.Equal(t, "true", h.Get("X-Test-Mode"))
	assert.Equal(t, []string{key}, h.Values("X-API-Key"))
	assert.Equal(t, "application/json", h.Get("Content-Type"))
	assert.Equal(t, "application/json", h.Get("Accept"))
	assert.Equal(t, "test", h.Get("User-Agent"))

	_, err = get(t.Context(), s.client())
	require.NoError(t, err)
	assert.Empty(t, s.hits[1].header.Get("Content-Type"), "only with a body")

	_, err = create(t.Context(), s.client(), header("accept", "text/csv"), header("content-type", "application/merge-patch+json"), header("X", "\u00e4\t1"))
	require.NoError(t, err)
	h = s.hits[2].header
	assert.Equal(t, []string{"text/csv"}, h.Values("Accept"))
	assert.Equal(t, []string{"application/merge-patch+json"}, h.Values("Content-Type"))
	assert.Equal(t, []string{"\u00e4\t1"}, h.Values("X"))
}

// FATE-5: an observer that breaks a later attempt does not hide the first one.
func TestObserverBreaksRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(problem(503, "X"), answer(200, good))
		_, err := create(t.Context(), s.client(func(c *call.Config) {
			c.Observers = []api.Observer{{AttemptStart: func(ctx context.Context, e api.AttemptEvent) context.Context {
				if e.Attempt == 2 {
					e.Header.Set("Host", "orbit.test")
				}
				return ctx
			}}}
		}))
		f := failure(t, err)
		assert.Equal(t, call.KindParam, f.Kind)
		assert.True(t, f.MaybeSent && !f.NotSent)
		assert.Equal(t, 1, s.count())
	})
}

// NEW-2: fields and parameters that the SDK does not know reach the wire.
func TestExtraFields(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	_, err := create(t.Context(), s.client(), option(func(s *api.CallSettings) {
		s.BodyFields = []api.BodyField{{Name: "to", Value: 7}, {Name: "new", Value: []int{1}}}
		s.Query = []api.Field{{Name: "q", Value: "a&b"}}
	}))
	require.NoError(t, err)
	assert.JSONEq(t, `{"to":7,"new":[1]}`, s.hits[0].body)
	assert.Equal(t, "q=a%26b", s.hits[0].url.RawQuery)

	// One that cannot be placed, and why, before anything is sent.
	for _, c := range []struct {
		name  string
		value any
		rule  string
	}{
		{"f", func() {}, "f has a value that cannot be written as JSON"},
		{"", 1, "must have a name"},
		{"/to/a/+14155552671", 1, "leads through a member that is missing, or that is no object or array"},
		{"/a~", 1, `/a~ is no JSON Pointer: it must be UTF-8, and empty or begin with "/", with "~" only in "~0" and "~1"`},
	} {
		field := option(func(s *api.CallSettings) { s.BodyFields = []api.BodyField{{Name: c.name, Value: c.value}} })
		_, err = create(t.Context(), s.client(), field)
		assert.Equal(t, "WithBodyField", failure(t, err).Field)
		assert.Contains(t, failure(t, err).Rule, c.rule)
		assert.NotContains(t, failure(t, err).Rule, "+14155552671")
		_, err = get(t.Context(), s.client(), field)
		assert.Equal(t, "has no place in a request without a body", failure(t, err).Rule)
	}
	assert.Len(t, s.hits, 1)
}

// NEW-1: the key function is asked for every call, and its errors are the
// call's.
func TestKeyFunction(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	keys := []string{"k1", "k2"}
	c := s.client(func(c *call.Config) {
		c.Key = func(context.Context) (string, error) {
			if len(keys) == 0 {
				return "", errors.New("vault is closed")
			}
			k := keys[0]
			keys = keys[1:]
			return k, nil
		}
	})
	for range 2 {
		_, err := get(t.Context(), c)
		require.NoError(t, err)
	}
	assert.Equal(t, "k1", s.hits[0].header.Get("X-API-Key"))
	assert.Equal(t, "k2", s.hits[1].header.Get("X-API-Key"))
	_, err := get(t.Context(), c)
	assert.True(t, failure(t, err).NotSent)
	assert.ErrorContains(t, failure(t, err).Err, "vault is closed")

	other := c.WithKey(func(context.Context) (string, error) { return "k3", nil })
	_, err = get(t.Context(), other)
	require.NoError(t, err)
	assert.Equal(t, "k3", s.hits[2].header.Get("X-API-Key"))
}

// NUM-4: local checks can be switched off.
func TestChecks(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	r := call.Post("Things.Create", "/things").Check(nil, check.Required("name", ""), check.Required("other", ""))
	_, err := call.Create[thing, thingWire](t.Context(), s.client(), r, nil, nil)
	assert.Equal(t, "name", failure(t, err).Field)
	assert.Empty(t, s.hits)
	_, err = call.Create[thing, thingWire](t.Context(), s.client(func(c *call.Config) { c.SkipChecks = true }), r, nil, nil)
	require.NoError(t, err)
	assert.Len(t, s.hits, 1)
}

// NEW-2: any endpoint can be called, by a template that observers see.
func TestRaw(t *testing.T) {
	t.Parallel()
	s := play(answer(200, `{"data":{"a":1},"meta":{"pagination":{"cursor":"c","has_more":true}}}`))
	values := option(func(s *api.CallSettings) {
		s.PathValues = []api.Field{{Name: "b", Value: "2"}, {Name: "a", Value: "x/y"}}
	})
	var out struct{ A int }
	var response api.Response
	err := call.Raw(t.Context(), s.client(), "post", "/t/{a}/u/{b}", map[string]int{"n": 1}, &out,
		[]api.CallOption{values, option(func(s *api.CallSettings) { s.Capture = &response })})
	require.NoError(t, err)
	assert.Equal(t, 1, out.A)
	assert.Equal(t, "/api/v1/t/x%2Fy/u/2", s.hits[0].url.EscapedPath())
	assert.Equal(t, http.MethodPost, s.hits[0].method)
	assert.JSONEq(t, `{"n":1}`, s.hits[0].body)
	assert.NotEmpty(t, s.hits[0].header.Get("Idempotency-Key"))
	assert.Equal(t, "c", response.NextCursor)
	assert.True(t, response.HasMore)

	err = call.Raw(t.Context(), s.client(), "GET", "/t", url.Values{"q": {"1", "2"}}, nil, nil)
	require.NoError(t, err)
	assert.Equal(t, "q=1&q=2", s.hits[1].url.RawQuery)

	for template, field := range map[string]string{
		"t": "path", "/t?x=1": "path", "/t#f": "path", "//evil.test/t": "path", "/../t": "path", "/a/./b": "path",
		"/a b": "path", "/%2e%2e/t": "path", "/t/{missing}": "missing", "": "path", "https://evil.test": "path",
	} {
		err = call.Raw(t.Context(), s.client(), "GET", template, nil, nil, nil)
		assert.Equal(t, field, failure(t, err).Field, template)
	}
	err = call.Raw(t.Context(), s.client(), "BREW", "/t", nil, nil, nil)
	assert.Equal(t, "method", failure(t, err).Field)
	assert.Len(t, s.hits, 2)

	s = play(answer(204, ""))
	require.NoError(t, call.Raw(t.Context(), s.client(), "DELETE", "/t", nil, &out, nil))
	s = play(answer(200, `{"data":{"a":"no number"}}`))
	err = call.Raw(t.Context(), s.client(), "GET", "/t", nil, &out, nil)
	assert.Equal(t, call.KindDecode, failure(t, err).Kind)
	assert.False(t, strings.Contains(err.Error(), "no number"))
}
