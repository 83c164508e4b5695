package webhooks

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/devotel/orbit-go/internal/redact"
)

// On calls f for the events of a kind, with their data decoded. f is called at
// most once at a time for an event, and no more once it has returned nil; if it
// returns an error or panics, Orbit delivers the event again later. Its context
// ends with the time of WithTimeout, or when Orbit hangs up: f must return then.
//
// Events whose data was truncated or does not decode go to OnOther instead.
// Without OnOther they fail, with the error of [Kind.Data] for OnError: Orbit
// delivers them again, and a newer version of the SDK may know the form. Two Ons
// for one event type are a mistake of the program, and make Handler panic; so does
// a nil f.
func On[T any](k Kind[T], f func(ctx context.Context, e *Event, data *T) error) HandlerOption {
	return func(h *handler) {
		require(f != nil, "On: the function must not be nil")
		require(h.known[k.Type()] == nil, "On: two functions for "+string(k))
		h.known[k.Type()] = func(ctx context.Context, e *Event) error {
			data, err := k.Data(e)
			if err != nil {
				return h.unfit(ctx, e, err)
			}
			return f(ctx, e, data)
		}
	}
}

// unfit handles an event whose function cannot have its data.
func (h *handler) unfit(ctx context.Context, e *Event, err error) error {
	if h.other == nil {
		return fmt.Errorf("%w, and there is no OnOther", err)
	}
	return h.other(ctx, e)
}

// OnOther calls f, as On does, for every event that no On is for: types that the
// program or this version of the SDK does not know, and events whose data was
// truncated or does not decode. Without it the former get a 200 and are dropped,
// so set it at least to log them; the latter fail.
func OnOther(f func(ctx context.Context, e *Event) error) HandlerOption {
	return func(h *handler) {
		require(f != nil, "OnOther: the function must not be nil")
		h.other = f
	}
}

// PanicError is a panic in a function of On or OnOther, for OnError.
type PanicError struct {
	// Value is what the function panicked with.
	Value any
	// Stack is where.
	Stack []byte
}

// Error is one line for a person, with phone numbers and e-mail addresses masked.
func (e *PanicError) Error() string {
	const longest = 500
	return "webhooks: the event's function panicked: " + redact.String(fmt.Sprint(e.Value), longest)
}

// dispatch calls the function for an event, and returns its error or its panic.
func (h *handler) dispatch(ctx context.Context, e *Event) (err error) {
	returned := false
	defer func() {
		if !returned {
			err = &PanicError{Value: recover(), Stack: debug.Stack()}
		}
	}()
	f := h.known[e.Type]
	if f == nil {
		f = h.other
	}
	if f != nil {
		err = f(ctx, e)
	}
	returned = true
	return err
}
