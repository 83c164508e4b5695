package webhooks_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// pipes is a listener whose connections have no sockets, so that their deadlines
// are those of the bubble's clock.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p.conns <- far
	return near, nil
}

// serve runs a server within a bubble, and returns a way to connect to it.
func serve(t *testing.T, server *http.Server) *pipes {
	t.Helper()
	p := newPipes()
	go server.Serve(p) //nolint:errcheck // it ends with the test
	t.Cleanup(func() {
		assert.NoError(t, server.Close())
		time.Sleep(time.Second) // net/http lingers on a connection that it closes
	})
	return p
}

// head is the header of a delivery that announces a body.
func head(signature string, length int) string {
	text := "POST /orbit HTTP/1.1\r\nHost: shop.example\r\nContent-Length: " + strconv.Itoa(length) + "\r\n"
	if signature != "" {
		text += webhooks.SignatureHeader + ": " + signature + "\r\n"
	}
	return text + "\r\n"
}

// forged is a signature header that only the body can refute.
func forged() string { return fmt.Sprintf("t=%d,v1=%064d", time.Now().Unix(), 0) }

// status reads the status line of a response.
func status(t *testing.T, r io.Reader) int {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(r), nil)
	require.NoError(t, err)
	_, err = io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.True(t, resp.Close, "nobody waits for the rest of the body")
	return resp.StatusCode
}

// WHK-9: who sends a header and no body is answered at once where the header
// cannot be right, and when the time for the body is over where it can.
func TestReceiveStalledBody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signature func() string
		length    int
		opts      []webhooks.HandlerOption
		status    int
		after     time.Duration
	}{
		"unsigned":       {func() string { return "" }, 1 << 20, nil, 401, 0},
		"unsigned, tiny": {func() string { return "" }, 10, nil, 401, 0},
		"old": {func() string { return webhooks.Sign(testSecret, nil, time.Now().Add(-time.Hour)) }, 1 << 10, nil,
			401, 0},
		"too large": {forged, 1<<20 + 1, nil, 413, 0},
		"forged":    {forged, 1 << 20, nil, 400, 10 * time.Second},
		"forged, own time": {forged, 1 << 20, []webhooks.HandlerOption{webhooks.WithReadTimeout(3 * time.Second)}, 400,
			3 * time.Second},
		"forged, less time for all of it": {forged, 1 << 20, []webhooks.HandlerOption{webhooks.WithTimeout(2 * time.Second)}, 400,
			2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := serve(t, &http.Server{Handler: newHandler(t, c.opts...)})
				conn, err := p.dial(t.Context(), "", "")
				require.NoError(t, err)
				defer conn.Close() //nolint:errcheck // the server has closed it
				started := time.Now()
				_, err = io.WriteString(conn, head(c.signature(), c.length)+"{")
				require.NoError(t, err)
				assert.Equal(t, c.status, status(t, conn))
				assert.Equal(t, c.after, time.Since(started))
			})
		})
	}
}

// WHK-9: another method is refused without its body as well.
func TestReceiveStalledPUT(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := serve(t, &http.Server{Handler: newHandler(t)})
		conn, err := p.dial(t.Context(), "", "")
		require.NoError(t, err)
		defer conn.Close() //nolint:errcheck // the server has closed it
		started := time.Now()
		_, err = io.WriteString(conn, strings.Replace(head("", 10), "POST", "PUT", 1))
		require.NoError(t, err)
		assert.Equal(t, http.StatusMethodNotAllowed, status(t, conn))
		assert.Zero(t, time.Since(started))
	})
}

// WHK-9: the time for the body, the server's own included, is not the time for the
// function: its context goes on, also where somebody in front has read the body.
// Connections are used again.
func TestReceiveClearsItsDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ http2, read bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				event := counter{do: func(ctx context.Context) error {
					select {
					case <-ctx.Done():
						return ctx.Err()
					case <-time.After(20 * time.Second):
						return nil
					}
				}}
				p := newPipes()
				h := newHandler(t, webhooks.OnOther(event.handle))
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if c.read {
						body, err := io.ReadAll(r.Body)
						assert.NoError(t, err)
						r.Body = io.NopCloser(bytes.NewReader(body))
					}
					h.ServeHTTP(w, r)
				}))
				require.NoError(t, server.Listener.Close())
				server.Listener, server.EnableHTTP2 = p, c.http2
				if !c.read {
					server.Config.ReadTimeout = time.Second
				}
				server.StartTLS()
				defer server.Close()
				dials := 0
				client := server.Client()
				client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					dials++
					return p.dial(ctx, network, address)
				}
				for i := range 3 {
					body := eventBody(fmt.Sprintf("evt_%d", i), "message.sent")
					slow := io.MultiReader(strings.NewReader(body[:10]), pausing(5*time.Second), strings.NewReader(body[10:]))
					r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://example.com/orbit", slow)
					require.NoError(t, err)
					r.Header.Set(webhooks.SignatureHeader, webhooks.Sign(testSecret, []byte(body), time.Now()))
					resp, err := client.Do(r)
					require.NoError(t, err)
					require.NoError(t, resp.Body.Close())
					assert.Equal(t, http.StatusOK, resp.StatusCode)
					assert.Equal(t, c.http2, resp.ProtoMajor == 2)
				}
				assert.Equal(t, 3, event.calls)
				assert.Equal(t, 1, dials)
				client.CloseIdleConnections()
			})
		})
	}
}

// WHK-9: the same over HTTP/2, where a stream stalls and the connection goes on.
func TestReceiveStalledStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		server := httptest.NewUnstartedServer(newHandler(t))
		require.NoError(t, server.Listener.Close())
		server.Listener, server.EnableHTTP2 = p, true
		server.StartTLS()
		defer server.Close()
		client := server.Client()
		client.Transport.(*http.Transport).DialContext = p.dial
		defer client.CloseIdleConnections()
		for signature, c := range map[string]struct {
			status int
			after  time.Duration
		}{"": {http.StatusUnauthorized, 0}, forged(): {http.StatusBadRequest, 10 * time.Second}} {
			body, stalled := io.Pipe()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://example.com/orbit", body)
			require.NoError(t, err)
			r.ContentLength = 1000
			r.Header.Set(webhooks.SignatureHeader, signature)
			started := time.Now()
			resp, err := client.Do(r)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, 2, resp.ProtoMajor)
			assert.Equal(t, c.status, resp.StatusCode)
			assert.Equal(t, c.after, time.Since(started))
			require.NoError(t, stalled.Close())
		}
	})
}

// pausing is a reader that has nothing to give, late.
type pausing time.Duration

func (p pausing) Read([]byte) (int, error) {
	time.Sleep(time.Duration(p))
	return 0, io.EOF
}

// WHK-9: where a handler in front hides the deadlines, deliveries are handled all
// the same.
func TestReceiveWithoutDeadlines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var event counter
		h := newHandler(t, webhooks.OnOther(event.handle))
		p := serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		})})
		conn, err := p.dial(t.Context(), "", "")
		require.NoError(t, err)
		defer conn.Close() //nolint:errcheck // the server has closed it
		started := time.Now()
		_, err = io.WriteString(conn, head("", 100)+"{")
		require.NoError(t, err)
		assert.Equal(t, http.StatusUnauthorized, status(t, conn))
		assert.Zero(t, time.Since(started))

		transport := &http.Transport{DialContext: p.dial}
		defer transport.CloseIdleConnections()
		for signature, want := range map[string]int{
			webhooks.Sign(testSecret, []byte(testBody), time.Now()): http.StatusOK, "": http.StatusUnauthorized,
		} {
			r := delivery(signature, testBody)
			r.URL.Scheme, r.URL.Host, r.RequestURI = "http", "shop.example", ""
			resp, err := transport.RoundTrip(r.WithContext(t.Context()))
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, want, resp.StatusCode)
		}
		assert.Equal(t, 1, event.calls)
	})
}

// WHK-9: 200 requests that stall without a signature hold next to nothing, and
// those that only claim to have one hold what they sent.
func TestStalledRequestsHoldLittle(t *testing.T) { //nolint:paralleltest // it measures the process
	const requests, most = 200, 4 << 20
	server := httptest.NewServer(newHandler(t))
	defer server.Close()
	conns := make([]net.Conn, requests)
	before := inUse()
	for i := range conns {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		defer conn.Close() //nolint:errcheck // the server has closed it
		conns[i] = conn
		_, err = io.WriteString(conn, head("", 1<<20)+strings.Repeat("x", 64<<10))
		require.NoError(t, err)
	}
	for _, conn := range conns {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		assert.Equal(t, http.StatusUnauthorized, status(t, conn))
	}
	assert.Less(t, inUse()-before, int64(most))
}

// inUse is what heap and stacks take after a collection.
func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// WHK-9: no time is so long that the lease of an event is over before it began.
func TestHandlerLeaseOutlastsItsTimeout(t *testing.T) {
	t.Parallel()
	for _, timeout := range []time.Duration{1, time.Hour, math.MaxInt64 - 20*time.Second, math.MaxInt64 - 1, math.MaxInt64} {
		var store scriptedStore
		h := newHandler(t, webhooks.WithStore(&store), webhooks.WithTimeout(timeout))
		w := deliver(h, testBody)
		require.Len(t, store.claims, 1)
		assert.GreaterOrEqual(t, store.claims[0].Lease, timeout)
		after, err := strconv.ParseInt(w.Header().Get("Retry-After"), 10, 64)
		require.NoError(t, err)
		assert.Positive(t, after)
	}
	synctest.Test(t, func(t *testing.T) {
		event := counter{do: func(context.Context) error { time.Sleep(time.Hour); return nil }}
		h := newHandler(t, webhooks.OnOther(event.handle), webhooks.WithTimeout(math.MaxInt64))
		first := make(chan int)
		go func() { first <- deliver(h, testBody).Code }()
		synctest.Wait()
		for range 5 {
			assert.Equal(t, http.StatusServiceUnavailable, deliver(h, testBody).Code)
		}
		assert.Equal(t, http.StatusOK, <-first)
		assert.Equal(t, 1, event.calls)
	})
}

// WHK-9: a store gets no more of an ID than a database can take, and never the
// same for two events.
func TestHandlerBoundsEventIDs(t *testing.T) {
	t.Parallel()
	const long = 128
	plain := strings.Repeat("e", long)
	seen := map[string]string{}
	for _, id := range []string{"evt_1", plain, plain + "e", strings.Repeat("e", 500_000), "evt_\x00", "evt_\u00e9", "evt_\n", "evt_1\u202e"} {
		store := scriptedStore{state: webhooks.ClaimStateGranted}
		var event counter
		h := newHandler(t, webhooks.WithStore(&store), webhooks.OnOther(event.handle))
		body := fmt.Sprintf(`{"id":%s,"type":"message.sent"}`, strconv.QuoteToASCII(id))
		assert.Equal(t, http.StatusOK, deliver(h, strings.ReplaceAll(body, `\x00`, `\u0000`)).Code)
		assert.Equal(t, 1, event.calls)
		require.Len(t, store.claims, 2)
		claimed := store.claims[0].EventID
		assert.Equal(t, claimed, store.claims[1].EventID)
		assert.LessOrEqual(t, len(claimed), long)
		assert.Equal(t, -1, strings.IndexFunc(claimed, func(c rune) bool { return c < ' ' || c > '~' }))
		assert.Equal(t, id == "evt_1" || id == plain, claimed == id)
		assert.NotContains(t, seen, claimed)
		seen[claimed] = id
	}
}

// A delivery that was refused leaves nothing behind for the next one, of another
// sender behind the same proxy.
func TestReceiveAfterARefusal(t *testing.T) {
	t.Parallel()
	for _, read := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var event counter
			event.do = func(ctx context.Context) error { return ctx.Err() }
			h := newHandler(t, webhooks.OnOther(event.handle), webhooks.OnReject(func(*http.Request, error) { synctest.Wait() }))
			p := serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if read {
					body, err := io.ReadAll(r.Body)
					assert.NoError(t, err)
					r.Body = io.NopCloser(bytes.NewReader(body))
				}
				h.ServeHTTP(w, r)
			})})
			transport := &http.Transport{DialContext: p.dial}
			defer transport.CloseIdleConnections()
			for i := range 6 {
				signature, want := "", http.StatusUnauthorized
				if i%2 == 1 {
					signature, want = webhooks.Sign(testSecret, []byte(testBody), time.Now()), http.StatusOK
				}
				r := delivery(signature, testBody)
				r.URL.Scheme, r.URL.Host, r.RequestURI = "http", "shop.example", ""
				resp, err := transport.RoundTrip(r.WithContext(t.Context()))
				require.NoError(t, err)
				_, err = io.ReadAll(resp.Body)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				assert.Equal(t, want, resp.StatusCode)
				time.Sleep(time.Minute)
			}
		})
	}
}
