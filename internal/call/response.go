package call

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// How much of a response is read.
const (
	maxSuccessBody = 16 << 20
	maxErrorBody   = 1 << 20
)

// Why a response cannot be used, as constants.
const (
	errTooLarge   = api.Sentinel("the answer is larger than the limit")
	errNoResponse = api.Sentinel("the transport returned no response")
	errNoClose    = api.Sentinel("the body cannot be closed")
)

// sane returns the error of a transport that does not keep to its contract, or
// err, and mends the response where it can.
func sane(resp *http.Response, err error) error {
	switch {
	case err != nil:
		if resp != nil && resp.Body != nil {
			_ = shut(resp.Body)
		}
		return err
	case resp == nil, resp.StatusCode <= 0:
		return errNoResponse
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	return nil
}

// shut closes a body. One that panics then, as tests make them of a reader and
// nothing else, was read all the same.
func shut(body io.Closer) (err error) {
	defer func() {
		if recover() != nil {
			err = errNoClose
		}
	}()
	return body.Close()
}

// strayed returns the redirect that led the request to another scheme or host,
// where the user's transport followed one; nil if none did. Nothing that came from
// there is believed.
func strayed(resp *http.Response) (from *http.Response, to string) {
	const most = 50 // net/http follows 10
	for range most {
		if resp.Request == nil || resp.Request.Response == nil {
			break
		}
		asked, before := resp.Request.URL, resp.Request.Response
		resp = before
		if asked == nil || before.Request == nil || before.Request.URL == nil {
			continue
		}
		if was := before.Request.URL; was.Scheme != asked.Scheme || authority(was) != authority(asked) {
			from, to = before, asked.Scheme+"://"+asked.Host
		}
	}
	return from, to
}

// authority is the host of a URL in lower case, with its port.
func authority(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "http":
		port = "80"
	default:
		port = "443"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// receive reads a response: whole, except for the success of a stream.
func (x *exchange) receive(resp *http.Response) error {
	if from, to := strayed(resp); from != nil { //nolint:bodyclose // it is a response that net/http has dealt with
		_ = shut(resp.Body)
		resp.Body, resp.StatusCode, resp.Header = http.NoBody, from.StatusCode, http.Header{}
		x.last.status, x.last.header, x.last.followed = from.StatusCode, http.Header{"Location": {to}}, true
		return nil
	}
	x.last.status, x.last.header, x.last.limits = resp.StatusCode, resp.Header, limitsOf(resp.Header)
	if isRedirect(resp.StatusCode) {
		resp.Header = resp.Header.Clone()
		resp.Header.Del("Location")
	}
	success := resp.StatusCode >= 200 && resp.StatusCode <= 299
	if success {
		x.leave() // the headers tell the gate all it wants to know
	}
	if success && x.route.streams {
		x.last.streaming = true
		return nil
	}
	limit := maxErrorBody
	if success {
		limit = maxSuccessBody
	}
	body, err := readBody(resp, limit)
	resp.Body = http.NoBody
	x.last.body = body
	if !success {
		return nil // an error whose body broke off is still that error
	}
	return err
}

func isRedirect(status int) bool { return status >= 300 && status <= 399 }

// origin is the scheme and host of a redirect's target. The rest of the URL may
// hold anything.
func origin(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "another address"
	}
	return u.Scheme + "://" + u.Host
}

// readBody reads at most limit bytes, and closes the body. A longer one is cut;
// a little more is drained so that the connection can be used again.
func readBody(resp *http.Response, limit int) ([]byte, error) {
	const drain = 64 << 10
	defer shut(resp.Body) //nolint:errcheck // nothing is left to be lost
	body, err := wire.ReadBody(resp.Body, resp.ContentLength, limit)
	if errors.Is(err, wire.ErrTooLarge) {
		_, _ = io.CopyN(io.Discard, resp.Body, drain)
		err = fmt.Errorf("%w of %d MiB", errTooLarge, limit>>20)
	}
	return body, err
}

// bare removes the wrapping of net/http, whose text holds the URL.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// statusLine is a status in words.
func statusLine(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}
