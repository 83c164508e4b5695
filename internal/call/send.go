package call

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/gate"
)

// Reasons that end a call, as constants.
const (
	// errKeyExpired ends a call that waited at the gate for longer than its
	// idempotency key protects it.
	errKeyExpired = api.Sentinel("the idempotency key no longer protects a repeat")
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
	trace *trace
}

// traced returns the trace of an attempt that begins.
func (s *stack) traced(sealed bool, cancel context.CancelCauseFunc) *trace {
	if s.trace == nil {
		s.trace = newTrace()
	}
	s.trace.begin(sealed, cancel)
	return s.trace
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
	defer x.finish()
	x.last.started = time.Now() // the call waits from here on
	if err := x.admit(nil); err != nil {
		return x.settle(err)
	}
	rr := &retryablehttp.Request{Request: x.request(address)}
	if x.body != nil {
		if err := rr.SetBody(x.body); err != nil {
			return x.fail(&Failure{Kind: KindTransport, NotSent: true, Err: x.cause(err)})
		}
	}
	resp, err := x.stack.retry.Do(rr) //nolint:bodyclose // bodies are read in attempts; a stream is closed by its reader
	if resp == nil && err == nil {
		err = errNoResponse
	}
	return x.settle(err)
}

// finish leaves nothing behind at the gate.
func (x *exchange) finish() {
	x.leave()
	if x.gate != nil {
		x.gate.End(&x.visit)
	}
}

// stay makes net/http hand redirects back: it would send the key along.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// settle turns the end of the last attempt into the call's result.
func (x *exchange) settle(err error) error {
	switch {
	case x.waiting && x.ctx.Err() != nil, x.attempts == 0 && x.ctx.Err() != nil:
		return x.cancelled()
	case x.attempts == 0:
		return x.turnedAway(err)
	case x.last.outcome.failure != nil:
		f := x.last.outcome.failure
		var closed *gate.Closed
		switch {
		case errors.As(err, &closed):
			f.Unrepeated = closed.Error()
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
	case x.last.outcome.fate == accepted:
		return nil
	default:
		return x.fail(&Failure{Kind: KindTransport, Reason: "no answer", Err: x.cause(err)})
	}
}

// turnedAway is the failure of a call that the gate or the limiter did not let pass.
func (x *exchange) turnedAway(err error) error {
	var closed *gate.Closed
	switch {
	case !errors.As(err, &closed):
		return x.fail(&Failure{Kind: KindTransport, NotSent: true, Reason: "no attempt could be made", Err: x.cause(err)})
	case closed.Outage:
		return x.fail(&Failure{Kind: KindTransport, NotSent: true, Reason: closed.Error(), RetryAt: closed.Until})
	}
	return x.fail(&Failure{
		Kind: KindAPI, NotSent: true, StatusCode: http.StatusTooManyRequests, Message: closed.Error(),
		RateLimit: api.RateLimit{Limit: closed.Limit, Remaining: closed.Remaining, Reset: closed.Until},
		RetryAt:   closed.Until, RetryAfter: time.Until(closed.Until),
	})
}

// cancelled is the failure of a call whose context ended.
func (x *exchange) cancelled() error {
	return x.fail(&Failure{
		Kind: KindTransport, NotSent: !x.reached, Reason: "the call was given up",
		Err: x.cause(ending(x.ctx)), Last: x.lastError(),
	})
}

// lastError is the error of the last answer that was one, or nil.
func (x *exchange) lastError() error {
	if x.lastRefusal == nil {
		return nil
	}
	return x.fail(x.lastRefusal)
}
