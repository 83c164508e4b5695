package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/gate"
)

// exchange is one call on its way through the pipeline. It belongs to one
// goroutine, and is used again for another call: what a result or an error keeps
// must not point into it.
type exchange struct {
	client *Client
	route  *Route
	set    api.CallSettings
	target target

	// What the caller gave, and build and key made of it.
	in             any
	apiKey         string
	idempotencyKey string
	body           []byte
	contentType    string

	stack *stack // which outlives the call

	// What has happened so far. Many calls may wait at once, and the size of this
	// is what each of them costs.
	ctx     context.Context
	started time.Time
	kept            // by the call
	last    attempt // the newest
	gate    *gate.Route
	visit   gate.Call

	repeats  repeats
	waiting  bool // between two attempts
	admitted bool // the gate waits to hear of the attempt
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
	if ctx == nil {
		return c.refuse(r, "ctx", notNil)
	}
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

// notNil is the rule of every context.
const notNil = "must not be nil; use context.Background()"

// ending is why a context ended: its error, and the cause that the program gave.
func ending(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || errors.Is(cause, err) {
		return cmp.Or(cause, err)
	}
	return fmt.Errorf("%w: %w", err, cause)
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
		return x.refuseParam(field, rule)
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
		api.Response{ResponseInfo: x.describe(), NextCursor: x.last.cursor, HasMore: x.last.hasMore},
		x.last.header, x.last.body)
}

// describe is what is known of the last answer.
func (x *exchange) describe() api.ResponseInfo {
	if x.last.info != nil {
		info := *x.last.info
		info.RequestID = x.shownID(info.RequestID)
		return info
	}
	info := *x.answered()
	info.RequestID = x.shownID("")
	if f := x.last.outcome.failure; f != nil && f.Kind == KindAPI {
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
	return invalidHeader(s.Header)
}
