package orbit

import (
	"errors"
	"net/http"

	"github.com/devotel/orbit-go/internal/call"
)

// MaybeSent reports whether Orbit may have accepted a call that failed: any
// attempt's outcome is unknown, or its response was a 408, a 5xx or an unreadable
// success. It looks at every error that err wraps or joins, so that one of many
// calls is enough. Retry such a call only with the idempotency key in its error.
//
// Of a [TransportError] or [DecodeError] made by hand nothing is known, and it
// reports true.
func MaybeSent(err error) bool {
	switch e := err.(type) { //nolint:errorlint // the whole tree is walked
	case nil:
		return false
	case *call.Failure:
		if e.MaybeSent {
			return true
		}
	case *WaitError:
		return false // it only read
	case *Error:
		if e.failure == nil && e.maybeSent() {
			return true
		}
	case *TransportError:
		if e.failure == nil {
			return true
		}
	case *DecodeError:
		if e.failure == nil {
			return true
		}
	}
	switch e := err.(type) { //nolint:errorlint // the whole tree is walked
	case interface{ Unwrap() error }:
		return MaybeSent(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if MaybeSent(inner) {
				return true
			}
		}
	}
	return false
}

// maybeSent judges an error made by hand.
func (e *Error) maybeSent() bool {
	return e.StatusCode == http.StatusRequestTimeout || e.StatusCode >= http.StatusInternalServerError
}

// Retryable reports whether a job queue should make the same call again, with the
// same idempotency key. It is for the error of one call; a call that Orbit
// rejected for its content will be rejected again.
func Retryable(err error) bool {
	var e *Error
	var param *ParamError
	var cursor *CursorError
	var wait *WaitError
	switch {
	case err == nil:
		return false
	case errors.As(err, &wait):
		return true
	case errors.As(err, &param), errors.As(err, &cursor):
		return false
	case isOutermostAPI(err, &e):
		return e.retryable()
	}
	var transport *TransportError
	var decode *DecodeError
	return errors.As(err, &transport) || errors.As(err, &decode)
}

// isOutermostAPI finds an *Error that is the end of its call, not an earlier
// attempt of one that ended otherwise.
func isOutermostAPI(err error, e **Error) bool {
	var transport *TransportError
	var decode *DecodeError
	if errors.As(err, &transport) || errors.As(err, &decode) {
		return false
	}
	return errors.As(err, e)
}

func (e *Error) retryable() bool {
	switch e.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	case http.StatusInternalServerError:
		return e.Code != CodeMessageSendFailed
	case http.StatusConflict:
		return MaybeSent(e)
	}
	return call.IsOutage(e.StatusCode)
}
