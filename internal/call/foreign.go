package call

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/redact"
)

const (
	// maxHops is how many redirects a fetch follows.
	maxHops = 5
	// maxLeftover is how much of an unwanted body is read, so that the connection
	// can be used again.
	maxLeftover = 64 << 10
)

// Why an address is not asked, as constants. No repeat changes that.
const (
	// ErrUnsafe is an address, or the target of a redirect, that is not https.
	ErrUnsafe = api.Sentinel("the address is not an https one")
	// ErrLost is a chain of redirects without an end.
	ErrLost = api.Sentinel("the host redirects again and again")
)

// Fetch makes one GET to a host that is not the API's, such as the one that
// stores recordings: through the client's transport, but with the given headers
// only. Nothing that the client sends to the API goes along, neither its key nor
// its cookies. Up to five redirects are followed, over https alone; plain http is
// for loopback addresses, and no other host may lead there.
//
// The answer is returned whatever its status; unless it is a success its body is
// gone. limit bounds the wait for its headers, and later each wait for a piece of
// its body. No error of either holds more of an address than its host: a signed
// address is a secret.
func (c *Client) Fetch(ctx context.Context, address string, header http.Header, limit time.Duration) (*http.Response, error) {
	if c.timeout > 0 {
		limit = min(limit, c.timeout)
	}
	at, err := safe(&url.URL{}, address)
	for hops := 0; err == nil; hops++ {
		resp, failure := c.fetch(ctx, at, header, limit)
		switch {
		case failure != nil:
			return nil, failure
		case !redirects(resp):
			return resp, nil
		case hops == maxHops:
			return nil, ErrLost
		}
		at, err = safe(at, resp.Header.Get("Location"))
	}
	return nil, err
}

// Fail makes the error that users see of a failure outside the pipeline.
func (c *Client) Fail(f *Failure) error { return c.cfg.Fail(f) }

// Pause waits before the n-th repeat of a fetch, counted from 1: as long as the
// answer asks for, which may be nil, otherwise for a random time that grows. It
// reports whether a repeat makes sense. Where the wait would outlast the context,
// or the answer asks for more than longest, it does not, and no time is lost.
func Pause(ctx context.Context, n int, resp *http.Response, longest time.Duration) bool {
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

// safe reads an address, as a redirect from another one may give it, and refuses
// what could be read or answered by others on the way.
func safe(from *url.URL, address string) (*url.URL, error) {
	to, err := from.Parse(address)
	switch {
	case err != nil, to.Hostname() == "":
	case to.Scheme == "https":
		return to, nil
	case to.Scheme == "http" && check.IsLoopback(to.Hostname()) && (from.Host == "" || check.IsLoopback(from.Hostname())):
		return to, nil
	}
	return nil, ErrUnsafe
}

// redirects reports whether an answer says where to ask instead.
func redirects(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}

// fetch asks one address.
func (c *Client) fetch(ctx context.Context, at *url.URL, header http.Header, limit time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	body := &patientBody{
		limit: limit, at: at, ctx: ctx, cancel: cancel,
		timer: time.AfterFunc(limit, func() { cancel(attemptTimeout{}) }),
	}
	resp, err := c.transport.RoundTrip((&http.Request{
		Method: http.MethodGet, URL: at, Host: at.Host, Header: header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx))
	body.timer.Stop()
	if err != nil {
		defer cancel(nil)
		return nil, body.veil(err)
	}
	body.ReadCloser, resp.Body = resp.Body, body
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		_, _ = io.CopyN(io.Discard, body, maxLeftover) // what cannot be read is not wanted either
		_ = body.Close()
		resp.Body = http.NoBody
	}
	return resp, nil
}

// patientBody is a body each piece of which has its own time limit, however long
// the whole takes.
type patientBody struct {
	io.ReadCloser

	limit  time.Duration
	at     *url.URL
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

func (b *patientBody) Read(p []byte) (int, error) {
	b.timer.Reset(b.limit)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if err != nil && err != io.EOF { //nolint:errorlint // a reader's end is never wrapped
		err = b.veil(err)
	}
	return n, err
}

func (b *patientBody) Close() error {
	err := b.ReadCloser.Close()
	b.timer.Stop()
	b.cancel(nil)
	return err
}

// veil hides an error of the transport, whose text may hold the address.
func (b *patientBody) veil(err error) error {
	if cause := context.Cause(b.ctx); errors.Is(cause, attemptTimeout{}) {
		return cause
	}
	return veiled{text: redact.String(bare(err).Error(), maxMessage, traces(b.at)...), err: func() error { return bare(err) }}
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
