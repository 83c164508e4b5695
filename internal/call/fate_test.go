package call_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// listen serves each connection to a listener of the loopback interface with one
// call of serve, which owns it.
func listen(t *testing.T, serve func(net.Conn)) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l
}

// at makes a client of an address and a transport; nil for the default one.
func at(address string, transport http.RoundTripper) func(*call.Config) {
	return func(cfg *call.Config) {
		cfg.BaseURL, _ = url.Parse(address)
		cfg.HTTP = nil
		if transport != nil {
			cfg.HTTP = &http.Client{Transport: transport}
		}
	}
}

func withAttemptTimeout(d time.Duration) api.CallOption {
	return option(func(s *api.CallSettings) { s.AttemptTimeout = d })
}

// hangUp closes a connection once the client has sent something.
func hangUp(c net.Conn) {
	_, _ = c.Read(make([]byte, 1))
	_ = c.Close()
}

// silence reads a connection and never says anything.
func silence(c net.Conn) {
	_, _ = io.Copy(io.Discard, c)
	_ = c.Close()
}

// refusesCONNECT is a proxy that answers CONNECT with a status.
func refusesCONNECT(status string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 "+status+"\r\nContent-Length: 0\r\n\r\n")
		_ = c.Close()
	}
}

// alerts ends each handshake with an alert: it has no certificate to show.
func alerts(c net.Conn) {
	_ = tls.Server(c, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return nil, errors.New("none")
	}}).Handshake() //nolint:noctx // the client hangs up
	_ = c.Close()
}

// FATE-1: an attempt without a connection was not sent, whatever kept it from one.
// What trust or a proxy refuses is final.
func TestFateWithoutConnection(t *testing.T) {
	t.Parallel()
	through := func(proxy net.Listener) *http.Transport {
		return &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: proxy.Addr().String()})}
	}
	plain := func(net.Listener) *http.Transport { return &http.Transport{} }
	short := func(net.Listener) *http.Transport { return &http.Transport{TLSHandshakeTimeout: 50 * time.Millisecond} }
	for name, test := range map[string]struct {
		serve     func(net.Conn)
		transport func(net.Listener) *http.Transport // nil for the default one
		attempts  int
	}{
		"no end of the handshake":           {silence, plain, 2},
		"handshake time-out of net/http":    {silence, short, 2},
		"EOF in the handshake":              {hangUp, plain, 2},
		"alert in the handshake":            {alerts, plain, 1},
		"alert, default transport":          {alerts, nil, 1},
		"CONNECT refused for good":          {refusesCONNECT("407 Proxy Authentication Required"), through, 1},
		"CONNECT forbidden":                 {refusesCONNECT("403 Forbidden"), through, 1},
		"CONNECT refused for now":           {refusesCONNECT("502 Bad Gateway"), through, 2},
		"no handshake, default transport":   {silence, nil, 2},
		"EOF in handshake, default":         {hangUp, nil, 2},
		"a server that does not speak TLS":  {refusesCONNECT("400 Bad Request"), plain, 2},
		"an end of the connection at once":  {func(c net.Conn) { _ = c.Close() }, plain, 2},
		"an end at once, default transport": {func(c net.Conn) { _ = c.Close() }, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := listen(t, test.serve)
			var transport http.RoundTripper
			if test.transport != nil {
				transport = test.transport(l)
			}
			c := play().client(at("https://"+l.Addr().String(), transport))
			limit := 10 * time.Second
			if strings.HasPrefix(name, "no ") {
				limit = 500 * time.Millisecond
			}
			_, err := create(t.Context(), c, withAttemptTimeout(limit), option(func(s *api.CallSettings) { s.MaxAttempts = 2 }))
			f := failure(t, err)
			assert.True(t, f.NotSent, "%v", f.Err)
			assert.False(t, f.MaybeSent, "%v", f.Err)
			assert.Equal(t, test.attempts, f.Attempts, "%v", f.Err)
			assert.Contains(t, f.Reason, "no connection")
		})
	}
}

// FATE-1: our own transport knows the status with which a proxy refused, whatever
// its words are, and the program's own hook still runs.
func TestFateOfProxy(t *testing.T) {
	t.Parallel()
	l := listen(t, refusesCONNECT("407 Who are you?"))
	c := play().client(at("https://orbit.test", nil))
	c.Transport().Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: l.Addr().String()})
	_, err := create(t.Context(), c)
	f := failure(t, err)
	assert.True(t, f.NotSent)
	assert.Equal(t, 1, f.Attempts)
	assert.Contains(t, f.Err.Error(), "the proxy refused the connection: 407 Proxy Authentication Required")
}

// FATE-1: an attempt that waited for a connection all the time was not sent.
func TestFateOfBusyConnection(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if requests.Add(1) == 1 {
			close(arrived)
			<-release
		}
		_, _ = io.WriteString(w, good)
	}))
	defer server.Close()
	c := play().client(at(server.URL, &http.Transport{MaxConnsPerHost: 1}))
	done := make(chan error)
	go func() {
		_, err := get(t.Context(), c)
		done <- err
	}()
	<-arrived
	_, err := create(t.Context(), c, withAttemptTimeout(50*time.Millisecond), withRetry(api.RetryNone))
	f := failure(t, err)
	assert.True(t, f.NotSent)
	assert.False(t, f.MaybeSent)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = create(ctx, c)
	f = failure(t, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.True(t, f.NotSent, "given up before there was a connection")
	assert.False(t, f.MaybeSent)
	close(release)
	require.NoError(t, <-done)
	assert.Equal(t, int32(1), requests.Load())
}

// FATE-1: net/http dials again by itself when a kept connection dies. That the
// second dial fails does not tell that nothing was sent.
func TestFateOfSecondDial(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]api.CallOption{"default": nil, "safe": {withRetry(api.RetrySafe)}, "none": {withRetry(api.RetryNone)}} {
		for transport, rt := range map[string]http.RoundTripper{"default transport": nil, "a program's": &http.Transport{}} {
			t.Run(name+", "+transport, func(t *testing.T) {
				t.Parallel()
				var read atomic.Int32
				var l net.Listener
				l = listen(t, func(c net.Conn) {
					defer c.Close() //nolint:errcheck // that is the point
					r := bufio.NewReader(c)
					for i := range 2 {
						req, err := http.ReadRequest(r)
						if err != nil {
							return
						}
						_, _ = io.Copy(io.Discard, req.Body)
						if i == 1 {
							read.Add(1)
							return
						}
						_ = l.Close()
						_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+"56"+"\r\n\r\n"+good)
					}
				})
				require.Len(t, good, 56)
				c := play().client(at("http://"+l.Addr().String(), rt))
				_, err := get(t.Context(), c)
				require.NoError(t, err)
				_, err = create(t.Context(), c, opts...)
				f := failure(t, err)
				assert.Equal(t, int32(1), read.Load(), "the server read it")
				assert.True(t, f.MaybeSent, "%v", f.Err)
				assert.False(t, f.NotSent, "%v", f.Err)
			})
		}
	}
}

// FATE-1: a transport that traces nothing is judged by its errors, as before, and
// so is a context that ends while it has the request.
func TestFateUntraced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err     error
		notSent bool
	}{
		"dial":  {refusedDial(), true},
		"DNS":   {&net.DNSError{Err: "no such host"}, true},
		"reset": {brokenConnection(), false},
		"text":  {errors.New("Forbidden"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := create(t.Context(), play(fails(test.err)).client(), withRetry(api.RetryNone))
			f := failure(t, err)
			assert.Equal(t, test.notSent, f.NotSent)
			assert.Equal(t, !test.notSent, f.MaybeSent)
		})
	}
}

// FATE-1: the hooks that a program put into its context still run, those of its
// transport too, and are not changed.
func TestProgramsOwnTrace(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, good) }))
	defer server.Close()
	c := play().client(at(server.URL, nil))
	var wanted, got atomic.Int32
	hooks := httptrace.ClientTrace{
		GetConn: func(string) { wanted.Add(1) },
		GotConn: func(httptrace.GotConnInfo) { got.Add(1) },
	}
	ctx := httptrace.WithClientTrace(t.Context(), &hooks)
	for n := range int32(3) {
		_, err := get(ctx, c)
		require.NoError(t, err)
		_, err = get(t.Context(), c)
		require.NoError(t, err)
		assert.Equal(t, n+1, wanted.Load())
		assert.Equal(t, n+1, got.Load())
	}
	var wrong *call.Failure
	_, err := create(ctx, play().client(at("http://127.0.0.1:1", nil)), withRetry(api.RetryNone))
	require.ErrorAs(t, err, &wrong)
	assert.True(t, wrong.NotSent)
	assert.Equal(t, int32(4), wanted.Load())
}
