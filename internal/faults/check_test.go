package faults_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// complaints are what is wrong with a call.
type complaints []string

func (c *complaints) unless(ok bool, format string, args ...any) {
	if !ok {
		*c = append(*c, fmt.Sprintf(format, args...))
	}
}

// check compares what the call said with what the server knows, where each request
// is an attempt: without net/http in between.
func (o *outcome) check(s *orbittest.Server) complaints {
	requests := o.requests(s)
	wrong := o.checkPromise(s, requests)
	wrong.unless(o.response.Attempts == len(requests), "%d attempts told, %d made", o.response.Attempts, len(requests))
	wrong.unless(!errors.Is(o.err, orbit.ErrNotSent) || !arrived(requests), "not sent, and yet it arrived")
	return append(wrong, o.checkTruth(requests)...)
}

// checkPromise checks what holds whatever broke, and whoever made the requests.
func (o *outcome) checkPromise(s *orbittest.Server, requests []orbittest.Request) (wrong complaints) {
	stored := o.stored(s)
	wrong.unless(stored <= 1, "stored %d times", stored)
	wrong.unless(o.err != nil || o.kind.reads || stored == 1, "a success that stored %d times", stored)
	wrong.unless(o.err != nil || o.answered(s), "a success that names %q", o.answer)
	wrong.unless(orbit.MaybeSent(o.err) || o.err == nil || stored == 0, "stored, and the error says that it cannot have been")
	wrong.unless(!errors.Is(o.err, orbit.ErrNotSent) || !orbit.MaybeSent(o.err), "both not sent and maybe sent")
	for i, r := range requests {
		wrong.unless((r.IdempotencyKey == "") == o.kind.reads, "request %d with the key %q", i+1, r.IdempotencyKey)
		wrong.unless(r.IdempotencyKey == o.response.IdempotencyKey, "request %d under another key", i+1)
		wrong.unless(string(r.Body) == string(requests[0].Body), "request %d with another body", i+1)
	}
	if attempts, key, known := told(o.err); known {
		wrong.unless(attempts == o.response.Attempts, "%d attempts in the error, %d in the response", attempts, o.response.Attempts)
		wrong.unless(key == o.response.IdempotencyKey, "another key in the error")
	}
	return wrong
}

// told is what an error says of how the call was made.
func told(err error) (attempts int, key string, known bool) {
	var transport *orbit.TransportError
	var decode *orbit.DecodeError
	var e *orbit.Error
	switch {
	case errors.As(err, &transport):
		return transport.Attempts, transport.IdempotencyKey, true
	case errors.As(err, &decode):
		return decode.Attempts, decode.IdempotencyKey, true
	case errors.As(err, &e):
		return e.Attempts, e.IdempotencyKey, true
	}
	return 0, "", false
}

// checkTruth compares the error with the answers that the call was given.
func (o *outcome) checkTruth(requests []orbittest.Request) (wrong complaints) {
	var unclear time.Time // when the first attempt of unclear fate began
	certain := true       // all attempts were answered, and none unclearly
	for i, r := range requests {
		if !unclear.IsZero() {
			wrong.unless(o.kind.reads || r.Time.Sub(unclear) <= 55*time.Second, "repeated %s after an unclear attempt", r.Time.Sub(unclear))
			wrong.unless(!o.kind.safely, "a careful call repeated after an unclear attempt")
		}
		doubtful := r.Status == 408 || r.Status >= 500 || r.Status >= 200 && r.Status <= 299
		if doubtful && i < len(requests)-1 || doubtful && o.err != nil {
			if unclear.IsZero() {
				unclear = r.Time
			}
		}
		certain = certain && r.Status != 0 && !doubtful
	}
	wrong.unless(o.err == nil || unclear.IsZero() || orbit.MaybeSent(o.err), "an unclear attempt is hidden")
	wrong.unless(o.err == nil || !certain || !orbit.MaybeSent(o.err), "nothing can have been accepted, and the error says it may")
	var e *orbit.Error
	if errors.As(o.err, &e) && len(requests) > 0 && e.Attempts == len(requests) && !isTransport(o.err) {
		last := requests[len(requests)-1]
		wrong.unless(e.StatusCode == last.Status, "status %d told, %d given", e.StatusCode, last.Status)
		wrong.unless(e.RequestID == last.RequestID || e.RequestID == "", "another request ID")
		wrong.unless(!o.gaveUp(e, requests, unclear), "given up too early")
		wrong.unless(orbit.Retryable(o.err) == retryable(e, orbit.MaybeSent(o.err)), "retryable is %t", orbit.Retryable(o.err))
	}
	return wrong
}

// gaveUp reports whether a call stopped that could have gone on: its last answer
// calls for a repeat, attempts are left, and so is the protection of the key.
func (o *outcome) gaveUp(e *orbit.Error, requests []orbittest.Request, unclear time.Time) bool {
	const attempts, slowest = orbit.DefaultMaxAttempts, 9 * time.Second
	counted := 0
	for _, r := range requests {
		if r.Status != http.StatusTooManyRequests {
			counted++
		}
	}
	wait := max(slowest, e.RetryAfter+time.Second)
	first := requests[0].Time                              // a broken connection leaves no status that tells whether it was unclear
	if strings.Contains(o.err.Error(), "not repeated: ") { // it says why: the route is held, for another call's sake
		return false
	}
	if o.kind.safely || len(requests) >= attempts || counted >= attempts || unclear.IsZero() || o.ended.Add(wait).Sub(first) > 55*time.Second {
		return false
	}
	return e.StatusCode != http.StatusTooManyRequests && retryable(e, true)
}

// retryable is what a job queue should be told of an answer.
func retryable(e *orbit.Error, maybeSent bool) bool {
	switch e.StatusCode {
	case 408, 429, 502, 503, 504:
		return true
	case 500:
		return e.Code != "MESSAGE_SEND_FAILED"
	case 409:
		return maybeSent
	}
	return false
}

func isTransport(err error) bool {
	var transport *orbit.TransportError
	var decode *orbit.DecodeError
	return errors.As(err, &transport) || errors.As(err, &decode)
}

// arrived reports whether any request was answered: a connection that cannot be
// made leaves a record at the fake, too.
func arrived(requests []orbittest.Request) bool {
	for _, r := range requests {
		if r.Status != 0 {
			return true
		}
	}
	return false
}
