package webhooks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	// leaseMargin is what a claim outlasts the function's context by. With the
	// default timeout, the lease is over when Orbit's first retry comes.
	leaseMargin = 20 * time.Second
	// settleTimeout bounds the settling of a claim, which must happen even if the
	// context of the event has ended.
	settleTimeout = 4 * time.Second
)

// handler is what Handler returns.
type handler struct {
	verifier *Verifier
	store    Store
	timeout  time.Duration
	known    map[EventType]func(context.Context, *Event) error
	other    func(context.Context, *Event) error
	onReject func(*http.Request, error)
	onError  func(context.Context, *Event, error)
}

// Handler returns an http.Handler that receives deliveries: it verifies each,
// decodes its event, calls the function that On or OnOther names for it, and
// answers so that Orbit delivers again what was not handled. The package's
// comment lists the answers.
//
// An event is handled once, however often it is delivered: by its ID, in a
// [Store]. While one delivery of an event is being handled, a second one is
// answered with 503 and not 200, since the first may still fail. An event without
// an ID is handled each time.
//
// Handler panics where the verifier is nil or an option cannot work.
func Handler(v *Verifier, opts ...HandlerOption) http.Handler {
	require(v != nil, "Handler: the verifier must not be nil")
	h := &handler{
		verifier: v,
		timeout:  DefaultTimeout,
		known:    map[EventType]func(context.Context, *Event) error{},
		other:    func(context.Context, *Event) error { return nil },
		onReject: func(*http.Request, error) {},
		onError:  func(context.Context, *Event, error) {},
	}
	for _, o := range opts {
		o(h)
	}
	if h.store == nil {
		h.store = NewMemoryStore(0, 0)
	}
	return h
}

// ServeHTTP receives one delivery.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		h.answer(w, http.StatusMethodNotAllowed)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.timeout)
	defer cancel()
	event, err := h.verifier.ParseRequest(r)
	if err != nil {
		h.onReject(r, err)
		h.answer(w, rejection(err))
		return
	}
	h.answer(w, h.receive(ctx, event))
}

// rejection is the status for a delivery that was refused. It is the same for
// everything that can be wrong with a signature, so that nobody learns from it
// how to make a better one.
func rejection(err error) int {
	switch {
	case errors.Is(err, ErrBodyTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrBodyUnreadable), errors.Is(err, ErrNotJSON):
		return http.StatusBadRequest
	default:
		return http.StatusUnauthorized
	}
}

// receive handles an event unless that was done, or is being done, and returns
// the status to answer with.
func (h *handler) receive(ctx context.Context, e *Event) int {
	if e.ID == "" {
		return h.handle(ctx, e)
	}
	claim := Claim{EventID: e.ID, Token: rand.Text(), Lease: h.timeout + leaseMargin}
	state, err := h.store.Claim(ctx, claim)
	switch {
	case err != nil:
		h.onError(ctx, e, fmt.Errorf("webhooks: claiming the event: %w", err))
		return http.StatusServiceUnavailable
	case state == ClaimStateDone:
		return http.StatusOK
	case state == ClaimStateGranted:
		return h.handleClaimed(ctx, e, claim)
	default:
		return http.StatusServiceUnavailable
	}
}

// handleClaimed handles an event and settles its claim, whatever happens: also if
// the function ends its goroutine.
func (h *handler) handleClaimed(ctx context.Context, e *Event, claim Claim) (status int) {
	outcome := OutcomeReleased
	defer func() { h.settle(ctx, e, claim, outcome) }()
	status = h.handle(ctx, e)
	if status == http.StatusOK {
		outcome = OutcomeDone
	}
	return status
}

// handle calls the event's function.
func (h *handler) handle(ctx context.Context, e *Event) int {
	if err := h.dispatch(ctx, e); err != nil {
		h.onError(ctx, e, err)
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

// settle ends a claim. If the store fails, the answer stays what it is: an event
// that was handled must not be asked for again, and one that was not is free when
// its lease ends.
func (h *handler) settle(ctx context.Context, e *Event, claim Claim, outcome Outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := h.store.Settle(ctx, claim, outcome); err != nil {
		h.onError(ctx, e, fmt.Errorf("webhooks: settling the event as %s: %w", outcome, err))
	}
}

// answer writes a status and nothing that tells more.
func (h *handler) answer(w http.ResponseWriter, status int) {
	if status == http.StatusOK {
		w.WriteHeader(status)
		return
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(int(h.timeout/time.Second)+1))
	}
	http.Error(w, http.StatusText(status), status)
}
