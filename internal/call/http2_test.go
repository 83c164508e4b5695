package call_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// The frames of HTTP/2 that the tests need, by RFC 9113.
const (
	frameData     = 0
	frameHeaders  = 1
	frameReset    = 3
	frameSettings = 4
	framePing     = 6
	frameGoAway   = 7

	flagEnd        = 1 // END_STREAM, or ACK
	flagEndHeaders = 4

	protocolError = 1
	refusedStream = 7
)

// frame is what a client sent.
type frame struct {
	kind, flags byte
	stream      uint32
}

// http2Server speaks as much HTTP/2 over connections in memory as is needed to
// break it. serve is called for each request, and must not read.
type http2Server struct {
	certificate tls.Certificate
	roots       *x509.CertPool
	serve       func(c *http2Conn, stream uint32)

	mu     sync.Mutex
	conns  int
	frames []frame // DATA and HEADERS
	deaf   bool    // connections are read, and nothing is ever said again
}

type http2Conn struct {
	*tls.Conn

	n   int         // of the connection, from 1
	out chan []byte // frames to write, since a connection in memory takes none before it is read
}

// newHTTP2 returns a server. It must not be called in a bubble, since it borrows its
// certificate from a real one.
func newHTTP2(t *testing.T, serve func(*http2Conn, uint32)) *http2Server {
	t.Helper()
	known := httptest.NewTLSServer(nil)
	defer known.Close()
	roots := known.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &http2Server{certificate: known.TLS.Certificates[0], roots: roots, serve: serve}
}

// client returns a client whose default transport is led to the server.
func (s *http2Server) client() *call.Client {
	c := play().client(at("https://example.com", nil))
	c.Transport().DialContext = s.dial
	c.Transport().TLSClientConfig.RootCAs = s.roots
	return c
}

func (s *http2Server) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns++
	c := &http2Conn{n: s.conns, out: make(chan []byte, 64), Conn: tls.Server(theirs, &tls.Config{
		Certificates: []tls.Certificate{s.certificate}, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12,
	})}
	go s.run(c)
	return ours, nil
}

func (s *http2Server) run(c *http2Conn) {
	if _, err := io.ReadFull(c, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	c.send(frameSettings, 0, 0, nil)
	go func() {
		for b := range c.out {
			if b == nil {
				_ = c.Close()
				return
			}
			_, _ = c.Write(b)
		}
	}()
	defer c.hangUp()
	for {
		var head [9]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return
		}
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		payload := make([]byte, length)
		if _, err := io.ReadFull(c, payload); err != nil {
			return
		}
		f := frame{head[3], head[4], binary.BigEndian.Uint32(head[5:]) &^ (1 << 31)}
		s.mu.Lock()
		deaf := s.deaf && c.n == 1
		if f.kind == frameData || f.kind == frameHeaders {
			s.frames = append(s.frames, f)
		}
		s.mu.Unlock()
		switch {
		case deaf:
		case f.kind == frameSettings && f.flags&flagEnd == 0:
			c.send(frameSettings, flagEnd, 0, nil)
		case f.kind == framePing && f.flags&flagEnd == 0:
			c.send(framePing, flagEnd, 0, payload)
		case (f.kind == frameHeaders || f.kind == frameData) && f.flags&flagEnd != 0:
			go s.serve(c, f.stream)
		}
	}
}

// send queues one frame.
func (c *http2Conn) send(kind, flags byte, stream uint32, payload []byte) {
	n := len(payload)
	head := append([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}, binary.BigEndian.AppendUint32(nil, stream)...)
	c.out <- append(head, payload...)
}

// hangUp closes the connection once all frames are written.
func (c *http2Conn) hangUp() { c.out <- nil }

// answer sends a success.
func (c *http2Conn) answer(stream uint32) {
	const status200 = 0x88 // of HPACK's static table
	c.send(frameHeaders, flagEndHeaders, stream, []byte{status200})
	c.send(frameData, flagEnd, stream, []byte(good))
}

func (c *http2Conn) reset(stream, code uint32) {
	c.send(frameReset, 0, stream, binary.BigEndian.AppendUint32(nil, code))
}

// goAway ends the connection; last is the last stream that was looked at.
func (c *http2Conn) goAway(last uint32) {
	c.send(frameGoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), 0))
}

// headers counts the requests that arrived.
func (s *http2Server) headers() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.frames {
		if f.kind == frameHeaders {
			n++
		}
	}
	return n
}

// FATE-6: a connection that silently died is found by pings within the first
// attempt, so that the second one reaches a new connection.
func TestDeadHTTP2Connection(t *testing.T) {
	t.Parallel()
	s := newHTTP2(t, func(c *http2Conn, stream uint32) { c.answer(stream) })
	synctest.Test(t, func(t *testing.T) {
		c := s.client()
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		s.mu.Lock()
		s.deaf = true
		s.mu.Unlock()
		var calls sync.WaitGroup
		started := time.Now()
		for range 20 {
			calls.Go(func() {
				_, err := create(t.Context(), c, withAttemptTimeout(30*time.Second))
				assert.NoError(t, err)
			})
		}
		calls.Wait()
		assert.Less(t, time.Since(started), 30*time.Second)
		assert.Equal(t, 2, s.conns)
		c.CloseIdleConnections()
	})
}

// FATE-6: pings do not cut a response short that is long in coming.
func TestSlowHTTP2Response(t *testing.T) {
	t.Parallel()
	s := newHTTP2(t, func(c *http2Conn, stream uint32) {
		time.Sleep(2 * time.Minute)
		c.answer(stream)
	})
	synctest.Test(t, func(t *testing.T) {
		c := s.client()
		_, err := create(t.Context(), c, withAttemptTimeout(3*time.Minute), withRetry(api.RetryNone))
		require.NoError(t, err)
		c.CloseIdleConnections()
	})
}

// streamReset has the shape of net/http's own error.
type streamReset struct {
	StreamID, Code uint32
	Cause          error
}

func (streamReset) Error() string { return "reset" }

// FATE-1: a stream that the server refused was not looked at: not sent. One that
// it reset for another reason may have been.
func TestFateOfStreams(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		serve   func(*http2Conn, uint32)
		notSent bool
	}{
		"refused": {func(c *http2Conn, stream uint32) { c.reset(stream, refusedStream) }, true},
		"reset":   {func(c *http2Conn, stream uint32) { c.reset(stream, 2) }, false},
		"GOAWAY, looked at": {func(c *http2Conn, stream uint32) {
			c.goAway(stream)
			c.hangUp()
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHTTP2(t, test.serve)
			synctest.Test(t, func(t *testing.T) {
				c := s.client()
				_, err := create(t.Context(), c, withAttemptTimeout(10*time.Minute), withRetry(api.RetryNone))
				f := failure(t, err)
				assert.Equal(t, test.notSent, f.NotSent, "%v", f.Err)
				var reset streamReset
				if name == "refused" && assert.ErrorAs(t, err, &reset) {
					assert.Equal(t, uint32(refusedStream), reset.Code)
				}
				assert.Equal(t, !test.notSent, f.MaybeSent, "%v", f.Err)
				c.CloseIdleConnections()
			})
		})
	}
}

// FATE-1: net/http moves a request from a connection that goes away to another one
// by itself, also where the call must not be repeated: it was not looked at.
func TestGoAway(t *testing.T) {
	t.Parallel()
	s := newHTTP2(t, func(c *http2Conn, stream uint32) {
		if c.n == 1 {
			c.goAway(0)
			c.hangUp()
			return
		}
		c.answer(stream)
	})
	synctest.Test(t, func(t *testing.T) {
		c := s.client()
		_, err := create(t.Context(), c, withRetry(api.RetryNone))
		require.NoError(t, err)
		assert.Equal(t, 2, s.headers())
		c.CloseIdleConnections()
	})
}

// FATE-6: a read that must not be repeated is one HEADERS frame that ends its
// stream, and nothing else, whatever net/http would do about its failure.
func TestSealedReadOverHTTP2(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(*http2Conn, uint32){
		"success": func(c *http2Conn, stream uint32) { c.answer(stream) },
		"reset":   func(c *http2Conn, stream uint32) { c.reset(stream, protocolError) }, // net/http of Go 1.26 sends it again
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHTTP2(t, serve)
			route := call.Get("Things.Get", "/things/1").Billed()
			synctest.Test(t, func(t *testing.T) {
				c := s.client()
				_, err := call.Do[thing, thingWire](t.Context(), c, route, nil, nil)
				if name == "success" {
					require.NoError(t, err)
				} else {
					assert.True(t, failure(t, err).MaybeSent)
				}
				c.CloseIdleConnections()
				synctest.Wait()
				require.Len(t, s.frames, 1)
				assert.Equal(t, byte(frameHeaders), s.frames[0].kind)
				assert.NotZero(t, s.frames[0].flags&flagEnd)
			})
		})
	}
}
