package call

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"time"

	"github.com/devotel/orbit-go/internal/fetch"
)

// idlePerHost is how many idle connections are kept to the API, so that a
// hundred goroutines do not dial anew for every call.
const idlePerHost = 100

// How a dead HTTP/2 connection is found, which swallows every request that is
// sent on it: after a silence of pingAfter it is asked, and closed without a response
// within pingTimeout. Together they are half of an attempt's default time, so that
// the next attempt reaches a new connection.
const (
	pingAfter   = 10 * time.Second
	pingTimeout = 5 * time.Second
)

// defaultTransport sends through a clone of http.DefaultTransport that is sized
// for concurrent sending. While a program has replaced http.DefaultTransport,
// as mocks do, it sends through the replacement.
type defaultTransport struct {
	origin http.RoundTripper
	clone  *http.Transport
	guard  *fetch.Guarded // the same for files from other hosts
}

func newDefaultTransport(hosts *fetch.Hosts) *defaultTransport {
	d := &defaultTransport{origin: http.DefaultTransport}
	t, ok := d.origin.(*http.Transport)
	if !ok {
		return d
	}
	d.clone = t.Clone()
	d.clone.MaxIdleConns = max(d.clone.MaxIdleConns, idlePerHost)
	d.clone.MaxIdleConnsPerHost = max(d.clone.MaxIdleConnsPerHost, idlePerHost)
	if d.clone.TLSClientConfig == nil {
		d.clone.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	} else {
		d.clone.TLSClientConfig.MinVersion = max(d.clone.TLSClientConfig.MinVersion, tls.VersionTLS12)
	}
	if d.clone.HTTP2 == nil {
		d.clone.HTTP2 = &http.HTTP2Config{}
	}
	if h := d.clone.HTTP2; h.SendPingTimeout == 0 {
		h.SendPingTimeout, h.PingTimeout = pingAfter, pingTimeout
	}
	d.clone.OnProxyConnectResponse = refuseProxy(d.clone.OnProxyConnectResponse)
	d.guard = hosts.Guard(d.clone)
	return d
}

// refuseProxy names the status of a CONNECT that no further attempt changes, of
// which net/http keeps the reason phrase only. before is what was there.
func refuseProxy(before proxyHook) proxyHook {
	return func(ctx context.Context, proxy *url.URL, req *http.Request, resp *http.Response) error {
		if before != nil {
			if err := before(ctx, proxy, req, resp); err != nil {
				return err
			}
		}
		switch resp.StatusCode {
		case http.StatusForbidden, http.StatusProxyAuthRequired:
			return proxyRefusal{resp.StatusCode}
		}
		return nil
	}
}

type proxyHook = func(context.Context, *url.URL, *http.Request, *http.Response) error

// traces reports whether requests go through net/http's own transport, which
// tells of its connections.
func (d *defaultTransport) traces() bool { return d.clone != nil && http.DefaultTransport == d.origin }

// RoundTrip sends one request.
func (d *defaultTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !d.traces() {
		return http.DefaultTransport.RoundTrip(req)
	}
	return d.clone.RoundTrip(req)
}

// CloseIdleConnections closes the clone's idle connections; those of a
// replacement belong to the program.
func (d *defaultTransport) CloseIdleConnections() {
	if d.clone != nil {
		d.clone.CloseIdleConnections()
		d.guard.CloseIdleConnections()
	}
}

// soundTransport is a transport for files whose responses can be relied on.
type soundTransport struct{ http.RoundTripper }

// RoundTrip sends one request.
func (t soundTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err = sane(resp, err); err != nil {
		return nil, err
	}
	return resp, nil
}

// guardedTransport is a default transport for files from other hosts: it dials no
// private address.
type guardedTransport struct{ *defaultTransport }

// RoundTrip sends one request.
func (g guardedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !g.traces() {
		return http.DefaultTransport.RoundTrip(req)
	}
	return g.guard.RoundTrip(req)
}
