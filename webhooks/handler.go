package webhooks

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// leaseMargin is what a claim outlasts the function's context by. With the
	// default timeout, the lease is over when Orbit's first retry comes.
	leaseMargin = 20 * time.Second
	// settleTimeout bounds the settling of a claim, which must happen even if the
	// context of the event has ended.
	settleTimeout = 4 * time.Second
	// maxEventID is the longest event ID, in bytes, that a store gets as it is.
	maxEventID = 128
)

// handler is what Handler returns.
type handler struct {
	verifier *Verifier
	store    Store
	timeout  time.Duration
	reading  time.Duration // of a body
	known    map[EventType]func(context.Context, *Event) error
	other    func(context.Context, *Event) error // nil without OnOther
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
		reading:  DefaultReadTimeout,
		known:    map[EventType]func(context.Context, *Event) error{},
		onReject: func(*http.Request, error) {},
		onError:  func(context.Context, *Event, error) {},
	}
	for _, o := range opts {
		if o != nil {
			o(h)
		}
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
		stopReading(w, r)
		h.answer(w, http.StatusMethodNotAllowed)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.timeout)
	defer cancel()
	event, err := h.read(w, r)
	if err != nil {
		h.onReject(r, err)
		h.answer(w, rejection(err))
		return
	}
	h.answer(w, h.receive(ctx, event))
}

// read verifies a delivery, the cheapest checks first, and decodes its event. The
// body is read only under a header that can be right, and within a time: anybody
// can send one. A writer that knows no deadlines goes without.
func (h *handler) read(w http.ResponseWriter, r *http.Request) (*Event, error) {
	header, err := h.verifier.checkRequest(r)
	if err != nil {
		stopReading(w, r)
		return nil, err
	}
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(min(h.reading, h.timeout)))
	body, err := h.verifier.readBody(r)
	if err != nil {
		stopReading(w, r)
		return nil, err
	}
	// Where a handler in front has read the body, and so net/http waits for the
	// sender to hang up, the deadline would end the context of the function.
	_ = deadline.SetReadDeadline(time.Time{})
	return h.verifier.decode(header, body)
}

// stopReading gives up what is left of a body. Without that net/http reads on
// before it sends a response, for as long as the sender likes. The connection ends
// with the response: a deadline that strikes once a body was read, by a handler in
// front, would end the contexts of all further requests on it.
func stopReading(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Unix(1, 0))
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
	claim := Claim{EventID: claimID(e.ID), Token: rand.Text(), Lease: h.lease()}
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

// lease outlasts the time for the function, however long that is.
func (h *handler) lease() time.Duration {
	return max(h.timeout+leaseMargin, h.timeout) // a sum that overflows is negative
}

// claimID is the ID under which a store remembers an event: its own, or the hash
// of one that is unlike all that Orbit sends and may be too much for a database.
func claimID(id string) string {
	if len(id) <= maxEventID && !strings.ContainsFunc(id, func(c rune) bool { return c < ' ' || c > '~' }) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
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
		w.Header().Set("Retry-After", strconv.FormatInt(int64(h.timeout/time.Second)+1, 10))
	}
	http.Error(w, http.StatusText(status), status)
}
