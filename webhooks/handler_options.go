package webhooks

import (
	"context"
	"net/http"
	"time"
)

// DefaultTimeout is how long an event's function may take: less than the 30
// seconds after which Orbit gives a delivery up.
const DefaultTimeout = 25 * time.Second

// DefaultReadTimeout is how long the body of a delivery may take to arrive.
const DefaultReadTimeout = 10 * time.Second

// HandlerOption changes a handler while Handler makes it. One that cannot work is
// a mistake of the program and makes Handler panic, as a wrong pattern makes
// http.Handle.
type HandlerOption func(*handler)

// WithStore remembers handled events in another store than a [MemoryStore] of the
// handler's own: in a shared one, for a program of several processes.
func WithStore(s Store) HandlerOption {
	return func(h *handler) {
		require(s != nil, "WithStore: the store must not be nil")
		h.store = s
	}
}

// WithTimeout sets how long an event's function may take, from the arrival of the
// request on, instead of [DefaultTimeout]. Its context ends then. Orbit waits for
// 30 seconds.
func WithTimeout(d time.Duration) HandlerOption {
	return func(h *handler) {
		require(d > 0, "WithTimeout: must be more than 0")
		h.timeout = d
	}
}

// WithReadTimeout sets how long the body of a delivery may take to arrive, instead
// of [DefaultReadTimeout]. It takes the place of the ReadTimeout of http.Server for
// the requests of this handler, unless another handler hides its ResponseWriter
// from http.ResponseController; that ReadTimeout alone counts then.
func WithReadTimeout(d time.Duration) HandlerOption {
	return func(h *handler) {
		require(d > 0, "WithReadTimeout: must be more than 0")
		h.reading = d
	}
}

// OnReject calls f for each delivery that is refused, with one of the errors in
// the package's table, for logs and metrics. The sender is not told. f must not
// read the body of the request: what is left of it is not received, and what was
// may hold whatever somebody sent.
func OnReject(f func(r *http.Request, err error)) HandlerOption {
	return func(h *handler) {
		require(f != nil, "OnReject: the function must not be nil")
		h.onReject = f
	}
}

// OnError calls f for each event that could not be handled, with the error of its
// function, a [*PanicError] or the error of the store, for logs and metrics.
func OnError(f func(ctx context.Context, e *Event, err error)) HandlerOption {
	return func(h *handler) {
		require(f != nil, "OnError: the function must not be nil")
		h.onError = f
	}
}

func require(ok bool, rule string) {
	if !ok {
		panic("webhooks: " + rule)
	}
}
