package orbittest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

func TestRoundTripLooksLikeATransport(t *testing.T) {
	s := orbittest.New(t)
	closed := false
	req := newRequest(t, "POST", "/messages/sms", "")
	req.Header.Set("Content-Type", "application/json")
	req.Body = struct {
		io.Reader
		io.Closer
	}{strings.NewReader(anSMS), closer(func() { closed = true })}

	resp, err := s.RoundTrip(req)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)

	assert.Equal(t, "202 Accepted", resp.Status)
	assert.Equal(t, "HTTP/1.1", resp.Proto)
	assert.Same(t, req, resp.Request)
	assert.EqualValues(t, len(body), resp.ContentLength)
	assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
	assert.True(t, closed, "the request's body is closed")
	assert.Equal(t, orbittest.DefaultAPIKey, req.Header.Get("X-API-Key"), "the request is not changed")

	require.NoError(t, resp.Body.Close())
	_, err = resp.Body.Read(make([]byte, 1))
	assert.ErrorIs(t, err, http.ErrBodyReadAfterClose)
}

type closer func()

func (c closer) Close() error {
	c()
	return nil
}

func TestRoundTripWithUnreadableRequest(t *testing.T) {
	s := orbittest.New(t)
	broken := errors.New("broken")
	req := newRequest(t, "POST", "/messages/sms", "")
	req.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), errReader{broken}))
	_, err := s.RoundTrip(req)
	require.ErrorIs(t, err, broken)
	assert.Empty(t, s.Requests())
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// CTX-2
func TestRoundTripHonoursTheContext(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		s := orbittest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS).WithContext(ctx))
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, s.Requests())
	})
	t.Run("during a delay", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := orbittest.New(t)
			s.FailNext("*", orbittest.Slow(time.Minute))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			_, err := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS).WithContext(ctx))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, time.Second, time.Since(start))
			assert.Len(t, s.Messages(), 1, "it had arrived")
		})
	})
	t.Run("after, while the body is read", func(t *testing.T) {
		s := orbittest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		resp, err := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS).WithContext(ctx))
		require.NoError(t, err)
		cancel()
		_, err = io.ReadAll(resp.Body)
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, resp.Body.Close())
	})
}

func TestBehindAListener(t *testing.T) {
	s := orbittest.New(t)
	listener := httptest.NewServer(s)
	defer listener.Close()
	send := func(path string) (*http.Response, string, error) {
		t.Helper()
		req := newRequest(t, "POST", path, anSMS)
		local, err := http.NewRequestWithContext(t.Context(), "POST", listener.URL+path, req.Body)
		require.NoError(t, err)
		local.Header = req.Header
		resp, err := listener.Client().Do(local)
		if err != nil {
			return nil, "", err
		}
		defer func() { require.NoError(t, resp.Body.Close()) }()
		body, err := io.ReadAll(resp.Body)
		return resp, string(body), err
	}

	for _, path := range []string{"/api/v1/messages/sms", "/v1/messages/sms"} {
		resp, body, err := send(path)
		require.NoError(t, err)
		assert.Equal(t, 202, resp.StatusCode)
		assert.Contains(t, body, `"status":"queued"`)
		assert.NotEmpty(t, resp.Header.Get("X-RateLimit-Reset"))
	}

	s.FailNext("*", orbittest.ResetAfter(), orbittest.Truncated(), orbittest.Fault{BodyDelay: time.Millisecond})
	_, _, err := send("/v1/messages/sms")
	require.Error(t, err, "the connection breaks")
	_, _, err = send("/v1/messages/sms")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, body, err := send("/v1/messages/sms")
	require.NoError(t, err)
	assert.Contains(t, body, `"status":"queued"`)
	assert.Len(t, s.Messages(), 5)
}

func TestListenerGivesUpWithItsClient(t *testing.T) {
	for name, fault := range map[string]orbittest.Fault{
		"late answer": {Delay: time.Hour},
		"late body":   {BodyDelay: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := orbittest.New(t)
				s.FailNext("*", fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start := time.Now()
				w := httptest.NewRecorder()
				s.ServeHTTP(w, newRequest(t, "POST", "/messages/sms", anSMS).WithContext(ctx))
				assert.Equal(t, time.Second, time.Since(start))
				assert.Empty(t, w.Body.String())
			})
		})
	}
}
