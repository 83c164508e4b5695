package fetch

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// Guard returns a transport with the settings of base that dials no private
// address, whatever name it has. Where a proxy stands between, the proxy dials:
// then it is base that asks it. The dial functions of base are not used.
func (h *Hosts) Guard(base *http.Transport) *Guarded { return &Guarded{hosts: h, base: base} }

// Guarded is a transport that dials no private address.
type Guarded struct {
	hosts *Hosts
	base  *http.Transport

	mu     sync.Mutex
	direct *http.Transport // made for the first request
}

// RoundTrip sends one request.
func (g *Guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	if g.base.Proxy != nil {
		if proxy, err := g.base.Proxy(req); proxy != nil || err != nil {
			return g.base.RoundTrip(req) // which reports the error, too
		}
	}
	g.mu.Lock()
	if g.direct == nil {
		g.direct = g.base.Clone()
		g.direct.Proxy, g.direct.DialTLSContext = nil, nil
		g.direct.Dial, g.direct.DialTLS = nil, nil //nolint:staticcheck // they would go before DialContext
		g.direct.DialContext = g.hosts.dial
	}
	direct := g.direct
	g.mu.Unlock()
	return direct.RoundTrip(req)
}

// CloseIdleConnections closes those that do not go through a proxy.
func (g *Guarded) CloseIdleConnections() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.direct != nil {
		g.direct.CloseIdleConnections()
	}
}

// dial connects to a host as net/http's own transport does.
func (h *Hosts) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	if host, _, err := net.SplitHostPort(address); err != nil || !h.names(host) {
		dialer.ControlContext = h.control
	}
	return dialer.DialContext(ctx, network, address)
}

// control sees each address that a name was resolved to, before it is dialled.
func (h *Hosts) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	if at, err := netip.ParseAddrPort(address); err != nil || !h.allows(at.Addr()) {
		return ErrPrivate
	}
	return nil
}
