package faults_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/devotel/orbit-go/orbittest"
)

// rupture is how a TCP connection fails under a request.
type rupture struct {
	name   string
	at     place
	manner manner
	form   form
}

// place is how far the request and its answer come.
type place uint8

const (
	beforeRead   place = iota // the request has begun to arrive
	beforeStored              // it was read, and nothing was done about it
	beforeAnswer              // it was stored, and nothing is said of it
	midHeaders
	midBody
	whileIdle // the answer is whole, and the connection waits for another request
)

// manner is what the server does to the connection.
type manner uint8

const (
	resets   manner = iota // RST
	finishes               // FIN: it sends nothing more, and goes on reading
	freezes                // nothing, until the client has had enough
)

// form is how an answer shows where it ends.
type form uint8

const (
	sized   form = iota // by its Content-Length
	chunked             // by a last chunk
	open                // by FIN
)

// ruptures are all that are tested. The last two of them are JSON that is whole
// but for its last chunk, and JSON that is not, where FIN says that it is.
func ruptures() []rupture {
	return []rupture{
		{"reset before it is read", beforeRead, resets, sized},
		{"half-closed before it is read", beforeRead, finishes, sized},
		{"stalled before it is read", beforeRead, freezes, sized},
		{"reset before acceptance", beforeStored, resets, sized},
		{"half-closed before acceptance", beforeStored, finishes, sized},
		{"stalled before acceptance", beforeStored, freezes, sized},
		{"reset after acceptance", beforeAnswer, resets, sized},
		{"half-closed after acceptance", beforeAnswer, finishes, sized},
		{"stalled after acceptance", beforeAnswer, freezes, sized},
		{"reset in headers", midHeaders, resets, sized},
		{"half-closed in headers", midHeaders, finishes, sized},
		{"stalled in headers", midHeaders, freezes, sized},
		{"reset in body", midBody, resets, sized},
		{"half-closed in body", midBody, finishes, sized},
		{"stalled in body", midBody, freezes, sized},
		{"half-closed for the last chunk", midBody, finishes, chunked},
		{"half-closed for the rest", midBody, finishes, open},
		{"reset while idle", whileIdle, resets, sized},
		{"half-closed while idle", whileIdle, finishes, sized},
	}
}

// silent reports whether the connection is gone before any byte of an answer. It
// is what net/http takes for a connection that was closed just when it was used
// again, and repeats by itself where it may.
func (r *rupture) silent() bool { return r.at <= beforeAnswer && r.manner != freezes }

// settled reports whether the answer looks whole.
func (r *rupture) settled() bool { return r.form == open }

// sent is what the client is sent of an answer.
func (r *rupture) sent(answer *http.Response) []byte {
	switch r.form {
	case chunked:
		answer.ContentLength, answer.TransferEncoding = -1, []string{"chunked"}
		answer.Header.Del("Content-Length")
	case open:
		answer.ContentLength, answer.Close = -1, true
		answer.Header.Del("Content-Length")
	}
	var all bytes.Buffer
	_ = answer.Write(&all) // a buffer takes everything
	switch r.at {
	case midHeaders:
		return all.Bytes()[:20]
	case midBody:
		return all.Bytes()[:all.Len()-5] // as long as the last chunk
	case whileIdle:
		return all.Bytes()
	default:
		return nil
	}
}

// sockets is an Orbit behind TCP connections that fail as scripted.
type sockets struct {
	net.Listener

	orbit  *orbittest.Server
	server http.Server
	done   sync.WaitGroup

	mu       sync.Mutex
	rupture  rupture
	left     int // requests that are still to meet it
	arrived  int // requests of which anything was read
	requests []orbittest.Request
	opened   int // connections
	closed   int
	hungUp   chan struct{} // told of each that is closed
}

func newSockets(t *testing.T, opts ...orbittest.Option) *sockets {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sockets{Listener: listener, orbit: orbittest.NewServer(append(opts, orbittest.WithoutLimits())...), hungUp: make(chan struct{}, 1)}
	s.server = http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.done.Go(func() { _ = s.server.Serve(s) })
	return s
}

// base is the base URL.
func (s *sockets) base() string { return "http://" + s.Addr().String() + "/api/v1" }

// end closes the listener, and whatever connections the client has left.
func (s *sockets) end() {
	_ = s.server.Close()
	s.done.Wait()
}

// script makes the next n requests meet r, and counts from here.
func (s *sockets) script(r rupture, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rupture, s.left, s.arrived, s.requests = r, n, 0, nil
}

// strike counts a request, and returns what it meets, if that is now: early is
// before it is read.
func (s *sockets) strike(early bool) *rupture {
	s.mu.Lock()
	defer s.mu.Unlock()
	meets := s.left > 0 && early == (s.rupture.at == beforeRead)
	if meets || !early {
		s.arrived++
	}
	if !meets {
		return nil
	}
	s.left--
	r := s.rupture
	return &r
}

// stillOpen waits until both sides have closed all connections, and returns how many
// they have left open all the same.
func (s *sockets) stillOpen() int {
	limit := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		open := s.opened - s.closed
		s.mu.Unlock()
		if open == 0 {
			return 0
		}
		select {
		case <-s.hungUp:
		case <-limit:
			return open
		}
	}
}

func (s *sockets) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	return &socket{TCPConn: c.(*net.TCPConn), sockets: s}, nil
}

// ServeHTTP answers a request, or as much of it as the script lets through.
func (s *sockets) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the client is gone
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	s.record(req, body)
	r := s.strike(false)
	if r == nil {
		s.orbit.ServeHTTP(w, req)
		return
	}
	var sent []byte
	if r.at >= beforeAnswer {
		answer := httptest.NewRecorder()
		s.orbit.ServeHTTP(answer, req)
		sent = r.sent(answer.Result())
	}
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = c.Write(sent)
	c.(*socket).fail(r.manner)
}

func (s *sockets) record(req *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, orbittest.Request{Body: body, IdempotencyKey: req.Header.Get("Idempotency-Key")})
}

// socket is the server's end of a connection.
type socket struct {
	*net.TCPConn

	sockets *sockets
	once    sync.Once
}

func (c *socket) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n == 0 {
		return n, err
	}
	if r := c.sockets.strike(true); r != nil {
		c.fail(r.manner)
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *socket) Close() error {
	c.once.Do(func() {
		c.sockets.mu.Lock()
		defer c.sockets.mu.Unlock()
		c.sockets.closed++
		select {
		case c.sockets.hungUp <- struct{}{}:
		default:
		}
	})
	return c.TCPConn.Close()
}

// fail ends the connection in its manner: but for a reset, once the client has
// closed its own side.
func (c *socket) fail(m manner) {
	switch m {
	case resets:
		_ = c.SetLinger(0)
	case finishes:
		_ = c.CloseWrite()
		c.drain()
	case freezes:
		c.drain()
	}
	_ = c.Close()
}

// drain reads until the client has closed its side.
func (c *socket) drain() {
	for {
		_, err := io.Copy(io.Discard, c.TCPConn)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		_ = c.SetReadDeadline(time.Time{}) // the server ends the read by which it watches a connection, and this was that
	}
}
