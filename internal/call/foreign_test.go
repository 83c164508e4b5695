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
	"github.com/devotel/orbit-go/internal/fetch"
)

// signed is an address that must never be printed, but for its host.
const signed = "https://storage.example.test/rec/call_1.wav?sig=canary%2Fsignature"

// open returns the file at an address, for a call with the client's defaults.
func open(ctx context.Context, c *call.Client, address string) *fetch.File {
	set := c.Defaults()
	return c.File(ctx, func() {}, &set, call.Foreign{
		Op: "Things.Download", Field: "things_url", Noun: "thing", Address: address,
		Renew: func(context.Context) (string, error) { return address, nil },
	})
}

// SEC-1: nothing of ours goes to another host than the API's, not its cookies
// either.
func TestFileSendsNothingOfOurs(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	cookies, err := url.Parse("https://storage.example.test/")
	require.NoError(t, err)
	jar.SetCookies(cookies, []*http.Cookie{{Name: "session", Value: "canary"}})
	s := play(answer(200, "sound"))
	c := s.client(func(cfg *call.Config) {
		cfg.HTTP.Jar = jar
		cfg.Defaults.IdempotencyKey, cfg.Defaults.HasIdempotencyKey = "job", true
	})

	got, err := io.ReadAll(open(t.Context(), c, signed))

	require.NoError(t, err)
	assert.Equal(t, "sound", string(got))
	require.Len(t, s.hits, 1)
	assert.Equal(t, http.Header{"Accept": {"*/*"}, "Accept-Encoding": {"identity"}}, s.hits[0].header)
	assert.Equal(t, signed, s.hits[0].url.String(), "the address is asked as it is")
}

// LEAK-6: this machine is asked only where the API is there, and named hosts
// whatever they are.
func TestFileHosts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		base, at string
		named    []string
		err      error
	}{
		{"https://api.example.test", "https://127.0.0.1/rec", nil, fetch.ErrPrivate},
		{"https://api.example.test", "http://127.0.0.1/rec", nil, fetch.ErrUnsafe},
		{"http://localhost:8025", "http://127.0.0.1/rec", nil, nil},
		{"http://127.0.0.1:8025", "https://10.0.0.1/rec", nil, fetch.ErrPrivate},
		{"https://10.0.0.1", "https://10.0.0.1/rec", nil, fetch.ErrPrivate},
		{"https://10.0.0.1", "https://10.0.0.1/rec", []string{"10.0.0.1"}, nil},
	} {
		s := play(answer(200, "sound"))
		client := s.client(func(cfg *call.Config) {
			base, err := url.Parse(c.base)
			require.NoError(t, err)
			cfg.BaseURL, cfg.DownloadHosts = base, c.named
		})
		_, err := io.ReadAll(open(t.Context(), client, c.at))
		require.ErrorIs(t, err, c.err, c)
		assert.Equal(t, c.err == nil, s.count() == 1)
	}
}

// LEAK-6: without a transport of the user's, what a name is resolved to counts.
func TestFileOfAPrivateName(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	client := play().client(func(cfg *call.Config) {
		cfg.HTTP, cfg.DownloadHosts = nil, nil
		cfg.Defaults.MaxAttempts = 1
	})
	defer client.CloseIdleConnections()
	resp, err := client.FileTransport().RoundTrip(&http.Request{Method: http.MethodGet, Header: http.Header{}, URL: &url.URL{Scheme: "https", Host: "localhost:" + port}})
	require.ErrorIs(t, err, fetch.ErrPrivate)
	assert.Nil(t, resp)
}

// HTTP-3: a limit of the user's client is one for each piece.
func TestFileTimeouts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		step  func(closed *bool) step
		after time.Duration
		fails bool
	}{
		{"headers", func(*bool) step { return hangs }, 3 * time.Second, true},
		{"slow body", func(closed *bool) step { return slowly(20, 2*time.Second, closed) }, 40 * time.Second, false},
		{"stalled body", func(closed *bool) step { return slowly(20, 4*time.Second, closed) }, 3 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var closed bool
				client := play(c.step(&closed)).client(func(cfg *call.Config) {
					cfg.HTTP.Timeout, cfg.Defaults.MaxAttempts = 3*time.Second, 1
				})
				started := time.Now()
				f := open(t.Context(), client, signed)
				_, err := io.ReadAll(f)
				assert.Equal(t, c.after, time.Since(started))
				require.NoError(t, f.Close())
				if !c.fails {
					require.NoError(t, err)
					return
				}
				assert.True(t, failure(t, err).Timeout)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, "things_url", failure(t, err).Route)
			})
		})
	}
}

// A transport that does not keep to its contract is an error, not a panic.
func TestFileOverAnUnsoundTransport(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]step{
		"nothing": func(*http.Request) (*http.Response, error) { return nil, nil },
		"no body": func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 404}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := io.ReadAll(open(t.Context(), play(s).client(), signed))
				require.Error(t, err)
			})
		})
	}
}

// SEC-4: a signed address is a secret. What the transport says of it, in the
// forms that transports have been seen to say it, stays behind.
func TestFileErrorsHoldNoAddress(t *testing.T) {
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
					return &http.Response{
						StatusCode: 200, ContentLength: 5, Body: io.NopCloser(io.MultiReader(strings.NewReader("x"), faulty{fmt.Errorf("%s: %w", signed, err)})),
					}, nil
				})
			}
			client := s.client(func(cfg *call.Config) { cfg.Defaults.MaxAttempts = 1 })
			_, got := io.ReadAll(open(t.Context(), client, signed))
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
				assert.Equal(t, c.ok, call.PauseBetween(ctx, c.n, resp, 75*time.Second))
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
		assert.False(t, call.PauseBetween(ctx, 1, nil, time.Minute))
		assert.Zero(t, time.Since(started))
	})
}
