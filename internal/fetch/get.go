package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	// maxHops is how many redirects a file may be behind.
	maxHops = 5
	// maxLeftover is how much of an unwanted body is read, so that the connection
	// can be used again.
	maxLeftover = 64 << 10
)

// Client asks hosts that are not the API's, such as the one that stores
// recordings. It sends nothing that the API gets, neither a key nor cookies.
type Client struct {
	// Transport sends the requests.
	Transport http.RoundTripper
	// Hosts says who may be asked.
	Hosts *Hosts
	// TimedOut is the error of a host that sends nothing for too long.
	TimedOut error
	// Hide replaces an error of the transport, whose text may hold the address: a
	// signed address is a secret.
	Hide func(err error, at *url.URL) error
}

// get makes one GET with the given headers alone. Redirects are followed, each as
// safe as the address itself must be. The response is returned whatever its
// status; unless it is a success its body is gone. limit bounds the wait for its
// headers, and later each wait for a piece of its body.
func (c *Client) get(ctx context.Context, address string, header http.Header, limit time.Duration) (*http.Response, error) {
	at, err := c.Hosts.next(&url.URL{}, address)
	for hops := 0; err == nil; hops++ {
		resp, failure := c.ask(ctx, at, header, limit)
		switch {
		case failure != nil:
			return nil, failure
		case !redirects(resp):
			return resp, nil
		case hops == maxHops:
			return nil, ErrLost
		}
		at, err = c.Hosts.next(at, resp.Header.Get("Location"))
	}
	return nil, err
}

// redirects reports whether a response says where to ask instead.
func redirects(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}

// ask makes one request.
func (c *Client) ask(ctx context.Context, at *url.URL, header http.Header, limit time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	hide := func(err error) error {
		if errors.Is(context.Cause(ctx), c.TimedOut) {
			return c.TimedOut
		}
		return c.Hide(err, at)
	}
	timer := time.AfterFunc(limit, func() { cancel(c.TimedOut) })
	resp, err := c.Transport.RoundTrip((&http.Request{
		Method: http.MethodGet, URL: at, Host: at.Host, Header: header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx))
	timer.Stop()
	if err != nil {
		defer cancel(nil)
		return nil, hide(err)
	}
	resp.Body = hidden{Patient(resp.Body, limit, cancel, c.TimedOut), hide}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		_, _ = io.CopyN(io.Discard, resp.Body, maxLeftover) // what cannot be read is not wanted either
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}
	return resp, nil
}

// hidden is a body whose errors do not say where it comes from.
type hidden struct {
	io.ReadCloser

	hide func(error) error
}

func (b hidden) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // a reader's end is never wrapped
		err = b.hide(err)
	}
	return n, err
}
