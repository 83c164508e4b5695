package call

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/devotel/orbit-go/internal/mask"
)

// Bounds of a poll.
const (
	// pollInterval is the first pause between two looks.
	pollInterval = 500 * time.Millisecond
	// pollMaxInterval is what the pause grows to.
	pollMaxInterval = 10 * time.Second
	// pollBound ends a poll whose context has no deadline.
	pollBound = 5 * time.Minute
	// pollGrace is how long a resource that was just created may be missing.
	pollGrace = 10 * time.Second
)

// Poll describes a wait for a resource to reach its end.
type Poll[T any] struct {
	// Op names the operation, such as "Messages.Wait".
	Op string
	// Interval is the first pause; 0 for the default. A set one does not grow.
	Interval time.Duration
	// Get looks at the resource.
	Get func(context.Context) (*T, error)
	// State is the resource's status, and whether it is an end.
	State func(*T) (status string, ended bool)
}

// Wait polls until the resource has ended. When the context ends first, or the
// default bound where the context has no deadline, it returns the last state
// together with the error.
func Wait[T any](ctx context.Context, c *Client, p Poll[T]) (*T, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, pollBound)
		defer cancel()
	}
	var last *T
	started := time.Now()
	look := func() error {
		v, err := p.Get(ctx)
		if err != nil {
			if isMissing(err) && last == nil && time.Since(started) < pollGrace {
				return errNotYet
			}
			return backoff.Permanent(err)
		}
		last = v
		if _, ended := p.State(v); !ended {
			return errNotYet
		}
		return nil
	}
	err := backoff.Retry(look, backoff.WithContext(p.backoff(), ctx))
	switch {
	case err == nil:
		return last, nil
	case ctx.Err() != nil:
		return last, c.cfg.Fail(p.unfinished(last, ctx.Err()))
	default:
		return last, err
	}
}

// backoff spaces the looks.
func (p Poll[T]) backoff() backoff.BackOff {
	b := backoff.NewExponentialBackOff()
	b.MaxElapsedTime = 0 // the context is the bound
	b.InitialInterval, b.MaxInterval, b.RandomizationFactor = pollInterval, pollMaxInterval, 0.2
	if p.Interval > 0 {
		b.InitialInterval, b.MaxInterval = p.Interval, p.Interval
	}
	b.Reset()
	return b
}

// unfinished is the failure of a poll that was given up.
func (p Poll[T]) unfinished(last *T, err error) *Failure {
	f := &Failure{Kind: KindWait, Op: p.Op, Err: maskedCause(err), Reason: "nothing was seen of it"}
	if last != nil {
		status, _ := p.State(last)
		f.Reason = "still " + mask.Line(status, maxWord)
	}
	return f
}

const errNotYet = pollError("not yet")

type pollError string

func (e pollError) Error() string { return string(e) }

// isMissing reports whether err is a 404.
func isMissing(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f.StatusCode == http.StatusNotFound
}
