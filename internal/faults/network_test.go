package faults_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// network is a listener in memory whose connections break as scripted: net/http
// runs on both of its ends, with its own repeats.
type network struct {
	connections chan net.Conn
	done        chan struct{}

	mu      sync.Mutex
	script  []breakage
	refused []bool // of the dials to come
	opened  int
}

// breakage is what happens to one answer on its way.
type breakage uint8

const (
	arrives  breakage = iota
	vanishes          // the connection closes before a byte of it
	inHeader          // it closes in the middle of the headers
	inBody            // it closes just before the end of the body
	stalls            // nothing comes, and the connection stays open
	breakages
)

func newNetwork(script []breakage) *network {
	return &network{connections: make(chan net.Conn), done: make(chan struct{}), script: script}
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case c := <-n.connections:
		return &faulty{Conn: c, network: n, gone: make(chan struct{})}, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	close(n.done)
	return nil
}

func (*network) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if n.refuses() {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	ours, theirs := net.Pipe()
	select {
	case n.connections <- theirs:
		n.mu.Lock()
		defer n.mu.Unlock()
		n.opened++
		return ours, nil
	case <-n.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// refuses takes what happens to the next dial.
func (n *network) refuses() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.refused) == 0 {
		return false
	}
	refused := n.refused[0]
	n.refused = n.refused[1:]
	return refused
}

// client returns a client whose connections are the network's.
func (n *network) client(t *testing.T) *orbit.Client {
	t.Helper()
	transport := &http.Transport{DialContext: n.dial}
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: transport}),
		orbit.WithInsecureBaseURL("http://orbit.test/api/v1"))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// next takes what happens to the next answer.
func (n *network) next() breakage {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.script) == 0 {
		return arrives
	}
	b := n.script[0]
	n.script = n.script[1:]
	return b
}

// faulty is the server's end of a connection. A small answer is one Write.
type faulty struct {
	net.Conn

	network *network
	once    sync.Once
	gone    chan struct{} // the client has hung up
}

func (c *faulty) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.once.Do(func() { close(c.gone) })
	}
	return n, err
}

func (c *faulty) Write(p []byte) (int, error) {
	sent := 0
	switch c.network.next() {
	case arrives:
		return c.Conn.Write(p)
	case inHeader:
		sent = 20
	case inBody:
		sent = len(p) - 5
	case stalls:
		<-c.gone
	}
	_, _ = c.Conn.Write(p[:sent])
	_ = c.Conn.Close()
	return 0, net.ErrClosed
}

// playNetwork makes calls over a network that breaks, and returns what is
// wrong with what became of them.
func playNetwork(t *testing.T, seed uint64) (wrong []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(seed, 1))
		script := make([]breakage, 2+r.IntN(6))
		for i := range script {
			script[i] = breakage(r.IntN(int(breakages)))
		}
		n := newNetwork(append([]breakage(nil), script...))
		for range 2 + r.IntN(6) {
			n.refused = append(n.refused, len(n.refused) > 0 && r.IntN(2) == 0)
		}
		dials := fmt.Sprint(n.refused)
		careful := r.IntN(2) == 0
		opts := []orbittest.Option{orbittest.WithoutLimits()}
		if careful {
			opts = append(opts, orbittest.IgnoreIdempotencyKeys())
		}
		s := orbittest.NewServer(opts...)
		agent := newAgent(t, s)
		server := &http.Server{Handler: s, ReadHeaderTimeout: time.Hour}
		go func() { _ = server.Serve(n) }()
		client := n.client(t)
		for i := range 3 {
			o := newOutcome(s, drawKind(r, func(k kind) bool { return k.safely || !careful }), agent, i)
			o.make(t.Context(), client)
			requests := o.requests(s)
			found := o.checkPromise(s, requests)
			found.unless(!o.kind.safely || len(requests) <= 1, "a careful call reached the server %d times", len(requests))
			found.unless(!errors.Is(o.err, orbit.ErrNotSent) || len(requests) == 0, "not sent over a connection that took it")
			for _, w := range found {
				wrong = append(wrong, fmt.Sprintf("seed %d, careful %t, script %v, dials %s: %s: %s (err: %v)", seed, careful, script, dials, o.kind.name, w, o.err))
			}
		}
		client.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	})
	return wrong
}

// RET-3, CON-4: the same over net/http on both ends, whose own repeats count
// too. A goroutine or connection that is left makes the bubble fail.
func TestNetwork(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1500) {
		for _, w := range playNetwork(t, seed) {
			t.Fatal(w)
		}
	}
}

// FATE-1: a kept connection on which the server reads the whole request and then
// hangs up, a dial by net/http itself that fails, and a 429 that outlasts the key:
// what may have been accepted is not sent again after that.
func TestSecondDialThenLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork([]breakage{arrives, vanishes})
		n.refused = []bool{false, true}
		s := orbittest.NewServer(orbittest.WithoutLimits())
		server := &http.Server{Handler: s, ReadHeaderTimeout: time.Hour}
		go func() { _ = server.Serve(n) }()
		client := n.client(t)
		if _, err := client.Messages.List(t.Context(), messages.ListParams{}); err != nil {
			t.Fatal(err)
		}
		s.FailNext(sendRoute, orbittest.Pass(), orbittest.RateLimited(61*time.Second))
		_, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		if !orbit.MaybeSent(err) || !errors.Is(err, orbit.ErrRateLimited) {
			t.Errorf("the first attempt is hidden: %v", err)
		}
		if sent := s.Messages(); len(sent) != 1 || sent[0].Sends != 1 {
			t.Errorf("%d messages", len(sent))
		}
		client.CloseIdleConnections()
		_ = server.Close()
	})
}

// CON-3: one connection serves a thousand calls in a row, repeats and errors with
// long bodies among them.
func TestOneConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		s := orbittest.New(t, orbittest.WithoutLimits(), orbittest.AllowUnusedFaults())
		s.AddMessage(orbittest.Message{ID: "msg_1"})
		const calls = 1000
		long := strings.Repeat("x", 100<<10)
		for range calls / 4 {
			s.FailNext("*", orbittest.Fault{Status: 503, Body: long}, orbittest.Fault{Status: 403, Body: long}, orbittest.Pass(), orbittest.Pass())
		}
		server := &http.Server{Handler: s, ReadHeaderTimeout: time.Hour}
		go func() { _ = server.Serve(n) }()
		client := n.client(t)
		refused := 0
		for range calls {
			if _, err := client.Messages.Get(t.Context(), "msg_1"); errors.Is(err, orbit.ErrForbidden) {
				refused++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		repeats := len(s.Requests()) - calls
		if n.opened != 1 || repeats < calls/5 || refused < calls/5 {
			t.Errorf("%d connections for %d calls, %d repeats and %d refusals", n.opened, calls, repeats, refused)
		}
		client.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
