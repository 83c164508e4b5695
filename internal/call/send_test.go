package call_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// over returns a client for a real server.
func over(t *testing.T, server *httptest.Server, change ...func(*call.Config)) *call.Client {
	t.Helper()
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	return play().client(append([]func(*call.Config){func(c *call.Config) { c.BaseURL, c.HTTP = u, nil }}, change...)...)
}

// SEC-1: a redirect is an error, and the key stays at home, whatever the user's
// client says of redirects.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var leaked atomic.Int32
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked.Add(1) }))
	defer evil.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{evil.URL + "/x?secret=1", "/relative", "http://%zz", ""} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", target)
				w.WriteHeader(status)
			}))
			follow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
			for _, c := range []*call.Client{over(t, server), over(t, server, func(c *call.Config) { c.HTTP = follow })} {
				_, err := create(t.Context(), c)
				got := failure(t, err)
				assert.Equal(t, status, got.StatusCode)
				assert.False(t, got.MaybeSent)
				assert.Contains(t, got.Reason+"redirect", "redirect")
				assert.NotContains(t, got.Reason, "secret")
				c.CloseIdleConnections()
			}
			server.Close()
		}
	}
	assert.Zero(t, leaked.Load())
}

// HTTP-1: the user's client is used and not changed.
func TestUsersClientIsKept(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("slow") != "" {
			<-r.Context().Done()
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		cookie, _ := r.Cookie("session")
		w.Header().Set("X-Request-Id", "req_"+cookie.String())
		_, _ = io.WriteString(w, `{"data":{"id":"1"}}`)
	}))
	defer server.Close()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	var used atomic.Int32
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	mine := &http.Client{Jar: jar, Timeout: 50 * time.Millisecond, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		used.Add(1)
		return transport.RoundTrip(r)
	})}
	before := *mine
	c := over(t, server, func(c *call.Config) { c.HTTP = mine })
	_, err = get(t.Context(), c)
	require.NoError(t, err)
	v, err := get(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, "req_session=1", v.RequestID(), "the jar is in force")
	assert.Equal(t, int32(2), used.Load())

	_, err = get(t.Context(), c, withRetry(api.RetryNone), option(func(s *api.CallSettings) { s.Query = []api.Field{{Name: "slow", Value: "1"}} }))
	require.Error(t, err, "the timeout is in force")
	assert.True(t, failure(t, err).MaybeSent)
	assert.Equal(t, before.Timeout, mine.Timeout)
	assert.Equal(t, before.Jar, mine.Jar)
	assert.Nil(t, mine.CheckRedirect)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// dying answers the first request of each connection and breaks it off at the
// second, after having read that; it counts the requests it has read.
type dying struct {
	listener net.Listener
	hits     atomic.Int32
	chunked  atomic.Bool
}

func newDying(t *testing.T) *dying {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	d := &dying{listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go d.serve(conn)
		}
	}()
	return d
}

func (d *dying) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for i := range 2 {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		d.hits.Add(1)
		if len(req.TransferEncoding) > 0 {
			d.chunked.Store(true)
		}
		if i == 0 {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"+`{"data":{"id":"12"}}`)
		}
	}
}

// RET-3: net/http repeats a keyed request by itself when a reused connection
// dies under it; calls that must not be repeated are not repeated there either.
func TestNetHTTPDoesNotRepeatByItself(t *testing.T) {
	t.Parallel()
	act := func() *call.Route { return call.Post("Things.Act", "/things/1") }
	one := option(func(s *api.CallSettings) { s.MaxAttempts = 1 })
	for name, test := range map[string]struct {
		route *call.Route
		opts  []api.CallOption
		hits  int32 // of the second call
	}{
		"write":         {act(), nil, 2}, // one of them net/http's own
		"once":          {act().Once(), nil, 1},
		"safe write":    {act(), []api.CallOption{withRetry(api.RetrySafe)}, 1},
		"no retry":      {act(), []api.CallOption{withRetry(api.RetryNone)}, 1},
		"one attempt":   {act(), []api.CallOption{one}, 1},
		"billed read":   {call.Get("Things.Get", "/things/1").Billed(), nil, 1},
		"one-shot read": {call.Get("Things.Get", "/things/1"), []api.CallOption{one}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDying(t)
			u := &url.URL{Scheme: "http", Host: d.listener.Addr().String()}
			c := play().client(func(c *call.Config) { c.BaseURL, c.HTTP = u, nil })
			defer c.CloseIdleConnections()
			_, err := call.Do[thing, thingWire](t.Context(), c, test.route, nil, test.opts)
			require.NoError(t, err)
			_, err = call.Do[thing, thingWire](t.Context(), c, test.route, nil, test.opts)
			assert.Equal(t, 1+test.hits, d.hits.Load())
			assert.False(t, d.chunked.Load(), "a read stays without a body")
			if test.hits == 1 {
				assert.True(t, failure(t, err).MaybeSent)
			}
		})
	}
}

// CON-3: one connection serves all sequential calls, retries and errors with
// bodies among them; a broken call does not take the connections of others away.
func TestConnectionIsReused(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	var n atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch n.Add(1) % 5 {
		case 1:
			w.WriteHeader(503)
			_, _ = w.Write(bytes.Repeat([]byte("x"), 100<<10))
		case 2:
			w.WriteHeader(404)
			_, _ = w.Write(bytes.Repeat([]byte("x"), 10<<10))
		default:
			_, _ = io.WriteString(w, `{"data":{"id":"1"}}`)
		}
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := over(t, server)
	defer c.CloseIdleConnections()
	for range 1000 {
		_, _ = get(t.Context(), c, withRetry(api.RetryNone))
	}
	assert.Equal(t, int32(1), connections.Load())
}

// CON-4: nothing of ours runs on once the connections are closed: a goroutine
// that is left makes the bubble fail.
func TestNoGoroutineIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newPipe()
		server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				_, _ = io.Copy(io.Discard, r.Body) // net/http watches the connection only then
				<-r.Context().Done()               // the attempt runs out of time
				return
			}
			_, _ = io.WriteString(w, `{"data":{"id":"1"}}`)
		})}
		go func() { _ = server.Serve(l) }()
		u := &url.URL{Scheme: "http", Host: "orbit.test"}
		transport := &http.Transport{DialContext: l.DialContext}
		c := play().client(func(c *call.Config) { c.BaseURL, c.HTTP = u, &http.Client{Transport: transport} })
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				_, err := get(t.Context(), c)
				assert.NoError(t, err)
				_, err = create(t.Context(), c)
				assert.Error(t, err)
			})
		}
		wg.Wait()
		c.CloseIdleConnections()
		require.NoError(t, server.Close())
	})
}

// pipe is a listener whose connections are in memory, for a bubble.
type pipe struct {
	connections chan net.Conn
	done        chan struct{}
	once        sync.Once
}

func newPipe() *pipe { return &pipe{connections: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (*pipe) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipe) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.connections <- theirs:
		return ours, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ERR-1: an endless error body is cut at 1 MiB, a success at 16 MiB, also when
// it grows while it is unpacked.
func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	page := bytes.Repeat([]byte("x"), 10<<20)
	s := play(answer(400, string(page)))
	var response api.Response
	capture := option(func(s *api.CallSettings) { s.Capture = &response })
	_, err := get(t.Context(), s.client(), capture)
	assert.Equal(t, 400, failure(t, err).StatusCode)
	assert.Len(t, failure(t, err).RawBody(), 1<<20)

	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for range 5 {
		_, _ = w.Write(page)
	}
	require.NoError(t, w.Close())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}))
	defer server.Close()
	c := over(t, server)
	defer c.CloseIdleConnections()
	_, err = get(t.Context(), c, capture)
	got := failure(t, err)
	assert.Equal(t, call.KindDecode, got.Kind)
	assert.Equal(t, 1, got.Attempts, "asking again would bring the same")
	assert.Contains(t, got.Reason, "larger than the limit")
	assert.Len(t, response.Body(), 16<<20)
}

// NEW-3, HTTP-2: a replaced http.DefaultTransport is used, before and after the
// client was made; nothing of net/http is changed.
func TestReplacedDefaultTransport(t *testing.T) { //nolint:paralleltest // it changes a global of net/http
	origin := http.DefaultTransport
	defer func() { http.DefaultTransport = origin }()
	mock := play(answer(200, good))
	plain := func(c *call.Config) { c.HTTP = nil }

	early := play().client(plain)
	http.DefaultTransport = mock
	late := play().client(plain)
	for _, c := range []*call.Client{early, late} {
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		c.CloseIdleConnections()
	}
	assert.Len(t, mock.hits, 2)
	http.DefaultTransport = origin
	assert.Same(t, origin, http.DefaultTransport)
	assert.NotEqual(t, 100, origin.(*http.Transport).MaxIdleConnsPerHost)
}

// SEC-1: what the error of a broken connection quotes from the server is masked.
func TestTransportErrorsAreMasked(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			req, err := http.ReadRequest(bufio.NewReader(conn))
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/9 "+req.Header.Get("X-API-Key")+" +14155552671\r\n\r\n")
			}
			_ = conn.Close()
		}
	}()
	u := &url.URL{Scheme: "http", Host: l.Addr().String()}
	c := play().client(func(c *call.Config) { c.BaseURL, c.HTTP = u, nil })
	defer c.CloseIdleConnections()
	_, err = create(t.Context(), c, withRetry(api.RetryNone))
	text := failure(t, err).Err.Error()
	assert.Contains(t, text, "malformed")
	assert.False(t, strings.Contains(text, key) || strings.Contains(text, "4155552671"), text)
}
