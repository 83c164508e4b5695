package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// How much of an answer is read.
const (
	maxSuccessBody = 16 << 20
	maxErrorBody   = 1 << 20
)

// Reasons that end a call, as constants.
const (
	// errKeyExpired ends a call that waited at the gate for longer than its
	// idempotency key protects it.
	errKeyExpired = api.Sentinel("the idempotency key no longer protects a repeat")
	errTooLarge   = api.Sentinel("the answer is larger than the limit")
	errNoResponse = api.Sentinel("no response")
)

// attemptTimeout is why an attempt's context ends when its time is up.
type attemptTimeout struct{}

func (attemptTimeout) Error() string { return "the attempt timed out" }
func (attemptTimeout) Timeout() bool { return true }

// Is makes the error equal to what a context's own deadline gives.
func (attemptTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// stack is the transport of one call at a time: the retry layer, which asks the
// exchange what to do, over net/http, which goes through attempts. It is made once
// for an exchange that serves many calls.
type stack struct {
	http  http.Client
	retry retryablehttp.Client
}

func newStack(x *exchange, jar http.CookieJar, timeout time.Duration) *stack {
	s := &stack{http: http.Client{Transport: attempts{x}, CheckRedirect: stay, Jar: jar, Timeout: timeout}}
	s.retry.HTTPClient = &s.http
	s.retry.RetryMax = math.MaxInt32
	s.retry.CheckRetry = x.checkRetry
	s.retry.Backoff = x.pause
	s.retry.PrepareRetry = x.admit
	s.retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	return s
}

// send makes attempts until the call is settled.
func (x *exchange) send(address *url.URL) error {
	defer x.leave()
	if err := x.admit(nil); err != nil {
		return x.settle(err)
	}
	rr := &retryablehttp.Request{Request: x.request(address)}
	if x.body != nil {
		if err := rr.SetBody(x.body); err != nil {
			return x.fail(&Failure{Kind: KindTransport, NotSent: true, Err: maskedCause(err)})
		}
	}
	resp, err := x.stack.retry.Do(rr) //nolint:bodyclose // bodies are read in attempts; a stream is closed by its reader
	if resp == nil && err == nil {
		err = errNoResponse
	}
	return x.settle(err)
}

// stay makes net/http hand redirects back: it would send the key along.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// admit asks the gate to let the next attempt pass.
func (x *exchange) admit(*http.Request) error {
	if l := x.client.cfg.Limiter; l != nil {
		if err := l.Wait(x.ctx, x.route.key()); err != nil {
			return err
		}
	}
	now, err := x.client.gate.enter(x.ctx, x)
	if err != nil {
		return err
	}
	if x.maybeSent && !x.keyHolds(now) {
		x.client.gate.giveBack(x)
		return errKeyExpired
	}
	x.admitted, x.waiting = true, false
	x.last = attempt{started: now}
	return nil
}

// leave tells the gate of an attempt that it let in, once.
func (x *exchange) leave() {
	if x.admitted {
		x.admitted = false
		x.client.gate.leave(x)
	}
}

// settle turns the end of the last attempt into the call's result.
func (x *exchange) settle(err error) error {
	switch {
	case x.waiting && x.ctx.Err() != nil, x.attempts == 0 && x.ctx.Err() != nil:
		return x.cancelled()
	case x.attempts == 0:
		return x.turnedAway(err)
	case x.outcome.failure != nil:
		f := x.outcome.failure
		var long *tooLong
		switch {
		case errors.As(err, &long):
			f.Unrepeated = long.Error()
		case errors.Is(err, errKeyExpired):
			f.Unrepeated = errKeyExpired.Error()
		}
		if f.Kind == KindTransport && x.ctx.Err() != nil {
			return x.cancelled()
		}
		if f.Kind != KindAPI {
			f.Last = x.lastError()
		}
		return x.fail(f)
	case x.outcome.fate == accepted:
		return nil
	default:
		return x.fail(&Failure{Kind: KindTransport, Reason: "no answer", Err: maskedCause(err, x.secrets()...)})
	}
}

// turnedAway is the failure of a call that the gate did not let wait.
func (x *exchange) turnedAway(err error) error {
	f := &Failure{Kind: KindTransport, NotSent: true, Reason: "no attempt could be made", Err: maskedCause(err, x.secrets()...)}
	var long *tooLong
	if errors.As(err, &long) {
		f = &Failure{
			Kind: KindAPI, NotSent: true, StatusCode: http.StatusTooManyRequests, Message: long.Error(),
			RateLimit: long.limit, RetryAt: long.until, RetryAfter: time.Until(long.until),
		}
	}
	return x.fail(f)
}

// cancelled is the failure of a call whose context ended.
func (x *exchange) cancelled() error {
	return x.fail(&Failure{
		Kind: KindTransport, NotSent: x.attempts == 0, Reason: "the call was given up",
		Err: maskedCause(x.ctx.Err()), Last: x.lastError(),
	})
}

// lastError is the error of the last answer that was one, or nil.
func (x *exchange) lastError() error {
	if x.lastRefusal == nil {
		return nil
	}
	return x.fail(x.lastRefusal)
}

// attempts is the innermost transport of one call. It has no method to close
// idle connections, since the retry layer would use it and take the connections
// of other calls away.
type attempts struct{ x *exchange }

// RoundTrip makes one attempt under its own time limit and reads the answer, so
// that the decision to repeat can rest on all of it.
func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	x := a.x
	ctx, cancel := context.WithCancelCause(req.Context())
	timer := time.AfterFunc(x.set.AttemptTimeout, func() { cancel(attemptTimeout{}) })
	x.attempts++
	observed, added := x.observeStart(ctx)
	req = req.WithContext(observed)
	x.addHeaders(req, added)
	x.seal(req)
	resp, err := x.client.transport.RoundTrip(req)
	x.last.received = time.Now()
	if err == nil {
		err = x.receive(resp)
	}
	timer.Stop()
	if d := x.client.cfg.Dump; d != nil {
		d.dump(x, req)
	}
	if err != nil && errors.Is(context.Cause(ctx), attemptTimeout{}) {
		x.last.timedOut, err = true, attemptTimeout{}
	}
	x.last.err = err
	if x.last.streaming {
		resp.Body = &cancelOnClose{ReadCloser: resp.Body, cancel: func() { cancel(nil) }}
		return resp, nil
	}
	cancel(nil)
	if x.last.status == 0 {
		return nil, err
	}
	return resp, nil
}

// addHeaders adds what observers asked for to a copy of the headers, since
// net/http may still read those of the attempt before.
func (x *exchange) addHeaders(req *http.Request, added http.Header) {
	if len(added) == 0 {
		return
	}
	req.Header = req.Header.Clone()
	for name, values := range added {
		switch name = http.CanonicalHeaderKey(name); name {
		case headerAPIKey, headerIdempotency:
		default:
			req.Header[name] = values
		}
	}
}

// seal keeps net/http from repeating the request by itself where the call must
// not be repeated. Writes are sealed by the spelling of their header; a read is
// by a body that net/http cannot rewind, empty and never sent.
func (x *exchange) seal(req *http.Request) {
	if x.route.isRead() && x.repeats != repeatUnclear {
		req.Body = io.NopCloser(bytes.NewReader(nil))
	}
}

// receive reads an answer: whole, but for the success of a stream.
func (x *exchange) receive(resp *http.Response) error {
	x.last.status, x.last.header, x.last.limits = resp.StatusCode, resp.Header, limitsOf(resp.Header)
	if isRedirect(resp.StatusCode) {
		x.last.location = origin(resp.Header.Get("Location"))
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
	defer resp.Body.Close() //nolint:errcheck // nothing is left to be lost
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

// cancelOnClose ends an attempt's context with its body.
type cancelOnClose struct {
	io.ReadCloser

	cancel func()
}

func (b *cancelOnClose) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}
