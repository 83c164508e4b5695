package faults_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// upheaval is what happens to a server under load.
type upheaval struct {
	name string
	// every is after how many requests it happens; 0 for each of them.
	every int
	ping  time.Duration // with which the client looks for dead connections
	// strike makes it happen. It is called by the request that it is the turn of.
	strike func(h *host, c *conn)
	// lost reports whether the response to the n-th request is lost.
	lost  func(n int) bool
	http2 bool // only there
}

func upheavals() []upheaval {
	return []upheaval{
		{name: "restarts", every: 40, strike: func(h *host, _ *conn) { h.restart((*http.Server).Close) }},
		{name: "restarts, graceful", every: 40, strike: func(h *host, _ *conn) {
			h.restart(func(s *http.Server) error { // GOAWAY over HTTP/2
				return s.Shutdown(context.Background())
			})
		}},
		{name: "closed when idle", every: 0, strike: func(_ *host, c *conn) { c.dies.Store(true) }},
		{name: "half of the responses lost", lost: func(n int) bool { return n%2 == 1 }},
		{name: "dead connections", every: 40, ping: 300 * time.Millisecond, strike: func(_ *host, c *conn) { c.deaf.Store(true) }, http2: true},
	}
}

// TestTableOfUpheavals sends over real sockets while the server is restarted, goes away,
// closes idle connections, loses responses and falls silent. FATE-1, FATE-6, RET-3,
// CON-1: nothing is stored twice, also by a server that knows no idempotency keys
// where the calls are careful; a success is stored, and an error tells the truth.
func TestTableOfUpheavals(t *testing.T) {
	t.Parallel()
	var all []*trialOfUpheaval
	var wg sync.WaitGroup
	for _, u := range upheavals() {
		for _, http2 := range []bool{false, true} {
			for _, careful := range []bool{false, true} {
				if http2 || !u.http2 {
					all = append(all, &trialOfUpheaval{upheaval: u, http2: http2, careful: careful})
				}
			}
		}
	}
	free := make(chan struct{}, 8)
	for _, trial := range all {
		free <- struct{}{}
		wg.Go(func() {
			trial.play(t)
			<-free
		})
	}
	wg.Wait()
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "upheaval\tcalls\tarrived\tok\tnot sent\tmaybe sent\tof these stored\tdoubled\tuntrue")
	for _, trial := range all {
		n := trial.figures
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", trial, n.calls, n.arrived, n.ok, n.notSent, n.maybe, n.stored, n.doubled, n.untrue)
		if n.doubled > 0 || n.untrue > 0 || n.ok == 0 && !trial.careful { // careful calls that meet one together all fail
			t.Errorf("%s: %+v", trial, n)
		}
	}
	_ = w.Flush() // a builder takes everything
	t.Log("\n" + out.String())
}

// trialOfUpheaval is one of them over one protocol. Careful calls use RetrySafe, and
// the server ignores idempotency keys.
type trialOfUpheaval struct {
	upheaval

	http2, careful bool
	figures        figures
}

func (u *trialOfUpheaval) String() string {
	protocol := map[bool]string{false: "HTTP/1", true: "HTTP/2"}[u.http2]
	return u.name + ", " + protocol + map[bool]string{true: ", careful"}[u.careful]
}

// figures are what came of the calls of an upheaval.
type figures struct{ calls, arrived, ok, notSent, maybe, stored, doubled, untrue int }

// play sends from many goroutines.
func (u *trialOfUpheaval) play(t *testing.T) {
	goroutines, each := 40, 3
	if testing.Short() {
		each = 1
	}
	h := newHost(u)
	defer h.end()
	client := h.client(t)
	defer client.CloseIdleConnections()
	errs := make([]error, goroutines*each)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				n := g*each + i
				_, errs[n] = client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: tagOf(n)})
			}
		})
	}
	wg.Wait()
	u.figures = h.compare(t, errs)
}

func tagOf(n int) string { return fmt.Sprintf("message %d.", n) }

// compare compares what the calls said with what the server knows.
func (h *host) compare(t *testing.T, errs []error) (n figures) {
	t.Helper()
	sends := map[string]int{}
	for _, m := range h.orbit.Messages() {
		sends[m.Body] += m.Sends
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, err := range errs {
		tag := tagOf(i)
		stored, arrived := sends[tag], h.arrived[tag]
		n.calls++
		n.arrived += arrived
		if stored > 1 {
			n.doubled++
		}
		notSent, maybe := errors.Is(err, orbit.ErrNotSent), orbit.MaybeSent(err)
		switch {
		case err == nil:
			n.ok++
		case notSent:
			n.notSent++
		case maybe:
			n.maybe++
			n.stored += min(stored, 1)
		}
		if err == nil && stored == 0 || notSent && arrived > 0 || err != nil && !maybe && stored > 0 || notSent && maybe {
			n.untrue++
			t.Errorf("%s: stored %d times, arrived %d times: %v", tag, stored, arrived, err)
		}
	}
	return n
}

// host serves an Orbit on one address, from one http.Server after another.
type host struct {
	orbit    *orbittest.Server
	trial    *trialOfUpheaval
	config   *tls.Config
	trusting *http.Transport
	address  string
	done     sync.WaitGroup

	mu       sync.Mutex
	server   *http.Server
	listener net.Listener
	requests int
	arrived  map[string]int
}

func newHost(u *trialOfUpheaval) *host {
	opts := []orbittest.Option{orbittest.WithoutLimits()}
	if u.careful {
		opts = append(opts, orbittest.IgnoreIdempotencyKeys())
	}
	known := httptest.NewTLSServer(nil)
	defer known.Close()
	trust := known.Client().Transport.(*http.Transport).TLSClientConfig
	protocols := []string{"http/1.1"}
	if u.http2 {
		protocols = []string{"h2"}
	}
	h := &host{
		orbit: orbittest.NewServer(opts...), trial: u, arrived: map[string]int{}, address: "127.0.0.1:0",
		config: &tls.Config{Certificates: known.TLS.Certificates, NextProtos: protocols, MinVersion: tls.VersionTLS12},
		trusting: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: trust.RootCAs, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: u.http2,
			MaxIdleConnsPerHost: 100, HTTP2: &http.HTTP2Config{SendPingTimeout: u.ping, PingTimeout: u.ping},
		},
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.start()
	return h
}

func (h *host) client(t *testing.T) *orbit.Client {
	opts := []orbit.CallOption{orbit.WithMaxAttempts(4)}
	if h.trial.careful {
		opts = append(opts, orbit.WithRetry(orbit.RetrySafe))
	}
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithBaseURL("https://"+h.address+"/api/v1"),
		orbit.WithHTTPClient(&http.Client{Transport: h.trusting}), orbit.WithDefaults(opts...))
	if err != nil {
		t.Error(err)
	}
	return client
}

// start serves on the address. The lock is held.
func (h *host) start() {
	l, err := net.Listen("tcp", h.address)
	for err != nil { // it may take a moment until the address is free
		runtime.Gosched()
		l, err = net.Listen("tcp", h.address)
	}
	h.address, h.listener = l.Addr().String(), l
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: time.Minute, TLSConfig: h.config, ErrorLog: log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c.(*tls.Conn).NetConn())
		},
		ConnState: func(c net.Conn, s http.ConnState) {
			if nc := c.(*tls.Conn).NetConn().(*conn); s == http.StateIdle && nc.dies.Load() {
				_ = nc.Close()
			}
		},
	}
	h.server = server
	h.done.Go(func() { _ = server.ServeTLS(conns{l}, "", "") })
}

// restart ends the server and starts another one in its place.
func (h *host) restart(end func(*http.Server) error) {
	h.done.Go(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		old := h.server
		if old == nil {
			return
		}
		_ = h.listener.Close()
		h.done.Go(func() { _ = end(old) }) // a graceful one waits for its requests, which wait for the lock
		time.Sleep(20 * time.Millisecond)  // no connection meanwhile
		h.start()
	})
}

func (h *host) end() {
	h.mu.Lock()
	server := h.server
	h.server = nil
	h.mu.Unlock()
	_ = server.Close()
	h.trusting.CloseIdleConnections()
	h.done.Wait()
}

type connKey struct{}

// ServeHTTP serves a request, or what the upheaval leaves of it.
func (h *host) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the client is gone
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	h.mu.Lock()
	if i := bytes.Index(body, []byte("message ")); i >= 0 {
		h.arrived[string(body[i:i+bytes.IndexByte(body[i:], '.')+1])]++
	}
	h.requests++
	n := h.requests
	h.mu.Unlock()
	if u := h.trial; u.strike != nil && (u.every == 0 || n%u.every == 0) {
		u.strike(h, req.Context().Value(connKey{}).(*conn))
	}
	if h.trial.lost != nil && h.trial.lost(n) {
		h.orbit.ServeHTTP(httptest.NewRecorder(), req)
		panic(http.ErrAbortHandler)
	}
	h.orbit.ServeHTTP(w, req)
}
