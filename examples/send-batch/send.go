package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// protection is for how long after an intent the same key surely keeps Orbit from
// sending twice. Orbit promises 60 seconds; the rest is for the way.
const protection = 55 * time.Second

// batch sends recipients.
type batch struct {
	options

	client   *orbit.Client
	journal  *journal
	known    map[string]past
	progress *progress
}

// run sends what is left to be sent. It returns once nothing is under way any
// more, with the reason if it stopped early.
func (b *batch) run(ctx context.Context, recipients []*recipient) error {
	going, stop := context.WithCancelCause(ctx) // stopping lets what is under way end
	defer stop(nil)
	queue := make(chan *recipient)
	var workers sync.WaitGroup
	for range b.concurrency {
		workers.Go(func() {
			for r := range queue {
				if going.Err() == nil {
					b.handle(ctx, r, stop)
				}
			}
		})
	}
	for _, r := range b.remaining(recipients) {
		queue <- r
	}
	close(queue)
	workers.Wait()
	b.progress.end()
	return context.Cause(going)
}

// handle deals with one row, and stops the rest if they would meet its error too.
func (b *batch) handle(ctx context.Context, r *recipient, stop context.CancelCauseFunc) {
	var err error
	if r.result, err = b.deliver(ctx, r); hopeless(err) {
		stop(err)
	}
	b.progress.show(r)
}

// remaining gives every recipient the result that the journal has, and returns
// those whose row may still have to be sent.
func (b *batch) remaining(recipients []*recipient) []*recipient {
	var open []*recipient
	for _, r := range recipients {
		if before, ok := b.known[r.key]; ok {
			r.result = before.result
			if r.Status == "" {
				r.result = result{Status: statusUnclear, Error: "an earlier run ended while it was being sent"}
			}
		}
		if r.Status == statusSent || r.Status == statusFailed {
			r.earlier = true
			b.progress.show(r)
			continue
		}
		open = append(open, r)
	}
	return open
}

// deliver sends one row if that is safe.
func (b *batch) deliver(ctx context.Context, r *recipient) (result, error) {
	before, seen := b.known[r.key]
	left := before.protectedFor(time.Now())
	switch {
	case left > 0:
		return b.repeat(ctx, r, left)
	case !seen || b.resendUnclear:
		return b.send(ctx, r)
	default:
		return r.result, nil
	}
}

// protectedFor is how long the key of a send without a result still protects a
// repeat. An intent from the future means that the clock was changed: nothing is
// sure then.
func (p past) protectedFor(now time.Time) time.Duration {
	age := now.Sub(p.intent)
	if p.Status != "" || age < 0 {
		return 0
	}
	return protection - age
}

// send makes the first send of a key, between two lines of the journal.
func (b *batch) send(ctx context.Context, r *recipient) (result, error) {
	if err := b.journal.intend(r.key); err != nil {
		return result{Status: statusNotSent, Error: "not attempted"}, journalError{err}
	}
	res, err := b.post(ctx, r)
	if res.Status == statusUnclear && ctx.Err() != nil {
		return res, err // the intent alone lets the next run repeat it in time
	}
	return res, b.record(r, res, err)
}

// repeat sends once more what an earlier run may have sent. It writes no intent,
// since protection began with the first one, and it ends with the protection.
// Only an answer that settles both sends is a result.
func (b *batch) repeat(ctx context.Context, r *recipient, left time.Duration) (result, error) {
	res, err := b.post(ctx, r, orbit.WithTimeout(left))
	if res.Status == statusSent || res.Status == statusFailed {
		return res, b.record(r, res, err)
	}
	res.Status = statusUnclear
	return res, err
}

// record writes a result down. That failing is worse than the call's own error.
func (b *batch) record(r *recipient, res result, err error) error {
	if failed := b.journal.settle(r.key, res); failed != nil {
		return journalError{failed}
	}
	return err
}

// post makes the call.
func (b *batch) post(ctx context.Context, r *recipient, opts ...orbit.CallOption) (result, error) {
	var answer orbit.Response
	opts = append(opts, orbit.WithIdempotencyKey(r.key), orbit.CaptureResponse(&answer))
	params := messages.SendSMSParams{To: r.to.String(), Body: r.text, From: b.from}
	msg, err := b.client.Messages.SendSMS(ctx, params, opts...)
	if err != nil {
		return result{Status: statusOf(err), RequestID: answer.RequestID, Error: err.Error()}, err
	}
	return result{Status: statusSent, MessageID: msg.ID, RequestID: answer.RequestID}, nil
}

// statusOf decides what an error means for the row. A conflict says that the key
// belongs to a request which Orbit has got already.
func statusOf(err error) status {
	switch {
	case orbit.MaybeSent(err), errors.Is(err, orbit.ErrConflict):
		return statusUnclear
	case errors.Is(err, orbit.ErrInvalid):
		return statusFailed
	default:
		return statusNotSent
	}
}

// hopeless reports whether an error has nothing to do with its row and would meet
// every other one.
func hopeless(err error) bool {
	var broken journalError
	return errors.As(err, &broken) || errors.Is(err, orbit.ErrUnauthorized) || errors.Is(err, orbit.ErrNoBalance)
}

// journalError is a journal that cannot be written: without it nothing may be
// sent.
type journalError struct{ err error }

func (e journalError) Error() string { return "the journal cannot be written: " + e.err.Error() }
func (e journalError) Unwrap() error { return e.err }
