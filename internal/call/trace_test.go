package call_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/call"
)

// FATE-6: a read that must not be repeated reaches the server once, also where
// net/http has other kept connections at hand for a second try.
func TestSealedReadWithKeptConnections(t *testing.T) {
	t.Parallel()
	const kept = 40
	var open sync.WaitGroup // until each connection has its first request
	open.Add(kept)
	var hits atomic.Int32 // second requests of a connection
	l := listen(t, func(c net.Conn) {
		defer c.Close() //nolint:errcheck // that is the point
		r := bufio.NewReader(c)
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		open.Done()
		open.Wait()
		_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(good), good)
		if _, err := http.ReadRequest(r); err == nil {
			hits.Add(1)
		}
	})
	c := play().client(at("http://"+l.Addr().String(), nil))
	defer c.CloseIdleConnections()
	var calls sync.WaitGroup
	for i := range kept {
		calls.Go(func() {
			route := call.Get("Things.Get", fmt.Sprintf("/things/%d", i)) // each with a limit of its own
			_, err := call.Do[thing, thingWire](t.Context(), c, route, nil, nil)
			assert.NoError(t, err)
		})
	}
	calls.Wait()
	route := call.Get("Things.Get", "/things/1").Billed()
	for i := range int32(kept / 2) {
		_, err := call.Do[thing, thingWire](t.Context(), c, route, nil, nil)
		f := failure(t, err)
		assert.True(t, f.MaybeSent)
		assert.ErrorContains(t, f.Err, "must not be sent twice")
		assert.Equal(t, i+1, hits.Load())
	}
}

// FATE-6: once HTTP/1 has a connection it writes without a look at the context, so
// that a second connection of such a read is closed before it can be written to.
func TestSealedReadClosesSecondConnection(t *testing.T) {
	t.Parallel()
	ours, theirs := net.Pipe()
	again := roundTrip(func(req *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(req.Context())
		for range 2 { // as net/http does where a kept connection is at hand
			trace.GetConn("orbit.test:80")
			trace.GotConn(httptrace.GotConnInfo{Conn: ours, Reused: true, WasIdle: true})
		}
		_, err := ours.Write([]byte("GET"))
		return nil, err
	})
	_, err := call.Do[thing, thingWire](t.Context(), play().client(at("http://orbit.test", again)), call.Get("Things.Get", "/things/1").Billed(), nil, nil)
	assert.True(t, failure(t, err).MaybeSent)
	_, err = theirs.Read(make([]byte, 1))
	assert.ErrorIs(t, err, io.EOF)
}
