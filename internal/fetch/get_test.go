package fetch_test

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

	"github.com/devotel/orbit-go/internal/fetch"
)

// SEC-1: nobody gets a header that the file does not need.
func TestHeaders(t *testing.T) {
	t.Parallel()
	n := &network{responses: []any{sends(302, "", "Location", "/b"), half(), rest()}}
	_, err := io.ReadAll(open(t.Context(), n, fetch.Hosts{}, source(address)))
	require.NoError(t, err)
	plain := http.Header{"Accept": {"*/*"}, "Accept-Encoding": {"identity"}}
	resumed := plain.Clone()
	resumed.Set("Range", "bytes=5-")
	resumed.Set("If-Range", `"v1"`)
	require.Len(t, n.hits, 3)
	for i, want := range []http.Header{plain, plain, resumed} {
		assert.Equal(t, want, n.hits[i].Header)
		assert.Equal(t, http.MethodGet, n.hits[i].Method)
		assert.Nil(t, n.hits[i].Body)
	}
	assert.Equal(t, address, n.hits[0].URL.String(), "the address is asked as it is")
}

// CON-3: what is not wanted is read, up to a bound, and closed.
func TestUnwantedBodies(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 404} {
		var closed bool
		body := strings.NewReader(strings.Repeat("x", 100<<10))
		unwanted := sends(status, "", "Location", "/again")
		unwanted.Body = shutting{body, &closed}
		n := &network{responses: []any{unwanted, sends(200, whole)}}
		_, err := io.ReadAll(open(t.Context(), n, fetch.Hosts{}, source(address)))
		require.NoError(t, err)
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

// trickle is a body that takes its time for each byte.
type trickle struct {
	ctx   context.Context
	left  int
	pause time.Duration
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

func (b *trickle) Close() error { return nil }

// slowly is a response whose bytes take their time, the first headers too.
func slowly(bytes int, headers, pause time.Duration) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		time.Sleep(headers)
		r := sends(200, strings.Repeat("x", bytes), "Content-Type", "audio/wav")
		r.Body = &trickle{ctx: req.Context(), left: bytes, pause: pause}
		return r
	}
}

// HTTP-3: each wait for more is bounded; the whole is not.
func TestPatience(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		response any
		after    time.Duration
		late     bool
	}{
		{"slow body", slowly(20, 9*time.Second, 5*time.Second), 109 * time.Second, false},
		{"stalled body", slowly(20, 0, 11*time.Second), 10 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := source(address)
				s.Attempts = 1
				f := open(t.Context(), &network{responses: []any{c.response}}, fetch.Hosts{}, s)
				started := time.Now()
				_, err := io.ReadAll(f)
				assert.Equal(t, c.after, time.Since(started))
				require.NoError(t, f.Close())
				if c.late {
					assert.True(t, failure(t, err).TimedOut)
					require.ErrorIs(t, err, errTimedOut{})
					return
				}
				require.NoError(t, err)
			})
		})
	}
}

// A reader that takes its time does not count as a host that does.
func TestPatientWithItsReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		body := fetch.Patient(&trickle{ctx: ctx, left: 2, pause: 9 * time.Second}, 10*time.Second, cancel, errTimedOut{})
		for range 2 {
			time.Sleep(time.Hour)
			_, err := body.Read(make([]byte, 1))
			require.NoError(t, err)
		}
		require.NoError(t, body.Close())
		require.ErrorIs(t, context.Cause(ctx), context.Canceled)
	})
}

func TestPatienceWithHeaders(t *testing.T) { // HTTP-3
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := func(req *http.Request) *http.Response {
			<-req.Context().Done()
			return nil
		}
		s := source(address)
		s.Attempts = 1
		client := &fetch.Client{Transport: silent(hangs), Hosts: &fetch.Hosts{}, TimedOut: errTimedOut{}}
		started := time.Now()
		err := client.New(t.Context(), func() {}, s).Connect()
		assert.True(t, failure(t, err).TimedOut)
		assert.Equal(t, 10*time.Second, time.Since(started))
	})
}

// silent is a transport that fails with the request's context.
type silent func(*http.Request) *http.Response

func (s silent) RoundTrip(req *http.Request) (*http.Response, error) {
	s(req)
	return nil, req.Context().Err()
}
