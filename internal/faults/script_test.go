package faults_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// fault is a fault of a script, with a name for reports.
type fault struct {
	name string
	orbittest.Fault
}

// failure is a fault that answers with a status, before or after the request was
// accepted.
func failure(status int, after bool, header ...string) fault {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	name := strconv.Itoa(status)
	if after {
		name += " after acceptance"
	}
	return fault{name, orbittest.Fault{Status: status, After: after, Header: h}}
}

// faultOf draws a fault.
func faultOf(r *rand.Rand) fault {
	secs := strconv.Itoa(1 + r.IntN(40))
	all := []func() fault{
		func() fault { return fault{"none", orbittest.Pass()} },
		func() fault { return fault{"429 in seconds", failure(429, false, "Retry-After", secs).Fault} },
		func() fault { return fault{"429 in a fraction", failure(429, false, "Retry-After", "1.5").Fault} },
		func() fault { return fault{"429 without a hint", failure(429, false).Fault} },
		func() fault { return fault{"429 too long", failure(429, false, "Retry-After", "500").Fault} },
		func() fault {
			return fault{"429 absurd", failure(429, false, "Retry-After", "-99999999999999999999").Fault}
		},
		func() fault {
			f := orbittest.RateLimited(time.Duration(1+r.IntN(40)) * time.Second)
			f.Header = nil
			return fault{"429 in details", f}
		},
		func() fault {
			reset := time.Now().Add(time.Duration(1+r.IntN(40)) * time.Second)
			return fault{"429 by reset", failure(429, false, "X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10)).Fault}
		},
		func() fault { return failure([]int{500, 502, 503, 504, 408}[r.IntN(5)], r.IntN(2) == 0) },
		func() fault { return fault{"503 with a wait", failure(503, r.IntN(2) == 0, "Retry-After", secs).Fault} },
		func() fault { return failure([]int{400, 401, 402, 403, 404, 410, 422}[r.IntN(7)], false) },
		func() fault { return fault{"409", failure(409, false).Fault} },
		func() fault { return fault{"provider", orbittest.Fault{Status: 500, Code: "MESSAGE_SEND_FAILED"}} },
		func() fault { return fault{"501", failure(501, false).Fault} },
		func() fault { return fault{"reset before", orbittest.ResetBefore()} },
		func() fault { return fault{"reset after", orbittest.ResetAfter()} },
		func() fault { return fault{"refused", orbittest.Refused()} },
		func() fault { return fault{"truncated", orbittest.Truncated()} },
		func() fault { return fault{"garbage", orbittest.Fault{Body: `{"data":{"id":"x"`}} },
		func() fault { return fault{"no id", orbittest.Fault{Body: `{"data":{"status":"queued"}}`}} },
		func() fault { return fault{"HTML success", orbittest.Fault{Body: "<html></html>"}} },
		func() fault { return fault{"HTML 502", orbittest.HTML(502)} },
		func() fault {
			return fault{"redirect", orbittest.Fault{Status: 307, Header: http.Header{"Location": {"https://evil.test/"}}}}
		},
		func() fault { return fault{"slow headers", orbittest.Slow(time.Duration(5+r.IntN(40)) * time.Second)} },
		func() fault {
			return fault{"slow body", orbittest.Fault{BodyDelay: time.Duration(5+r.IntN(40)) * time.Second}}
		},
	}
	return all[r.IntN(len(all))]()
}

// kind is a way to make a call. Every kind stores one message if it succeeds,
// but for the reads.
type kind struct {
	name   string
	reads  bool
	opts   []orbit.CallOption
	safely bool // must not repeat what may have been accepted
}

func kinds() []kind {
	return []kind{
		{name: "send"},
		{name: "send, own key", opts: []orbit.CallOption{orbit.WithIdempotencyKey("")}},
		{name: "send, many attempts", opts: []orbit.CallOption{orbit.WithMaxAttempts(8)}},
		{name: "send, one attempt", opts: []orbit.CallOption{orbit.WithMaxAttempts(1)}, safely: true},
		{name: "send, safe", opts: []orbit.CallOption{orbit.WithRetry(orbit.RetrySafe)}, safely: true},
		{name: "send, none", opts: []orbit.CallOption{orbit.WithRetry(orbit.RetryNone)}, safely: true},
		{name: "get", reads: true},
		{name: "list", reads: true},
	}
}

// outcome is what a call of a script ended with.
type outcome struct {
	kind     kind
	tag      string // of the message it sends
	id       string // of the message that a success names
	response orbit.Response
	err      error
}

// play runs the script of a seed in a bubble and returns what is wrong with what
// it saw.
func play(t *testing.T, seed uint64) (wrong []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(seed, 0))
		opts := []orbittest.Option{orbittest.WithClockOffset(time.Duration(r.IntN(7)-3) * time.Hour)}
		deaf := r.IntN(4) == 0 // the server ignores idempotency keys
		if deaf {
			opts = append(opts, orbittest.IgnoreIdempotencyKeys())
		}
		if r.IntN(2) == 0 {
			opts = append(opts, orbittest.WithGeneration(orbittest.Older))
		}
		if r.IntN(3) == 0 {
			opts = append(opts, orbittest.WithLimit("*", 2+r.IntN(3), 10*time.Second))
		}
		s := orbittest.NewServer(opts...)
		var script []string
		for range 1 + r.IntN(6) {
			f := faultOf(r)
			script = append(script, f.name)
			s.FailNext("*", f.Fault)
		}
		outcomes := make([]outcome, 1+r.IntN(4))
		client := s.Client(orbit.WithDefaults(orbit.WithAttemptTimeout(10*time.Second + time.Duration(r.IntN(20))*time.Second)))
		var wg sync.WaitGroup
		together := r.IntN(2) == 0
		for i := range outcomes {
			o := &outcomes[i]
			o.kind = kinds()[r.IntN(len(kinds()))]
			for deaf && !o.kind.safely && !o.kind.reads {
				o.kind = kinds()[r.IntN(len(kinds()))]
			}
			o.tag = fmt.Sprintf("message %d of %d", i, seed)
			wg.Go(func() { o.make(t.Context(), client) })
			if !together {
				wg.Wait()
			}
		}
		wg.Wait()
		for i := range outcomes {
			for _, w := range outcomes[i].check(s) {
				wrong = append(wrong, fmt.Sprintf("seed %d, faults %q: %s: %s (err: %v)", seed, script, outcomes[i].kind.name, w, outcomes[i].err))
			}
		}
	})
	return wrong
}

// make makes the call.
func (o *outcome) make(ctx context.Context, client *orbit.Client) {
	opts := append([]orbit.CallOption{orbit.CaptureResponse(&o.response)}, o.kind.opts...)
	switch o.kind.name {
	case "get":
		_, o.err = client.Messages.Get(ctx, "msg_missing", opts...)
		if errors.Is(o.err, orbit.ErrNotFound) {
			o.err = nil
		}
	case "list":
		_, o.err = client.Messages.List(ctx, messages.ListParams{}, opts...)
	case "send, own key":
		opts = append(opts, orbit.WithIdempotencyKey("job-"+strings.ReplaceAll(o.tag, " ", "-")))
		fallthrough
	default:
		var msg *messages.Message
		if msg, o.err = client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: o.tag}, opts...); o.err == nil {
			o.id = msg.ID
		}
	}
}

// check compares what the call said with what the server knows.
func (o *outcome) check(s *orbittest.Server) (wrong []string) {
	if o.kind.reads {
		if o.err != nil && errors.Is(o.err, orbit.ErrNotSent) && orbit.MaybeSent(o.err) {
			wrong = append(wrong, "both not sent and maybe sent")
		}
		return wrong
	}
	stored, named := 0, false
	for _, m := range s.Messages() {
		if m.Body == o.tag {
			stored += m.Sends
			named = named || m.ID == o.id
		}
	}
	var requests []orbittest.Request
	for _, r := range s.Requests("POST /messages/sms") {
		if strings.Contains(string(r.Body), strconv.Quote(o.tag)) {
			requests = append(requests, r)
		}
	}
	say := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	say(stored <= 1, "stored %d times", stored)
	say(o.err != nil || stored == 1, "a success that stored %d messages", stored)
	say(o.err != nil || named, "a success that names message %q", o.id)
	say(orbit.MaybeSent(o.err) || o.err == nil || stored == 0, "stored, and the error says that it cannot have been")
	say(!errors.Is(o.err, orbit.ErrNotSent) || !arrived(requests), "not sent, and yet it arrived")
	say(o.response.Attempts == len(requests), "%d attempts told, %d made", o.response.Attempts, len(requests))
	for _, r := range requests {
		say(r.IdempotencyKey != "" && r.IdempotencyKey == o.response.IdempotencyKey, "attempt %d under another key", r.Attempt)
		say(string(r.Body) == string(requests[0].Body), "attempt %d with another body", r.Attempt)
	}
	return append(wrong, o.checkTruth(requests)...)
}

// checkTruth compares the error with the answers that the call was given.
func (o *outcome) checkTruth(requests []orbittest.Request) (wrong []string) {
	say := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	var unclear time.Time // when the first attempt of unclear fate began
	certain := true       // all attempts were answered, and none unclearly
	for i, r := range requests {
		if !unclear.IsZero() {
			say(r.Time.Sub(unclear) <= 55*time.Second, "repeated %s after an unclear attempt", r.Time.Sub(unclear))
			say(!o.kind.safely, "a careful call repeated after an unclear attempt")
		}
		doubtful := r.Status == 408 || r.Status >= 500 || r.Status >= 200 && r.Status <= 299
		if doubtful && i < len(requests)-1 || doubtful && o.err != nil {
			if unclear.IsZero() {
				unclear = r.Time
			}
		}
		certain = certain && r.Status != 0 && !doubtful
	}
	say(o.err == nil || unclear.IsZero() || orbit.MaybeSent(o.err), "an unclear attempt is hidden")
	say(o.err == nil || !certain || !orbit.MaybeSent(o.err), "nothing can have been accepted, and the error says it may")
	var e *orbit.Error
	if errors.As(o.err, &e) && len(requests) > 0 && e.Attempts == len(requests) && !isTransport(o.err) {
		last := requests[len(requests)-1]
		say(e.StatusCode == last.Status, "status %d told, %d given", e.StatusCode, last.Status)
		say(e.RequestID == last.RequestID || e.RequestID == "", "another request ID")
		say(!o.gaveUp(e, requests, unclear), "given up too early")
		say(orbit.Retryable(o.err) == retryable(e, orbit.MaybeSent(o.err)), "retryable is %t", orbit.Retryable(o.err))
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
	last := requests[len(requests)-1].Time
	if strings.Contains(o.err.Error(), "not repeated: ") { // it says why: the route is held, for another call's sake
		return false
	}
	if o.kind.safely || len(requests) >= attempts || counted >= attempts || unclear.IsZero() || last.Add(wait).Sub(unclear) > 55*time.Second {
		return false
	}
	switch e.StatusCode {
	case 408, 409, 502, 503, 504:
		return true
	case 500:
		return e.Code != "MESSAGE_SEND_FAILED"
	}
	return false
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
