package call

import (
	"context"
	"net/http"
	"time"
	"unsafe"
)

// Gates is the number of routes that the client remembers.
func (c *Client) Gates() int { return len(*c.gate.(*gates).routes.Load()) }

// Ungate lets the client's calls go without regard to one another, so that the
// cost of the gate can be measured.
func (c *Client) Ungate() *Client {
	c.gate = ungated{}
	return c
}

type ungated struct{}

func (ungated) enter(ctx context.Context, _ *exchange) (time.Time, error) {
	return time.Now(), ctx.Err()
}
func (ungated) leave(*exchange)    {}
func (ungated) giveBack(*exchange) {}

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
