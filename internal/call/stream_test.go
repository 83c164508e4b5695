package call_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// trickle is a body that takes its time, and notices being closed.
type trickle struct {
	ctx    context.Context
	left   int
	pause  time.Duration
	closed *bool
}

func (b *trickle) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	select {
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	case <-time.After(b.pause):
	}
	b.left--
	return copy(p, "x"), nil
}

func (b *trickle) Close() error {
	*b.closed = true
	return nil
}

func slowly(bytes int, pause time.Duration, closed *bool) step {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"X-Request-Id": {"req_s"}}, ContentLength: int64(bytes),
			Body: &trickle{ctx: req.Context(), left: bytes, pause: pause, closed: closed},
		}, nil
	}
}

// HTTP-3: the attempt's time limit ends with the headers of a stream; the
// stream itself lives as long as its context.
func TestStreamOutlivesTheAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var closed bool
		s := play(problem(503, "X"), slowly(20, 5*time.Second, &closed))
		d, err := call.Stream(t.Context(), s.client(), call.Get("Things.Export", "/export"), nil, nil)
		require.NoError(t, err)
		assert.Equal(t, int64(20), d.Length)
		assert.Equal(t, "req_s", d.RequestID())
		assert.Equal(t, 2, d.Info.Attempts)
		assert.Equal(t, "*/*", s.hits[0].header.Get("Accept"))
		body, err := io.ReadAll(d.Body)
		require.NoError(t, err)
		assert.Len(t, body, 20)
		require.NoError(t, d.Body.Close())
		assert.True(t, closed)
	})
}

func TestStreamEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		var closed bool
		s := play(slowly(20, 5*time.Second, &closed))
		d, err := call.Stream(ctx, s.client(), call.Get("Things.Export", "/export"), nil, nil)
		require.NoError(t, err)
		_, err = io.ReadAll(d.Body)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, d.Body.Close())
	})
}

// FATE-9: a stream that brings nothing for the time of an attempt has broken off.
func TestStreamThatStalls(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(*testing.T, *call.Client) error{
		"copied": func(t *testing.T, c *call.Client) error {
			d, err := call.Stream(t.Context(), c, call.Get("Things.Export", "/export"), nil, nil)
			require.NoError(t, err)
			n, err := d.Copy(io.Discard)
			assert.Equal(t, int64(3), n)
			return err
		},
		"row by row": func(t *testing.T, c *call.Client) error {
			for _, err := range call.Rows[thing, thingWire](t.Context(), c, call.Get("Things.Rows", "/export"), nil, func(http.Header) error { return nil }, nil) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var closed bool
				s := play(func(req *http.Request) (*http.Response, error) {
					r, err := slowly(20, time.Hour, &closed)(req)
					r.Body = &prefixed{Reader: strings.NewReader("[  "), ReadCloser: r.Body}
					return r, err
				})
				started := time.Now()
				err := read(t, s.client())
				assert.Equal(t, 10*time.Second, time.Since(started))
				f := failure(t, err)
				assert.True(t, f.Timeout)
				assert.Equal(t, call.KindDecode, f.Kind)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.True(t, closed)
				assert.Equal(t, 1, s.count(), "it is not resumed, nor made again")
			})
		})
	}
}

// prefixed is a body that comes after something.
type prefixed struct {
	io.Reader
	io.ReadCloser
}

func (p *prefixed) Read(b []byte) (int, error) {
	if n, _ := p.Reader.Read(b); n > 0 {
		return n, nil
	}
	return p.ReadCloser.Read(b)
}

// LEAK-6: what nobody has undone is not passed off as the text.
func TestStreamThatIsEncoded(t *testing.T) {
	t.Parallel()
	for encoding, good := range map[string]bool{"": true, "identity": true, "gzip": false, "br": false} {
		s := play(answer(200, "a,b", "Content-Encoding", encoding))
		d, err := call.Stream(t.Context(), s.client(), call.Get("Things.Export", "/export"), nil, nil)
		require.NoError(t, err)
		var got strings.Builder
		_, err = d.Copy(&got)
		if good {
			require.NoError(t, err)
			assert.Equal(t, "a,b", got.String())
			continue
		}
		assert.Equal(t, call.KindDecode, failure(t, err).Kind)
		assert.Empty(t, got.String())
	}
}

func TestStreamHeadersAreUnderTheAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(hangs)
		started := time.Now()
		_, err := call.Stream(t.Context(), s.client(), call.Get("Things.Export", "/export"), nil, []api.CallOption{withRetry(api.RetryNone)})
		assert.True(t, failure(t, err).Timeout)
		assert.Equal(t, 10*time.Second, time.Since(started))
	})
}

func TestStreamErrorsAreErrors(t *testing.T) {
	t.Parallel()
	s := play(problem(404, "NOT_FOUND"))
	_, err := call.Stream(t.Context(), s.client(), call.Get("Things.Export", "/export"), nil, nil)
	assert.Equal(t, "NOT_FOUND", failure(t, err).Code)
	assert.True(t, strings.HasPrefix(string(failure(t, err).RawBody()), `{"error"`))
}
