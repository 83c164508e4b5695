package call_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/call"
)

// signed is an address that must never be printed, but for its host.
const signed = "https://storage.example.test/rec/call_1.wav?sig=canary%2Fsignature"

func fetch(ctx context.Context, c *call.Client, address string) (*http.Response, error) {
	return c.Fetch(ctx, address, http.Header{"Accept": {"*/*"}}, 10*time.Second)
}

// to is a step that redirects.
func to(status int, location string) step { return answer(status, "moved", "Location", location) }

// contents reads an answer to its end.
func contents(t *testing.T, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return string(body)
}

// SEC-1: nothing of ours goes to another host than the API's.
func TestFetchSendsNothingOfOurs(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	cookies, err := url.Parse("https://storage.example.test/")
	require.NoError(t, err)
	jar.SetCookies(cookies, []*http.Cookie{{Name: "session", Value: "canary"}})
	s := play(to(302, "https://other.example.test/a"), answer(200, "sound"))
	c := s.client(func(cfg *call.Config) {
		cfg.HTTP.Jar = jar
		cfg.Defaults.IdempotencyKey, cfg.Defaults.HasIdempotencyKey = "job", true
	})
	given := http.Header{"Accept": {"*/*"}, "Range": {"bytes=1-"}}

	resp, err := c.Fetch(t.Context(), signed, given, time.Second)

	require.NoError(t, err)
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "sound", contents(t, resp))
	require.Len(t, s.hits, 2)
	for _, h := range s.hits {
		assert.Equal(t, http.MethodGet, h.method)
		assert.Equal(t, given, h.header)
		assert.Empty(t, h.body)
	}
	assert.Equal(t, signed, s.hits[0].url.String(), "the address is asked as it is")
}

// SEC-1: redirects are followed over https only, a bounded number of times.
func TestFetchFollowsRedirects(t *testing.T) {
	t.Parallel()
	const local = "http://127.0.0.1:8080/rec"
	for _, c := range []struct {
		name, address string
		steps         []step
		status        int
		last          string // address asked last
		err           error
	}{
		{"none", signed, []step{answer(200, "")}, 200, signed, nil},
		{"relative", "https://a.test/x/y?z", []step{to(301, "../b"), answer(200, "")}, 200, "https://a.test/b", nil},
		{"each kind", "https://a.test/", []step{to(301, "/1"), to(302, "/2"), to(303, "/3"), to(307, "/4"), to(308, "/5"), answer(206, "")}, 206, "https://a.test/5", nil},
		{"too many", "https://a.test/", []step{to(302, "/")}, 0, "https://a.test/", call.ErrLost},
		{"no target", "https://a.test/", []step{answer(302, "")}, 302, "https://a.test/", nil},
		{"other 3xx", "https://a.test/", []step{to(304, "/b")}, 304, "https://a.test/", nil},
		{"to http", "https://a.test/", []step{to(302, "http://a.test/b")}, 0, "https://a.test/", call.ErrUnsafe},
		{"to this machine", "https://a.test/", []step{to(302, local)}, 0, "https://a.test/", call.ErrUnsafe},
		{"to a file", "https://a.test/", []step{to(302, "file:///etc/hosts")}, 0, "https://a.test/", call.ErrUnsafe},
		{"to nonsense", "https://a.test/", []step{to(302, "https://%zz")}, 0, "https://a.test/", call.ErrUnsafe},
		{"loopback", local, []step{to(302, "http://localhost:9/b"), to(302, "http://[::1]/c"), answer(200, "")}, 200, "http://[::1]/c", nil},
		{"loopback to http", local, []step{to(302, "http://a.test/")}, 0, local, call.ErrUnsafe},
		{"http", "http://a.test/", nil, 0, "", call.ErrUnsafe},
		{"other scheme", "ftp://a.test/", nil, 0, "", call.ErrUnsafe},
		{"no host", "https:///a", nil, 0, "", call.ErrUnsafe},
		{"relative address", "/rec/call_1", nil, 0, "", call.ErrUnsafe},
		{"no address", "", nil, 0, "", call.ErrUnsafe},
		{"malformed", "https://a.test/%zz", nil, 0, "", call.ErrUnsafe},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := play(c.steps...)
			resp, err := fetch(t.Context(), s.client(), c.address)
			require.ErrorIs(t, err, c.err)
			if err == nil {
				assert.Equal(t, c.status, resp.StatusCode)
				require.NoError(t, resp.Body.Close())
			}
			if c.last == "" {
				assert.Empty(t, s.hits)
				return
			}
			assert.Equal(t, c.last, s.hits[len(s.hits)-1].url.String())
		})
	}
}

// CON-3: what is not wanted is read, up to a bound, and closed.
func TestFetchClosesWhatIsNotWanted(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 404, 503} {
		var closed bool
		body := strings.NewReader(strings.Repeat("x", 100<<10))
		s := play(func(*http.Request) (*http.Response, error) {
			h := http.Header{}
			if closed {
				return &http.Response{StatusCode: 204, Header: h, Body: http.NoBody}, nil
			}
			h.Set("Location", "/again")
			return &http.Response{StatusCode: status, Header: h, Body: shutting{body, &closed}}, nil
		})
		resp, err := fetch(t.Context(), s.client(), signed)
		require.NoError(t, err)
		assert.Empty(t, contents(t, resp))
		assert.True(t, closed, status)
		assert.Equal(t, 36<<10, body.Len(), "64 KiB are read")
	}
}

type shutting struct {
	io.Reader

	closed *bool
}

func (c shutting) Close() error {
	*c.closed = true
	return nil
}

// HTTP-3: the wait for the headers and each wait for more are bounded; the whole
// is not.
func TestFetchTimeouts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		own   time.Duration // of the user's http.Client
		step  func(closed *bool) step
		after time.Duration
		bytes int
		fails bool
	}{
		{"headers", 0, func(*bool) step { return hangs }, 10 * time.Second, 0, true},
		{"headers, user's client", 3 * time.Second, func(*bool) step { return hangs }, 3 * time.Second, 0, true},
		{"slow body", 0, func(closed *bool) step { return slowly(20, 5*time.Second, closed) }, 100 * time.Second, 20, false},
		{"slow body, user's client", 3 * time.Second, func(closed *bool) step { return slowly(20, 2*time.Second, closed) }, 40 * time.Second, 20, false},
		{"stalled body", 0, func(closed *bool) step { return slowly(20, 11*time.Second, closed) }, 10 * time.Second, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var closed bool
				client := play(c.step(&closed)).client(func(cfg *call.Config) { cfg.HTTP.Timeout = c.own })
				started := time.Now()
				var body []byte
				resp, err := fetch(t.Context(), client, signed)
				if err == nil {
					body, err = io.ReadAll(resp.Body)
					require.NoError(t, resp.Body.Close())
					assert.True(t, closed)
				}
				assert.Equal(t, c.after, time.Since(started))
				assert.Len(t, body, c.bytes)
				if !c.fails {
					require.NoError(t, err)
					return
				}
				require.EqualError(t, err, "the attempt timed out")
				require.ErrorIs(t, err, context.DeadlineExceeded)
			})
		})
	}
}

// A reader that takes its time does not count as a host that does.
func TestFetchWaitsForSlowReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var closed bool
		resp, err := fetch(t.Context(), play(slowly(2, time.Second, &closed)).client(), signed)
		require.NoError(t, err)
		for range 2 {
			time.Sleep(time.Hour)
			n, err := resp.Body.Read(make([]byte, 1))
			require.NoError(t, err)
			assert.Equal(t, 1, n)
		}
		require.NoError(t, resp.Body.Close())
	})
}

func TestFetchEndsWithItsContext(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := fetch(ctx, play(hangs).client(), signed)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, context.DeadlineExceeded.Error(), err.Error())
	})
}

// SEC-4: a signed address is a secret. What the transport says of it, in the
// forms that transports have been seen to say it, stays behind.
func TestFetchErrorsHoldNoAddress(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for name, err := range map[string]error{
		"net/http's":     &url.Error{Op: "Get", URL: signed, Err: dial},
		"nested":         fmt.Errorf("proxy: %w", &url.Error{Op: "Get", URL: signed, Err: dial}),
		"a mock's":       fmt.Errorf("no responder for GET %s: %w", signed, dial),
		"request line":   fmt.Errorf("GET /rec/call_1.wav?sig=canary%%2Fsignature: %w", dial),
		"decoded":        fmt.Errorf("canary/signature is no good: %w", dial),
		"of the path":    fmt.Errorf("no /rec/call_1.wav: %w", dial),
		"of a body":      dial,
		"without a word": dial,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(fails(err))
			if name == "of a body" {
				s = play(func(*http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: 200, Body: io.NopCloser(faulty{fmt.Errorf("%s: %w", signed, err)})}, nil
				})
			}
			resp, got := fetch(t.Context(), s.client(), signed)
			if got == nil {
				_, got = io.ReadAll(resp.Body)
				require.NoError(t, resp.Body.Close())
			}
			require.ErrorIs(t, got, syscall.ECONNREFUSED, "who asks, hears what it was")
			var op *net.OpError
			require.ErrorAs(t, got, &op)
			for e := got; e != nil; e = errors.Unwrap(e) {
				for _, text := range []string{e.Error(), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", e)} {
					assert.NotContains(t, text, "canary")
					assert.NotContains(t, text, "call_1")
				}
			}
		})
	}
}

type faulty struct{ err error }

func (f faulty) Read([]byte) (int, error) { return 0, f.err }

// RET-4, RET-5, CTX-3: what the host asks for is waited out, within bounds.
func TestPause(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, after string
		n           int
		deadline    time.Duration
		atLeast, at time.Duration // bounds of the wait
		ok          bool
	}{
		{"first", "", 1, 0, 100 * time.Millisecond, 500 * time.Millisecond, true},
		{"fourth", "", 4, 0, 100 * time.Millisecond, 4 * time.Second, true},
		{"hundredth", "", 100, 0, 100 * time.Millisecond, 8 * time.Second, true},
		{"asked for", "7", 1, 0, 7 * time.Second, 7 * time.Second, true},
		{"asked for too much", "76", 1, 0, 0, 0, false},
		{"nonsense", "soon", 1, 0, 100 * time.Millisecond, 500 * time.Millisecond, true},
		{"past the deadline", "7", 1, 7 * time.Second, 0, 0, false},
		{"before the deadline", "7", 1, 8 * time.Second, 7 * time.Second, 7 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if c.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.deadline)
					defer cancel()
				}
				resp := &http.Response{Header: http.Header{}}
				if c.after != "" {
					resp.Header.Set("Retry-After", c.after)
				}
				started := time.Now()
				assert.Equal(t, c.ok, call.Pause(ctx, c.n, resp, 75*time.Second))
				assert.GreaterOrEqual(t, time.Since(started), c.atLeast)
				assert.LessOrEqual(t, time.Since(started), c.at)
			})
		})
	}
}

func TestPauseEndsWithItsContext(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		started := time.Now()
		assert.False(t, call.Pause(ctx, 1, nil, time.Minute))
		assert.Zero(t, time.Since(started))
	})
}
