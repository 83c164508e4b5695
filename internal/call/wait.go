package call

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/devotel/orbit-go/api"
)

// Pauses of a poll, as api.WaitParams documents them.
const (
	pollInterval    = 500 * time.Millisecond
	pollMaxInterval = 10 * time.Second
	pollJitter      = 0.2
	// pollGrace is how long a resource that was just created may be missing.
	pollGrace = 10 * time.Second
)

// Poll describes a wait for a resource to reach a final status.
type Poll[T any] struct {
	// Op names the operation, such as "Messages.Wait".
	Op string
	// Params are the caller's.
	Params api.WaitParams
	// Limit bounds a wait whose context has no deadline.
	Limit time.Duration
	// Get fetches the resource.
	Get func(context.Context, []api.CallOption) (*T, error)
	// State is the resource's status, and whether it is final.
	State func(*T) (status Status, final bool)
}

// Status is how far a resource has come.
type Status interface{ Known() bool }

// Wait polls until the resource reaches a final status. A failure that is worth a
// retry does not end it. When its time is up, it returns the last state together
// with an error.
func Wait[T any](ctx context.Context, from caller, p Poll[T], opts []api.CallOption) (*T, error) {
	var last *T
	w := poller{client: from.through(), op: p.Op, limit: p.Limit}
	w.get = func(ctx context.Context, opts []api.CallOption) (Status, bool, error) {
		v, err := p.Get(ctx, opts)
		if err != nil {
			return nil, false, err
		}
		last = v
		status, final := p.State(v)
		return status, final, nil
	}
	return last, w.wait(ctx, p.Params.Interval, opts)
}

// poller is a wait without the type of its resource.
type poller struct {
	client *Client
	op     string
	limit  time.Duration
	get    func(context.Context, []api.CallOption) (status Status, final bool, err error)

	*backoff.ExponentialBackOff

	started time.Time
	status  Status // the last one seen, or nil
	failed  error  // of the last request, nil if it succeeded
}

func (w *poller) wait(ctx context.Context, interval time.Duration, opts []api.CallOption) error {
	if interval < 0 {
		return w.client.refuse(&Route{op: w.op}, "interval", "must not be negative")
	}
	if ctx == nil {
		return w.client.refuse(&Route{op: w.op}, "ctx", notNil)
	}
	ctx, cancel, opts := w.client.Several(ctx, opts)
	defer cancel()
	if _, ok := ctx.Deadline(); !ok {
		ctx, cancel = context.WithTimeout(ctx, w.limit)
		defer cancel()
	}
	w.ExponentialBackOff, w.started = pauses(interval), time.Now()
	var refused error
	err := backoff.Retry(func() error {
		status, final, err := w.get(ctx, opts)
		switch {
		case err != nil && !w.goesOn(err):
			refused = err
			return backoff.Permanent(err)
		case err != nil:
			w.fail(ctx, err)
		default:
			w.status, w.failed = status, nil
		}
		if !final {
			return errNotYet
		}
		return nil
	}, backoff.WithContext(w, ctx))
	if err != nil && refused == nil {
		return w.client.cfg.Fail(w.unfinished(ctx))
	}
	return refused
}

// goesOn reports whether a failed request leaves hope for the next one.
func (w *poller) goesOn(err error) bool {
	return w.client.cfg.Retryable(err) || (isMissing(err) && time.Since(w.started) < pollGrace)
}

// fail notes why a request failed. That the last one was cut short by the end of
// the wait goes without saying.
func (w *poller) fail(ctx context.Context, err error) {
	var f *Failure
	switch {
	case ctx.Err() == nil:
		w.failed = err
	case errors.As(err, &f) && f.Last != nil:
		w.failed = f.Last
	}
}

func pauses(interval time.Duration) *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.MaxElapsedTime = 0 // the context is the bound
	b.InitialInterval, b.MaxInterval, b.RandomizationFactor = pollInterval, pollMaxInterval, pollJitter
	if interval > 0 {
		b.InitialInterval, b.MaxInterval = interval, interval
	}
	return b
}

// NextBackOff is the pause before the next request, which is not made before the
// server wants to see it.
func (w *poller) NextBackOff() time.Duration {
	pause := w.ExponentialBackOff.NextBackOff()
	var f *Failure
	if errors.As(w.failed, &f) && !f.RetryAt.IsZero() {
		pause = max(pause, time.Until(f.RetryAt))
	}
	return pause
}

// unfinished is the failure of a wait whose time is up.
func (w *poller) unfinished(ctx context.Context) *Failure {
	f := &Failure{Kind: KindWait, Op: w.op, Err: foreignCause(ending(ctx)), Reason: "no status was seen", Last: w.failed}
	switch {
	case w.status == nil:
	case w.status.Known():
		f.Reason = fmt.Sprint("still ", w.status)
	default: // it may hold anything
		f.Reason = "still in a status unknown to this version of the SDK"
	}
	f.Reason += " after " + time.Since(w.started).Round(time.Millisecond).String()
	return f
}

const errNotYet = api.Sentinel("not yet")

// isMissing reports whether err is a 404.
func isMissing(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f.StatusCode == http.StatusNotFound
}
