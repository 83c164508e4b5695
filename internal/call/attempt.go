package call

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/fetch"
)

// attempt is one HTTP request and what came of it. It is a value, made new for
// each request: what outlives it is written into kept when it ends.
type attempt struct {
	ctx      context.Context // as the observers' AttemptStart returned it
	queued   time.Duration   // waited before it: back-off, limiter and gate
	started  time.Time
	received time.Time     // when the headers came
	took     time.Duration // until all of it had come
	status   int           // 0 without a response
	header   http.Header
	limits   limits
	body     []byte
	err      error             // of sending, or of reading the body
	info     *api.ResponseInfo // of a success
	cursor   string            // of the page behind the response
	outcome  outcome
	wait     time.Duration // until the next attempt

	link      link // what net/http told of its connection
	timedOut  bool
	streaming bool // the response was left open for its reader
	followed  bool // the user's transport went where the redirect led
	hasMore   bool // there is a page behind the response
}

// kept is all that a call keeps from one attempt to the next.
type kept struct {
	// lastRefusal is the newest response that was an error; attempts without one
	// leave it.
	lastRefusal *Failure
	// backoff grows from wait to wait; nil before the first.
	backoff *backoff.ExponentialBackOff
	// firstUnclear is when the first attempt began that may have been accepted, and
	// maybeSent that there was one. Neither changes after that.
	firstUnclear time.Time
	maybeSent    bool
	// firstRefused is when the first 429 came.
	firstRefused time.Time
	// reached is set by the first attempt that had a connection to the API.
	reached bool
	// attempts counts the requests made, counted those of them that count against
	// MaxAttempts. They only grow.
	counted  int32
	attempts int
}

// attempts is the innermost transport of one call. It has no method to close
// idle connections, since the retry layer would use it and take the connections
// of other calls away.
type attempts struct{ x *exchange }

// RoundTrip makes one attempt under its own time limit and reads the response, so
// that the decision to retry can rest on all of it.
func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	x := a.x
	x.attempts++
	observed, added := x.observeStart(req.Context())
	x.last.ctx = observed
	if x.last.err = checkAdded(added); x.last.err != nil {
		return nil, x.last.err
	}
	ctx, cancel := context.WithCancelCause(observed)
	timer := time.AfterFunc(x.set.AttemptTimeout, func() { cancel(attemptTimeout{}) })
	trace := x.stack.traced(x.sealed(), cancel)
	req = req.WithContext(trace.context(ctx))
	addHeaders(req, added)
	x.watch(req, timer)
	resp, err := x.try(req, trace)
	if err == nil {
		err = x.receive(resp)
	}
	timer.Stop()
	x.last.took = time.Since(x.last.started)
	if d := x.client.cfg.Dump; d != nil {
		d.dump(x, req)
	}
	if err != nil {
		x.stack.trace = nil     // what the transport left behind may still call it
		own := x.client.timeout // of the program's http.Client, whose errors do not say so
		switch cause := context.Cause(ctx); {
		case errors.Is(cause, errSealed):
			err = errSealed
		case errors.As(cause, new(attemptTimeout)), own > 0 && x.last.took >= own:
			x.last.timedOut, err = true, attemptTimeout{}
		}
	}
	x.last.err = err
	if x.last.streaming {
		resp.Body = fetch.Patient(resp.Body, x.set.AttemptTimeout, cancel, attemptTimeout{})
		return resp, nil
	}
	cancel(nil)
	if x.last.status == 0 {
		return nil, err
	}
	return resp, nil
}

// try hands the request to the transport, and notes what that told of its
// connection.
func (x *exchange) try(req *http.Request, trace *trace) (*http.Response, error) {
	var resp *http.Response
	err := context.Cause(req.Context())
	late := err != nil
	if !late {
		resp, err = x.client.transport.RoundTrip(req)
	}
	x.last.received = time.Now()
	x.last.link = trace.end()
	if t, ok := x.client.transport.(*defaultTransport); late || ok && t.traces() {
		x.last.link.wanted = true // it never came to that
	}
	return resp, sane(resp, err)
}

// sealed reports whether net/http must not send the request a second time by
// itself, as it does when a connection dies that it used before. Writes are sealed
// by the spelling of their header.
func (x *exchange) sealed() bool { return x.route.isRead() && x.repeats != repeatUnclear }

// cancelOnClose ends an attempt's context with its body.
type cancelOnClose struct {
	io.ReadCloser

	cancel func()
}

func (b *cancelOnClose) Close() error {
	err := shut(b.ReadCloser)
	b.cancel()
	return err
}
