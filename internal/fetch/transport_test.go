package fetch_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/fetch"
)

// counting is a listener that counts its connections.
type counting struct {
	net.Listener

	n atomic.Int64
}

func (l *counting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.n.Add(1)
	}
	return conn, err
}

// machine is a TLS server on this machine, and a transport that trusts it whatever
// name it is asked by.
func machine(t *testing.T) (*counting, *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(whole)) }))
	listener := &counting{Listener: server.Listener}
	server.Listener, server.Config.ErrorLog = listener, log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	base := server.Client().Transport.(*http.Transport).Clone()
	base.TLSClientConfig.ServerName = "example.com"
	return listener, base
}

func get(t *testing.T, g *fetch.Guarded, at string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
	require.NoError(t, err)
	resp, err := g.RoundTrip(req)
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, resp.Body.Close())
	}
	return err
}

// LEAK-6: a name that turns out to be this machine is not dialled: not a packet
// goes there. Where the API is on this machine, or the host was named, it is.
func TestGuardChecksWhenDialling(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		hosts fetch.Hosts
		err   error
	}{
		{"a name like any other", fetch.Hosts{}, fetch.ErrPrivate},
		{"the API is there", fetch.Hosts{Loopback: true}, nil},
		{"named", fetch.Hosts{Named: []string{"localhost"}}, nil},
		{"another one named", fetch.Hosts{Named: []string{"127.0.0.1"}}, fetch.ErrPrivate},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			listener, base := machine(t)
			_, port, err := net.SplitHostPort(listener.Addr().String())
			require.NoError(t, err)
			base.DialContext = func(context.Context, string, string) (net.Conn, error) {
				t.Error("a dial function that checks nothing")
				return nil, net.ErrClosed
			}
			base.DialTLSContext = base.DialContext
			base.DisableKeepAlives = true
			g := c.hosts.Guard(base)
			require.ErrorIs(t, get(t, g, "https://localhost:"+port+"/rec"), c.err)
			assert.Equal(t, c.err == nil, listener.n.Load() > 0)
			g.CloseIdleConnections()
		})
	}
}

// LEAK-6: private networks are no better than this machine.
func TestGuardRefusesPrivateNetworks(t *testing.T) {
	t.Parallel()
	h := fetch.Hosts{Loopback: true}
	g := h.Guard(&http.Transport{})
	for _, host := range []string{"10.255.255.1", "192.168.255.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "0.0.0.0", "[::ffff:10.0.0.1]"} {
		require.ErrorIs(t, get(t, g, "https://"+host+":9/"), fetch.ErrPrivate, host)
	}
}

// A proxy may be private, and dials by itself: it is asked as ever.
func TestGuardLeavesProxiesAlone(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	h := fetch.Hosts{}
	g := h.Guard(&http.Transport{Proxy: http.ProxyURL(at), DisableKeepAlives: true})
	require.ErrorContains(t, get(t, g, address), "Forbidden")
	assert.Equal(t, "CONNECT storage.example.test:443", asked.Load())

	g = h.Guard(&http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, net.ErrClosed }})
	require.ErrorIs(t, get(t, g, address), net.ErrClosed, "nothing is dialled where the proxy is not known")
}

// The settings of the base stay in force, and idle connections can be closed.
func TestGuardKeepsTheBase(t *testing.T) {
	t.Parallel()
	listener, base := machine(t)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	at := "https://localhost:" + port + "/rec"
	h := fetch.Hosts{Loopback: true}
	g := h.Guard(base)
	g.CloseIdleConnections()
	for range 2 {
		require.NoError(t, get(t, g, at))
	}
	assert.Equal(t, int64(1), listener.n.Load())
	g.CloseIdleConnections()
	require.NoError(t, get(t, g, at))
	assert.Equal(t, int64(2), listener.n.Load())
	g.CloseIdleConnections()

	base.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	require.ErrorContains(t, get(t, h.Guard(base), at), "certificate")
}
