package orbittest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/devotel/orbit-go"
)

// NewTransportError makes the error that a client returns for a call without a
// response, for fakes of a program's own interfaces:
//
//	return nil, orbittest.NewTransportError("Messages.SendSMS", "POST /messages/sms", orbit.ErrNotSent)
//
// cause is what errors.Is finds in it: [orbit.ErrNotSent] for a connection that
// was refused, any other error, such as [io.ErrUnexpectedEOF] or
// [context.DeadlineExceeded], for a call that may have been accepted. All fields
// may be changed.
func NewTransportError(op, route string, cause error) *orbit.TransportError {
	if errors.Is(cause, orbit.ErrNotSent) {
		cause = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	var e *orbit.TransportError
	method, path := fail(route, roundTrip(func(*http.Request) (*http.Response, error) { return nil, cause }), &e)
	e.Op, e.Method, e.Route = op, method, path
	return e
}

// NewDecodeError makes the error that a client returns for a success that it
// cannot read, with the given status, for fakes of a program's own interfaces. All
// fields may be changed.
func NewDecodeError(op, route string, status int) *orbit.DecodeError {
	var e *orbit.DecodeError
	method, path := fail(route, roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Header: http.Header{"X-Request-Id": {fakeRequestID}},
			Body: io.NopCloser(strings.NewReader("<html></html>")),
		}, nil
	}), &e)
	e.Op, e.Method, e.Route = op, method, path
	return e
}

// fail makes a call over the transport, so that the error is one that a client
// makes, and returns the two parts of the route.
func fail[T error](route string, transport http.RoundTripper, e *T) (method, path string) {
	method, path, _ = strings.Cut(route, " ")
	client, err := orbit.NewClient(DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: transport}))
	if err == nil {
		err = client.Call(context.Background(), method, "/", nil, nil, orbit.WithRetry(orbit.RetryNone))
	}
	if !errors.As(err, e) {
		panic("orbittest: the route must be like \"POST /messages/sms\", and the cause or status those of a failure")
	}
	return method, path
}

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
