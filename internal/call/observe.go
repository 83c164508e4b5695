package call

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
)

// observeCall tells the observers that the call begins. Each may add to its
// context.
func (x *exchange) observeCall(ctx context.Context) context.Context {
	if len(x.client.cfg.Observers) == 0 {
		return ctx
	}
	x.started = time.Now()
	for i := range x.client.cfg.Observers {
		if f := x.client.cfg.Observers[i].CallStart; f != nil {
			ctx = f(ctx, x.callEvent())
		}
	}
	return ctx
}

func (x *exchange) callEvent() api.CallEvent {
	return api.CallEvent{
		Op: x.route.op, Method: x.route.method, Route: x.route.template, Address: x.client.authority,
		IdempotencyKey: x.idempotencyKey,
	}
}

// observeDone tells the observers how the call ended.
func (x *exchange) observeDone(ctx context.Context, err error) {
	if !slices.ContainsFunc(x.client.cfg.Observers, func(o api.Observer) bool { return o.CallDone != nil }) {
		return
	}
	e, info := x.callEvent(), x.describe()
	e.StatusCode, e.RequestID, e.RateLimit, e.Attempts = info.StatusCode, info.RequestID, info.RateLimit, x.attempts
	e.Duration, e.Err = time.Since(x.started), err
	if f := x.last.outcome.failure; f != nil && err != nil {
		e.Code = api.Code(f.Code)
	}
	for i := range x.client.cfg.Observers {
		if f := x.client.cfg.Observers[i].CallDone; f != nil {
			f(ctx, e)
		}
	}
}

// observeStart tells the observers that an attempt begins, and returns the
// headers that they add to it.
func (x *exchange) observeStart(ctx context.Context) (context.Context, http.Header) {
	var e api.AttemptEvent
	for i := range x.client.cfg.Observers {
		f := x.client.cfg.Observers[i].AttemptStart
		if f == nil {
			continue
		}
		if e.Header == nil {
			e = x.attemptEvent()
			e.Header = http.Header{}
		}
		ctx = f(ctx, e)
	}
	return ctx, e.Header
}

func (x *exchange) attemptEvent() api.AttemptEvent {
	return api.AttemptEvent{
		Op: x.route.op, Method: x.route.method, Route: x.route.template, Address: x.client.authority,
		IdempotencyKey: x.idempotencyKey, Attempt: x.attempts, Queued: x.last.queued,
	}
}

// observeAttempt tells the observers how an attempt ended.
func (x *exchange) observeAttempt() {
	if !slices.ContainsFunc(x.client.cfg.Observers, func(o api.Observer) bool { return o.AttemptDone != nil }) {
		return
	}
	e := x.endedAttempt()
	for i := range x.client.cfg.Observers {
		if f := x.client.cfg.Observers[i].AttemptDone; f != nil {
			f(x.last.ctx, e)
		}
	}
}

// observeWait tells the observers that the call waits for its next attempt.
func (x *exchange) observeWait(wait time.Duration) {
	if !slices.ContainsFunc(x.client.cfg.Observers, func(o api.Observer) bool { return o.RetryWait != nil }) {
		return
	}
	e := x.endedAttempt()
	e.Wait = wait
	for i := range x.client.cfg.Observers {
		if f := x.client.cfg.Observers[i].RetryWait; f != nil {
			f(x.ctx, e)
		}
	}
}

func (x *exchange) endedAttempt() api.AttemptEvent {
	e := x.attemptEvent()
	e.Duration = x.last.took
	e.StatusCode, e.RateLimit = x.last.status, x.last.limits.RateLimit
	if f := x.last.outcome.failure; f != nil {
		e.Code, e.Reason = api.Code(f.Code), f.Reason
		if f.StatusCode != 0 {
			e.StatusCode = f.StatusCode
		}
		if e.Reason == "" {
			e.Reason = statusLine(e.StatusCode)
		}
		e.RequestID = f.RequestID
	}
	if e.RequestID == "" {
		e.RequestID = x.shownID("")
	}
	return e
}
