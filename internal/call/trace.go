package call

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"sync"

	"github.com/devotel/orbit-go/api"
)

// errSealed ends an attempt that net/http would send again by itself although
// the call must not be sent twice.
const errSealed = api.Sentinel("the connection broke, and the request must not be sent twice")

// link is what net/http told of the connections of one attempt. It may try
// several within one RoundTrip, so that the error of the last one does not tell
// whether the request was sent.
type link struct {
	wanted bool // it would have told; false with a transport that traces nothing
	got    bool // it had one at least once
}

// trace listens to net/http, to one attempt at a time. It is kept for the calls
// to come: its hooks are the only ones of an attempt that cost nothing.
type trace struct {
	hooks httptrace.ClientTrace

	mu   sync.Mutex // a transport may call from goroutines of its own
	link link
	// broken is what ends the attempt when net/http wants a second connection; nil
	// where it may have one.
	broken context.CancelCauseFunc
	ended  bool // by broken
}

func newTrace() *trace {
	t := &trace{}
	t.hooks.GetConn, t.hooks.GotConn = t.wants, t.gets
	return t
}

// begin makes the trace ready for an attempt. If it is sealed, cancel ends it
// before net/http can send it a second time.
func (t *trace) begin(sealed bool, cancel context.CancelCauseFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.link, t.broken, t.ended = link{}, nil, false
	if sealed {
		t.broken = cancel
	}
}

// end returns what was told of the attempt.
func (t *trace) end() link {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.broken = nil
	return t.link
}

// context adds the hooks to those of the program.
func (t *trace) context(ctx context.Context) context.Context {
	if httptrace.ContextClientTrace(ctx) == nil {
		return httptrace.WithClientTrace(ctx, &t.hooks)
	}
	hooks := t.hooks // WithClientTrace writes the program's hooks into it
	return httptrace.WithClientTrace(ctx, &hooks)
}

func (t *trace) wants(string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.link.wanted = true
	if t.link.got && t.broken != nil {
		t.ended = true
		t.broken(errSealed)
	}
}

func (t *trace) gets(info httptrace.GotConnInfo) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.link.got = true
	if t.ended && !isHTTP2(info.Conn) {
		_ = info.Conn.Close() // HTTP/1 writes without looking at the context once it has a connection
	}
}

func isHTTP2(c net.Conn) bool {
	s, ok := c.(interface{ ConnectionState() tls.ConnectionState })
	return ok && s.ConnectionState().NegotiatedProtocol == "h2"
}
