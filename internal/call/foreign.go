package call

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/fetch"
	"github.com/devotel/orbit-go/internal/redact"
)

// Foreign says which file to read from a host that is not the API's.
type Foreign struct {
	// Op names the operation, Field the one that held the address, and Noun the
	// file: "recording".
	Op, Field, Noun string
	// Address is where the file is.
	Address string
	// Renew asks for the address anew when it may have expired.
	Renew func(ctx context.Context) (string, error)
}

// File returns a file that is read under the settings of a call, through the
// client's transport. Nothing that the client sends to the API goes along. It ends
// with ctx, and calls cancel when it is closed.
func (c *Client) File(ctx context.Context, cancel context.CancelFunc, set *api.CallSettings, f Foreign) *fetch.File {
	source := fetch.Source{
		Op: f.Op, Noun: f.Noun, Address: f.Address, Renew: f.Renew,
		Piece: set.AttemptTimeout, Attempts: set.MaxAttempts,
		Pause: func(ctx context.Context, n int, resp *http.Response) bool {
			return pauseBetween(ctx, n, resp, set.MaxWait)
		},
		Fail: func(e *fetch.Error) error { return c.foreignFailure(f, e) },
	}
	if c.timeout > 0 {
		source.Piece = min(source.Piece, c.timeout)
	}
	if set.Retry == api.RetryNone {
		source.Attempts = 1
	}
	return c.files.New(ctx, cancel, source)
}

// foreignFailure makes the error that users see.
func (c *Client) foreignFailure(f Foreign, e *fetch.Error) error {
	failure := &Failure{
		Kind: KindTransport, Op: f.Op, Method: http.MethodGet, Route: f.Field, Attempts: e.Requests,
		StatusCode: e.Status, Reason: e.Reason, Err: e.Err, Timeout: e.TimedOut,
	}
	if e.Status != 0 {
		failure.Kind = KindAPI
	}
	if e.Last != nil {
		failure.Last = c.foreignFailure(f, e.Last)
	}
	return c.cfg.Fail(failure)
}

// Fail makes the error that users see of a failure outside the pipeline.
func (c *Client) Fail(f *Failure) error { return c.cfg.Fail(f) }

// pauseBetween waits before the n-th retry of a request to another host, counted
// from 1: as long as the response asks for, which may be nil, otherwise for a
// random time that grows. It reports whether a retry makes sense. Where the wait
// would outlast the context, or the response asks for more than longest, it does
// not, and no time is lost.
func pauseBetween(ctx context.Context, n int, resp *http.Response, longest time.Duration) bool {
	now := time.Now()
	var wait time.Duration
	if resp != nil {
		wait = retryAfter(resp.Header, now)
	}
	if wait > longest {
		return false
	}
	if wait == 0 {
		jitter := fullJitter(baseBackoff, maxBackoff)
		for range n {
			wait = max(minBackoff, jitter.NextBackOff())
		}
	}
	if deadline, ok := ctx.Deadline(); ok && !now.Add(wait).Before(deadline) {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// veil hides an error of the transport, whose text may hold the address.
func veil(err error, at *url.URL) error {
	return veiled{text: redact.String(bare(err).Error(), maxMessage, traces(at)...), err: func() error { return bare(err) }}
}

// veiled is an error of which only the identity is left: errors.Is and errors.As
// see it, errors.Unwrap does not.
type veiled struct {
	text string
	err  func() error
}

func (v veiled) Error() string        { return v.text }
func (v veiled) Is(target error) bool { return errors.Is(v.err(), target) }
func (v veiled) As(target any) bool   { return errors.As(v.err(), target) }

// traces are the parts of an address that an error must not hold.
func traces(u *url.URL) []string {
	parts := []string{u.Path, u.RawQuery, u.Fragment, u.User.String()}
	for _, values := range u.Query() {
		parts = append(parts, values...)
	}
	return parts
}
