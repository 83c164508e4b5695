package call

import (
	"context"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/devotel/orbit-go/api"
)

// exchange is one call on its way through the pipeline. It belongs to one
// goroutine, and is used again for another call: what a result or an error keeps
// must not point into it.
type exchange struct {
	client *Client
	route  *Route
	set    api.CallSettings
	target target

	// What build and key made.
	apiKey         string
	idempotencyKey string
	body           []byte
	contentType    string

	stack   *stack                      // which outlives the call
	backoff *backoff.ExponentialBackOff // nil before the first repeat

	// What has happened so far.
	ctx          context.Context
	started      time.Time
	attempts     int // requests made
	counted      int // of them, those that count against MaxAttempts
	firstUnclear time.Time
	last         attempt
	outcome      outcome
	lastRefusal  *Failure      // the last answer that was an error
	wait         time.Duration // until the next attempt
	holdUntil    time.Time     // before which the gate lets no attempt pass
	gate         *routeGate
	info         *api.ResponseInfo
	cursor       string // of the page behind the answer

	// Together, since many calls may wait at once: the size of this is what each of
	// them costs.
	holds     uint8 // waits that 429 answers asked for
	repeats   repeats
	maybeSent bool // an attempt may have been accepted
	waiting   bool // between two attempts
	admitted  bool // the gate waits to hear of the attempt
	hasMore   bool // there is a page behind the answer
}

// attempt is one HTTP request and what came of it.
type attempt struct {
	started  time.Time
	received time.Time
	status   int // 0 without an answer
	header   http.Header
	limits   limits
	location string // where a redirect wanted to go: scheme and host
	body     []byte
	err      error // of sending, or of reading the body
	timedOut bool
	// streaming tells that the answer was left open for its reader.
	streaming bool
}

// target is where the data of a success goes.
type target interface {
	// decode reads body. info is the answer's, its request ID completed by
	// decode from the body.
	decode(x *exchange, body []byte, info *api.ResponseInfo) error
}

// run makes the call: it returns nil once target holds the data, and the error
// that users see otherwise.
func run(ctx context.Context, c *Client, r *Route, in any, opts []api.CallOption, t target) error {
	x := c.exchanges.Get().(*exchange) //nolint:forcetypeassert // the pool holds nothing else
	x.client, x.route, x.set, x.target = c, r, c.cfg.Defaults, t
	if !r.streams { // an open stream keeps its exchange
		defer x.free()
	}
	x.set.AttemptTimeout = max(x.set.AttemptTimeout, r.patience)
	for _, o := range opts {
		o.Apply(&x.set)
	}
	return x.run(ctx, in)
}

// free makes the exchange ready for another call.
func (x *exchange) free() {
	pool := x.client.exchanges
	*x = exchange{stack: x.stack}
	pool.Put(x)
}

func (x *exchange) run(ctx context.Context, in any) error {
	ctx, cancel := x.bound(ctx)
	err := x.prepare()
	ctx = x.observeCall(ctx)
	if err == nil {
		err = x.perform(ctx, in)
	}
	x.capture()
	x.observeDone(ctx, err)
	if s, ok := x.target.(*stream); ok && err == nil {
		s.value.Body = &cancelOnClose{ReadCloser: s.value.Body, cancel: cancel}
		return nil
	}
	cancel()
	return err
}

// bound applies the call's own time limit.
func (x *exchange) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if x.set.Timeout > 0 {
		return context.WithTimeout(ctx, x.set.Timeout)
	}
	return ctx, func() {}
}

// prepare settles what does not depend on the request.
func (x *exchange) prepare() error {
	if field, rule := Invalid(&x.set); field != "" {
		return x.refuseParam(field, rule, "")
	}
	x.repeats = repeatsOf(x.route, &x.set)
	key, err := x.key()
	x.idempotencyKey = key
	return err
}

// perform builds the request and sends it until it is settled.
func (x *exchange) perform(ctx context.Context, in any) error {
	address, err := x.build(ctx, in)
	if err != nil {
		return err
	}
	x.ctx = ctx
	if ctx.Err() != nil {
		return x.cancelled()
	}
	return x.send(address)
}

// capture fills the caller's Response.
func (x *exchange) capture() {
	out := x.set.Capture
	if out == nil {
		return
	}
	*out = api.NewResponse(
		api.Response{ResponseInfo: x.describe(), NextCursor: x.cursor, HasMore: x.hasMore},
		x.last.header, x.last.body)
}

// describe is what is known of the last answer.
func (x *exchange) describe() api.ResponseInfo {
	if x.info != nil {
		return *x.info
	}
	info := *x.answered()
	if f := x.lastRefusal; f != nil && x.last.status != 0 {
		info.StatusCode, info.RequestID = f.StatusCode, f.RequestID
	}
	return info
}

// answered describes the last answer by its headers.
func (x *exchange) answered() *api.ResponseInfo {
	return &api.ResponseInfo{
		StatusCode: x.last.status, RequestID: x.requestID(""), RateLimit: x.last.limits.RateLimit,
		Attempts: x.attempts, IdempotencyKey: x.idempotencyKey,
	}
}

// fail makes the error that users see of a failure, adding what is true of every
// failure of this call.
func (x *exchange) fail(f *Failure) error {
	f.Op, f.Method, f.Route = x.route.op, x.route.method, x.route.template
	f.Attempts, f.IdempotencyKey = x.attempts, x.idempotencyKey
	f.MaybeSent = x.maybeSent
	return x.client.cfg.Fail(f)
}

// Invalid names the first setting that cannot be meant, and the rule it breaks.
func Invalid(s *api.CallSettings) (field, rule string) {
	switch {
	case s.MaxAttempts < 1:
		return "WithMaxAttempts", "must be at least 1"
	case s.AttemptTimeout <= 0:
		return "WithAttemptTimeout", "must be positive"
	case s.Timeout < 0:
		return "WithTimeout", "must not be negative"
	case s.MaxWait < 0:
		return "WithMaxWait", "must not be negative"
	case s.Retry > api.RetryNone:
		return "WithRetry", "must be one of the retry policies"
	}
	return "", ""
}
