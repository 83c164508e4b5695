package bulk

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
)

// Times that bound one claim. Orbit promises to remember an idempotency key for 60
// seconds.
const (
	// protection is how long after the intent the key still keeps a retry from being
	// a second message.
	protection = 55 * time.Second
	// lease outlasts the protection, so that no two claims send at once and what was
	// sent last has arrived before anybody looks for it.
	lease = 65 * time.Second
	// settleTime bounds the settling of a claim whose context has ended.
	settleTime = 10 * time.Second
	// pause is between two sends of an unclear row, notSentPause before the next try
	// of one that was not sent and has no time to come back, and lookPause between
	// two looks for a message.
	pause        = time.Second
	notSentPause = 5 * time.Second
	lookPause    = 30 * time.Second
	// lookTime is how long a message is looked for before its row is Unclear.
	lookTime = 10 * time.Minute
)

// DefaultMaxWait is how long [Once] waits in all between two claims.
const DefaultMaxWait = 75 * time.Second

// Options are the settings of [Once]. The zero value is usable, but a rerun that
// comes late can then only be [Unclear].
type Options struct {
	// Find names where a late rerun looks for what was sent before, such as
	// [InMessages]. nil looks nowhere.
	Find Finder
	// MaxWait bounds the time that Once waits, without a claim, for a limit or an
	// outage to end. 0 means [DefaultMaxWait]; a negative value never waits.
	MaxWait time.Duration
	// Prefix sets the keys of one campaign apart from those of another in the same
	// ledger, up to 24 characters of ASCII. Empty means "orbit".
	Prefix string
	// Call holds options for the send. The idempotency key is set by Once.
	Call []api.CallOption
}

// Result is what became of a row.
type Result[R any] struct {
	// Outcome says whether the row was sent.
	Outcome Outcome
	// MessageID is the ID that Orbit gave, with Sent, Known and Found.
	MessageID string
	// Response is what Orbit sent back. Only with Sent, and nil where the response
	// could not be read in full.
	Response *R
	// RetryAt is when to try again, with Later. Zero means that time alone does not
	// help: see Err.
	RetryAt time.Time
	// Err says why, with Rejected, Later and Unclear. After a rejection that only
	// the ledger remembers it is an [*orbit.Error] with status and code.
	Err error
}

// SendFunc is a method that sends, such as client.Messages.SendSMS.
type SendFunc[P, R any] = func(ctx context.Context, params P, opts ...api.CallOption) (*R, error)

// Once sends a row unless it was sent before, as far as the ledger, the idempotency
// key and the list of messages can tell: see the package comment for the rules. key is
// the caller's own name for the row, such as an order number with the purpose of the
// message. The result type must have an ID field, as that of every send has.
//
// The error is nil whenever the row has an outcome, Rejected and Unclear included. It
// is the ledger's or the context's where that failed, and [ErrOtherParams] where the
// key was used with other params. Where the ledger fails after the send, both the
// outcome and the error are returned.
func Once[P, R any](ctx context.Context, ledger Ledger, key string, params P, send SendFunc[P, R], opts Options) (Result[R], error) {
	id, err := identify(opts.Prefix, key, params)
	if err != nil {
		return Result[R]{}, err
	}
	var response *R
	w := worker{ledger: ledger, find: opts.Find, row: id, send: func(ctx context.Context) (string, error) {
		var err error
		response, err = send(ctx, params, id.options(opts.Call)...)
		return messageID(response, err), err
	}}
	wait := opts.MaxWait
	if wait == 0 {
		wait = DefaultMaxWait
	}
	v, err := w.run(ctx, wait)
	r := Result[R]{Outcome: v.Outcome, MessageID: v.MessageID, RetryAt: v.retryAt, Err: v.err}
	if v.Outcome == Sent {
		r.Response = response
	}
	return r, err
}

// messageID is the ID of what a send created, which an unreadable response may hold,
// too.
func messageID[R any](response *R, err error) string {
	var unreadable *orbit.DecodeError
	switch {
	case err == nil && response != nil:
		if f := reflect.ValueOf(response).Elem().FieldByName("ID"); f.IsValid() && f.Kind() == reflect.String {
			return f.String()
		}
	case errors.As(err, &unreadable):
		return unreadable.ID
	}
	return ""
}

// worker carries one row to its outcome.
type worker struct {
	ledger Ledger
	find   Finder
	row    identity
	send   func(context.Context) (messageID string, err error)
}

// run makes one claim after another until the row has an outcome, or its next try is
// further away than the wait that is left.
func (w *worker) run(ctx context.Context, wait time.Duration) (verdict, error) {
	for {
		v, again, err := w.claim(ctx)
		left := time.Until(v.retryAt)
		if err != nil || !again || left > wait {
			return v, err
		}
		wait -= left
		if err := sleep(ctx, left); err != nil {
			return v, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// claim takes the row and does what may be done with it. It reports whether another
// claim, at retryAt, can help.
func (w *worker) claim(ctx context.Context) (v verdict, again bool, err error) {
	c := Claim{Key: w.row.key, Fingerprint: w.row.fingerprint, Keyed: w.row.metadata, Token: rand.Text(), Lease: lease}
	began := time.Now()
	entry, err := w.ledger.Claim(ctx, c)
	if err != nil {
		return v, false, err
	}
	switch entry.State {
	case Granted:
	case Running:
		return verdict{Settlement: Settlement{Outcome: Later}, retryAt: began.Add(entry.Left), err: errRunning}, false, nil
	case Settled:
		return known(entry.Settlement), false, nil
	case Different:
		return v, false, ErrOtherParams
	default:
		return v, false, errState
	}
	if entry.Earlier && (entry.Age >= protection || entry.Age < 0) {
		v = w.late(ctx, c, entry.Age, began)
	} else {
		v = w.attempts(ctx, began.Add(protection-entry.Age), entry.Earlier)
	}
	return v, v.Outcome == Later && !v.retryAt.IsZero(), w.settle(ctx, c, v)
}

// settle writes the verdict down, also where the context has ended.
func (w *worker) settle(ctx context.Context, c Claim, v verdict) error {
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := w.ledger.Settle(settling, c, v.forLedger())
	if err == nil && v.unsettled() && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// known is the verdict on a row that the ledger has settled.
func known(s Settlement) verdict {
	if s.Outcome == Rejected {
		return verdict{Settlement: s, err: &orbit.Error{Op: "bulk.Once", StatusCode: s.StatusCode, Code: orbit.Code(s.Code)}}
	}
	s.Outcome = Known
	return verdict{Settlement: s}
}

// attempts sends until there is a response, under the key that protects until the
// deadline. open means that an earlier claim may have sent the row.
func (w *worker) attempts(ctx context.Context, deadline time.Time, open bool) verdict {
	for {
		v := w.attempt(ctx, deadline, open)
		open = v.open
		if v.Outcome != Unclear {
			return v
		}
		if !orbit.Retryable(v.err) || time.Until(deadline) <= pause || sleep(ctx, pause) != nil {
			return w.unclear(v.err)
		}
	}
}

// attempt sends once.
func (w *worker) attempt(ctx context.Context, deadline time.Time, open bool) verdict {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	if !time.Now().Round(0).Before(deadline.Round(0)) { // by the wall clock: the other one stops while a machine sleeps
		cancel()
	}
	id, err := w.send(ctx)
	v := judge(id, err)
	v.open = open || v.Outcome == Unclear
	if v.open && v.Outcome == Rejected { // this attempt was; an earlier one may not have been
		v.Settlement = Settlement{Outcome: Unclear}
	}
	return v
}

// unclear is the verdict on a row that may have been sent. Where there is a place to
// look, a later claim looks there.
func (w *worker) unclear(cause error) verdict {
	v := verdict{Settlement: Settlement{Outcome: Unclear}, open: true, err: ErrUnclear}
	if cause != nil {
		v.err = fmt.Errorf("%w: %w", ErrUnclear, cause)
	}
	if w.find != nil {
		v.Outcome, v.retryAt = Later, time.Now().Add(lookPause)
	}
	return v
}

// late looks for a row whose key no longer protects it.
func (w *worker) late(ctx context.Context, c Claim, age time.Duration, began time.Time) verdict {
	if w.find == nil {
		return w.unclear(nil)
	}
	looking, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	catalog, _ := w.ledger.(Catalog)
	s := newSearch(w.find, catalog)
	s.began = began
	s.want(c.Key, age)
	err := s.run(looking)
	return w.conclude(ctx, c, s, err)
}

// conclude is what follows from a search: the row is found; or its absence is proved
// and it is sent; or it stays unclear.
func (w *worker) conclude(ctx context.Context, c Claim, s *search, err error) verdict {
	v := w.unclear(err)
	switch id := s.found[c.Key]; {
	case id != "":
		return verdict{Settlement: Settlement{Outcome: Found, MessageID: id}}
	case err != nil:
	case s.absent(c.Key, w.row.metadata):
		return w.resend(ctx, c)
	case s.ended(c.Key):
		v.Outcome, v.retryAt = Unclear, time.Time{}
	}
	return v
}

// resend sends a row that is proved absent, under a new intent.
func (w *worker) resend(ctx context.Context, c Claim) verdict {
	began := time.Now()
	c.Renew = true
	entry, err := w.ledger.Claim(ctx, c)
	if err != nil || entry.State != Granted {
		v := w.unclear(nil)
		v.err = cmp.Or(err, error(errRunning))
		return v
	}
	return w.attempts(ctx, began.Add(protection), false)
}
