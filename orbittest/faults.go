package orbittest

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A Fault is how one request goes wrong. The zero Fault changes nothing: it lets
// one request through, to reach the one behind it.
//
// Without Status and Reset the request is accepted and answered as usual, and
// the other fields bend that answer: it comes late, with another body, cut
// short. With Status or Reset the request is not accepted, unless After is set.
//
// A request that the server refuses by itself because of its key or of a rate
// limit uses up no fault; one whose connection breaks before it arrives counts
// towards no limit. All others count.
type Fault struct {
	// Status is the HTTP status of the answer; 0 leaves the request to the server.
	Status int
	// Code is the error's code. If it is empty, the usual one of the status is
	// taken, and answers with a status below 400 have no error and no body.
	Code api.Code
	// Message is the error's message; empty means a general one.
	Message string
	// Details are the error's details.
	Details map[string]any
	// Header holds headers that replace those of the answer, such as Retry-After
	// or Location. A name without values removes the header.
	Header http.Header
	// Body, if it is not empty, replaces the body of the answer, as it is.
	Body string
	// NoBody removes the body of the answer.
	NoBody bool
	// Delay is how long the answer, or the break, takes. The request counts, and
	// is accepted, when it arrives: a client that gives up in the meantime has
	// sent it all the same.
	Delay time.Duration
	// BodyDelay is the pause between the answer's headers and its body.
	BodyDelay time.Duration
	// After lets the server accept the request, store what it asks for and
	// remember its idempotency key, before Status or Reset shows.
	After bool
	// Reset breaks the connection instead of answering. The client cannot see
	// whether that was before or after the request was accepted.
	Reset bool
	// Err is the error that RoundTrip returns for Reset. The default is a read
	// that ends with "connection reset by peer". Over a listener a break is a
	// closed connection, whatever Err says.
	Err error
	// Truncate cuts the body in half, with a Content-Length that promises all of
	// it, so that reading it ends with io.ErrUnexpectedEOF.
	Truncate bool
	// Page bends a page of a list.
	Page PageFault
}

// A PageFault is a list that misbehaves.
type PageFault int

const (
	// PageEmpty answers a page without items that says there is more, under a new
	// cursor that leads on to what this page should have held.
	PageEmpty PageFault = iota + 1
	// PageRepeatsCursor answers a page that says there is more, behind the very
	// cursor of this request. Use it on a request that has one.
	PageRepeatsCursor
	// PageWithoutCursor answers a page that says there is more, without a cursor.
	// For executions of flows this is the form of the last page.
	PageWithoutCursor
)

// Pass lets a request through: FailNext(route, Pass(), Unavailable()) fails the
// second one.
func Pass() Fault { return Fault{} }

// RateLimited is a 429 that asks to wait. retryAfter is rounded up to whole
// seconds; it is in the Retry-After header and in the details. The request was
// not accepted, and the X-RateLimit headers tell the route's real state.
func RateLimited(retryAfter time.Duration) Fault {
	seconds := int((retryAfter + time.Second - 1) / time.Second)
	return Fault{
		Status:  http.StatusTooManyRequests,
		Details: map[string]any{"retry_after": seconds},
		Header:  http.Header{"Retry-After": {strconv.Itoa(seconds)}},
	}
}

// Unavailable is a 503 from Orbit. The request was not accepted, which the
// client cannot know.
func Unavailable() Fault { return Fault{Status: http.StatusServiceUnavailable} }

// HTML is an answer of a proxy in front of Orbit: a page, without any of Orbit's
// headers. The request was not accepted.
func HTML(status int) Fault {
	return Fault{
		Status: status,
		Body:   "<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>",
		Header: http.Header{
			"Content-Type": {"text/html"},
			"X-Request-Id": nil, "X-Ratelimit-Limit": nil, "X-Ratelimit-Remaining": nil, "X-Ratelimit-Reset": nil,
		},
	}
}

// ResetBefore breaks the connection before the request is accepted.
func ResetBefore() Fault { return Fault{Reset: true} }

// ResetAfter breaks the connection after the request was accepted.
func ResetAfter() Fault { return Fault{Reset: true, After: true} }

// Refused is a connection that cannot be made: the one break that proves that
// nothing was sent.
func Refused() Fault {
	return Fault{Reset: true, Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}
}

// Truncated accepts the request and cuts the answer short.
func Truncated() Fault { return Fault{Truncate: true} }

// Slow accepts the request and answers late.
func Slow(delay time.Duration) Fault { return Fault{Delay: delay} }

// breaksBefore reports whether the request never arrives.
func (f *Fault) breaksBefore() bool { return f.Reset && !f.After }

// replaces reports whether the fault answers in the server's place.
func (f *Fault) replaces() bool { return f.Reset || f.Status != 0 }

// broken is the reply of a connection that breaks.
func (f *Fault) broken() reply {
	err := f.Err
	if err == nil {
		err = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	return reply{err: err}
}

// failure is the error that the fault describes, or nil if it describes none.
func (f *Fault) failure(g Generation) *failure {
	if f.Status < 400 && f.Code == "" {
		return nil
	}
	problem := &failure{status: f.Status, code: string(f.Code), message: f.Message}
	if problem.code == "" {
		problem.code = codeFor(f.Status, g)
	}
	if problem.message == "" {
		problem.message = "The request failed."
	}
	for _, name := range slices.Sorted(maps.Keys(f.Details)) {
		problem.details.add(name, f.Details[name])
	}
	return problem
}

// bend applies to an answer what the fault says about its bytes.
func (f *Fault) bend(r *reply) {
	if f.Body != "" {
		r.body = []byte(f.Body)
	}
	if f.NoBody {
		r.body = nil
		delete(r.header, "Content-Type")
	}
	for name, values := range f.Header {
		name = http.CanonicalHeaderKey(name)
		if len(values) == 0 {
			delete(r.header, name)
		} else {
			r.header[name] = slices.Clone(values)
		}
	}
	r.truncate = f.Truncate
	r.bodyDelay = f.BodyDelay
}

// A faultQueue holds the scripted faults, a line for each pattern.
type faultQueue struct {
	lines map[pattern][]queuedFault
	count int
}

type queuedFault struct {
	number int // order over all lines
	fault  Fault
}

func (q *faultQueue) add(p pattern, faults []Fault) {
	if q.lines == nil {
		q.lines = make(map[pattern][]queuedFault)
	}
	for _, f := range faults {
		q.count++
		q.lines[p] = append(q.lines[p], queuedFault{q.count, f})
	}
}

// next returns the pattern whose line holds the oldest fault for a route.
func (q *faultQueue) next(method, path string) (pattern, bool) {
	if len(q.lines) == 0 {
		return "", false
	}
	var oldest pattern
	best := 0
	for _, p := range covering(method, path) {
		if line := q.lines[p]; len(line) > 0 && (best == 0 || line[0].number < best) {
			oldest, best = p, line[0].number
		}
	}
	return oldest, best > 0
}

// take removes the first fault of a line.
func (q *faultQueue) take(p pattern) {
	if line := q.lines[p]; len(line) > 1 {
		q.lines[p] = line[1:]
	} else {
		delete(q.lines, p)
	}
}

// FailNext scripts what happens to the next requests on a route, one fault each,
// in order. A route is a method and a path template, "POST /messages/sms" or
// "GET /messages/{id}"; "POST *" is every route of a method, and "*" every route.
// A path that the server does not know is taken as it is, so that answers of
// endpoints that it does not have can be scripted. Faults that are left when the
// test ends fail it, see [AllowUnusedFaults].
func (s *Server) FailNext(route string, faults ...Fault) {
	for _, f := range faults {
		if f.Status == 0 && f.Code != "" {
			s.misused("the fault with code %s for %s needs a Status", f.Code, route)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.add(newPattern(route), faults)
}
