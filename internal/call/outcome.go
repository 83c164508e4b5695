package call

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/devotel/orbit-go/internal/redact"
	"github.com/devotel/orbit-go/internal/wire"
)

// outcome is the verdict on one attempt.
type outcome struct {
	fate    fate
	final   bool          // no repeat can help
	wait    time.Duration // what the server asked for; 0 for nothing
	failure *Failure      // nil on success
}

// codeSendFailed says that a provider refused the message: a repeat is a new
// message to the provider and seldom helps.
const codeSendFailed = "MESSAGE_SEND_FAILED"

// judge looks at the attempt that just ended.
func (x *exchange) judge(resp *http.Response, err error) outcome {
	a := &x.last
	if a.err == nil {
		a.err = err // net/http itself refused, or the user's Timeout struck
	}
	switch {
	case a.status == 0:
		return x.judgeSilence()
	case a.status < 200 || a.status > 299:
		return x.judgeRefusal(wire.ParseError(a.body))
	case a.streaming:
		return x.judgeStream(resp)
	case errors.Is(a.err, errTooLarge):
		return outcome{fate: settled, failure: x.unreadable(a.err.Error(), nil)}
	case a.err != nil:
		return outcome{fate: unclear, failure: x.brokenOff()}
	default:
		return x.judgeSuccess()
	}
}

// judgeSilence decides what an attempt without an answer means.
func (x *exchange) judgeSilence() outcome {
	err := x.last.err
	var local *unsendable
	if errors.As(err, &local) {
		f := local.failure()
		f.NotSent = !x.reached
		return outcome{fate: unsent, final: true, failure: f}
	}
	f := &Failure{
		Kind: KindTransport, Timeout: x.last.timedOut, Err: x.cause(bare(err)), Reason: "no answer",
	}
	if x.last.timedOut {
		f.Reason = "no answer within " + x.limit().String()
	}
	o := outcome{fate: unclear, failure: f}
	if neverSent(err, x.last.link) {
		o.fate = unsent
		f.NotSent = !x.reached
		if x.last.link.wanted && !x.last.link.got {
			f.Reason = strings.Replace(f.Reason, "answer", "connection", 1)
		}
	}
	o.final = isHopeless(err, x.last.link)
	return o
}

// limit is how long an attempt may take.
func (x *exchange) limit() time.Duration {
	if own := x.client.timeout; own > 0 {
		return min(own, x.set.AttemptTimeout)
	}
	return x.set.AttemptTimeout
}

// judgeRefusal decides what an answer that is an error means.
func (x *exchange) judgeRefusal(e wire.Error) outcome {
	f := x.refusal(e)
	o := outcome{fate: refused, failure: f}
	switch status := f.StatusCode; {
	case x.last.followed:
		o.fate = settled // another host may have done what was asked
	case status == http.StatusTooManyRequests:
		o.fate = limited
	case status == http.StatusConflict:
		o.fate = conflict
	case status == http.StatusRequestTimeout:
		o.fate = unclear
	case f.Code == codeSendFailed:
		o.fate = settled
	case status == http.StatusInternalServerError, IsOutage(status):
		o.fate = unclear
	case status >= 500:
		o.fate = settled
	}
	o.wait = x.askedWait(f)
	f.RetryAfter = o.wait
	if o.wait > 0 {
		f.RetryAt = x.last.received.Add(o.wait)
	}
	return o
}

// IsOutage reports whether a status says that the API could not be asked: by a
// gateway, or by Cloudflare in front of it.
func IsOutage(status int) bool {
	return status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout ||
		status >= 520 && status <= 524 || status == 529 || status == 530
}

// judgeSuccess reads the answer.
func (x *exchange) judgeSuccess() outcome {
	info := x.answered()
	if err := x.target.decode(x, x.last.body, info); err != nil {
		return x.judgeUnreadable(err, info.RequestID)
	}
	x.last.info = info
	return outcome{fate: accepted}
}

// judgeUnreadable decides what a success means that could not be decoded: it may
// be an error in disguise.
func (x *exchange) judgeUnreadable(err error, requestID string) outcome {
	var disguised *wire.Error
	if errors.As(err, &disguised) {
		return x.judgeRefusal(*disguised)
	}
	f := x.unreadable(reasonOf(err), err)
	f.RequestID = x.shownID(requestID)
	return outcome{fate: settled, failure: f}
}

// judgeStream hands the open answer over.
func (x *exchange) judgeStream(resp *http.Response) outcome {
	if s, ok := x.target.(*stream); ok && resp != nil {
		s.open(x, resp)
	}
	return outcome{fate: accepted}
}

// refusal describes an answer that is an error. The status in the envelope has
// the last word, except that an error cannot be a success.
func (x *exchange) refusal(e wire.Error) *Failure {
	f := &Failure{
		Kind:       KindAPI,
		StatusCode: x.last.status,
		Code:       e.Code,
		Message:    e.Message,
		Details: Details{
			Field: e.Details.Field, Value: redact.Number(e.Details.Value), Expected: e.Details.Expected,
			Limit: e.Details.Limit, Window: e.Details.Window,
		},
		RequestID: x.requestID(e.RequestID),
		DocsURL:   e.DocsURL,
		RateLimit: x.last.limits.RateLimit,
		RawBody:   held(x.last.body),
	}
	f.Details.RetryAfter, _ = seconds(e.Details.RetryAfter)
	if e.Status >= 300 && e.Status <= 599 {
		f.StatusCode = e.Status
	}
	if isRedirect(x.last.status) {
		to := origin(get(x.last.header, "Location"))
		f.Reason = "redirect to " + to + " not followed"
		if x.last.followed {
			f.Reason = "the transport of the HTTP client followed a redirect to " + to + " and took the API key there"
		}
	}
	f.redact(x.written())
	return f
}

// unreadable describes a success that could not be read.
func (x *exchange) unreadable(reason string, err error) *Failure {
	f := &Failure{
		Kind: KindDecode, StatusCode: x.last.status, Reason: reason,
		RequestID: x.requestID(""), RateLimit: x.last.limits.RateLimit, RawBody: held(x.last.body),
	}
	f.locate(err)
	if !isID(f.ID) { // it is no ID of anything
		f.ID = ""
	}
	x.hide(redact.Text{At: &f.Path, Limit: maxMessage}, redact.Text{At: &f.ID, Limit: longestID, ID: true},
		redact.Text{At: &f.RequestID, Limit: longestID, ID: true})
	return f
}

// brokenOff describes a success whose body ended too early.
func (x *exchange) brokenOff() *Failure {
	f := x.unreadable("the answer broke off", nil)
	f.Err, f.Timeout = x.cause(bare(x.last.err)), x.last.timedOut
	return f
}

// held keeps a body where no dump finds it.
func held(body []byte) func() []byte { return func() []byte { return body } }
