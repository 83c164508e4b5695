package call

import (
	"context"
	"net/http"
	"time"
	"unsafe"
)

// Gates is the number of routes that the client remembers.
func (c *Client) Gates() int { return c.gate.Len() }

// ExchangeSize is what a call that waits costs in the pipeline, in bytes.
const ExchangeSize = unsafe.Sizeof(exchange{})

// Transport is the client's default transport, so that tests can lead it
// somewhere before its first request.
func (c *Client) Transport() *http.Transport { return c.transport.(*defaultTransport).clone }

// FileTransport is what files from other hosts come through.
func (c *Client) FileTransport() http.RoundTripper { return c.files.Transport }

// PauseBetween waits between two requests to another host.
func PauseBetween(ctx context.Context, n int, resp *http.Response, longest time.Duration) bool {
	return pauseBetween(ctx, n, resp, longest)
}
