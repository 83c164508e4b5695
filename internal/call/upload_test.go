package call_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// FATE-9: while a large body moves, the attempt's limit bounds silence; after its
// last byte the limit begins anew for the response. Small bodies have the limit as
// a whole, and an http.Client's own Timeout stays in force.
func TestLargeBody(t *testing.T) {
	t.Parallel()
	const limit = 30 * time.Second
	for name, test := range map[string]struct {
		size    int
		rate    int // bytes a second that the server takes
		stop    int // bytes after which it takes no more; 0 for never
		think   time.Duration
		timeout time.Duration // of the http.Client
		least   time.Duration // that the call takes
		most    time.Duration
		ok      bool
	}{
		"moves":            {size: 256 << 10, rate: 2 << 10, think: 25 * time.Second, least: 150 * time.Second, most: 160 * time.Second, ok: true},
		"just moves":       {size: 64 << 10, rate: 1100, least: 59 * time.Second, most: 62 * time.Second, ok: true},
		"crawls":           {size: 256 << 10, rate: 300, least: limit, most: 2 * limit},
		"stops":            {size: 256 << 10, rate: 8 << 10, stop: 128 << 10, least: 15*time.Second + limit, most: 17*time.Second + limit},
		"no response":      {size: 256 << 10, rate: 8 << 10, think: 40 * time.Second, least: 30*time.Second + limit, most: 33*time.Second + limit},
		"a small body":     {size: 63 << 10, rate: 1100, least: limit, most: limit},
		"a program's time": {size: 256 << 10, rate: 2 << 10, timeout: 40 * time.Second, least: 40 * time.Second, most: 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var server sync.WaitGroup
				dial := func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					server.Go(func() {
						defer theirs.Close() //nolint:errcheck // the other side may have done it
						req, err := http.ReadRequest(bufio.NewReader(theirs))
						if err != nil {
							return
						}
						const step = 100
						for n := 0; ; n += step {
							if _, err := io.CopyN(io.Discard, req.Body, step); err == io.EOF {
								break
							} else if err != nil {
								return
							}
							if test.stop > 0 && n >= test.stop {
								time.Sleep(time.Hour)
								return
							}
							time.Sleep(time.Second * step / time.Duration(test.rate))
						}
						time.Sleep(test.think)
						_, _ = fmt.Fprintf(theirs, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(good), good)
					})
					return ours, nil
				}
				transport := &http.Transport{DialContext: dial}
				c := play().client(at("http://orbit.test", nil), func(cfg *call.Config) {
					cfg.HTTP = &http.Client{Transport: transport, Timeout: test.timeout}
				})
				started := time.Now()
				body := call.RawBody{ContentType: "text/plain", Data: []byte(strings.Repeat("x", test.size))}
				_, err := call.Do[thing, thingWire](t.Context(), c, call.Post("Things.Upload", "/things"), body,
					[]api.CallOption{withAttemptTimeout(limit), withRetry(api.RetryNone)})
				took := time.Since(started)
				transport.CloseIdleConnections()
				server.Wait()
				if test.ok {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, context.DeadlineExceeded)
					assert.True(t, failure(t, err).MaybeSent)
					assert.True(t, failure(t, err).Timeout)
				}
				assert.GreaterOrEqual(t, took, test.least)
				assert.LessOrEqual(t, took, test.most)
			})
		})
	}
}
