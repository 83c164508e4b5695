package call

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/redact"
)

// longestWait stands for any wait that is longer than a program can mean.
const longestWait = 1000 * time.Hour

// askedWait is how long the server asked to wait before the next attempt, from
// the receipt of its answer; 0 if it asked for nothing. While requests remain in
// the window only Retry-After counts; once none do, the later of it and the end
// of the window.
func (x *exchange) askedWait(f *Failure) time.Duration {
	h := x.last.header
	wait := max(retryAfter(h, x.last.received), f.Details.RetryAfter)
	if f.StatusCode != http.StatusTooManyRequests {
		return wait
	}
	if l := &x.last.limits; !l.known || l.Remaining <= 0 {
		wait = max(wait, untilReset(h, l.Reset, x.last.received))
	}
	return wait
}

// retryAfter reads the header in all of its forms: seconds, fractions of them,
// and dates.
func retryAfter(h http.Header, received time.Time) time.Duration {
	text := strings.TrimSpace(get(h, "Retry-After"))
	if text == "" {
		return 0
	}
	if wait, ok := seconds(text); ok {
		return wait
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return bounded(at.Sub(serverTime(h, received)))
}

// untilReset is the time to the end of the window.
func untilReset(h http.Header, reset, received time.Time) time.Duration {
	if reset.IsZero() {
		return 0
	}
	return bounded(reset.Sub(serverTime(h, received)))
}

// serverTime is the server's clock at the receipt of the answer, cut to whole
// seconds like the header itself: waits reckoned from it are never too short.
func serverTime(h http.Header, received time.Time) time.Time {
	if text := get(h, "Date"); text != "" { // each failure allocates
		if date, err := http.ParseTime(text); err == nil {
			return date
		}
	}
	return received
}

// seconds reads a number of seconds. Nonsense is no wait; more than any program
// can mean is the longest one.
func seconds(text string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil && !math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, false
	}
	if f > longestWait.Seconds() {
		return longestWait, true
	}
	if f <= 0 {
		return 0, true
	}
	return time.Duration(math.Ceil(f * float64(time.Second))), true
}

func bounded(d time.Duration) time.Duration { return min(max(d, 0), longestWait) }

// limits are what the X-RateLimit headers of an answer say.
type limits struct {
	api.RateLimit

	known bool // they say how many requests remain
}

func limitsOf(h http.Header) (l limits) {
	l.Limit, _ = number(h, "X-Ratelimit-Limit")
	l.Remaining, l.known = number(h, "X-Ratelimit-Remaining")
	l.Reset = resetTime(h)
	return l
}

// resetTime reads when the window ends: Unix seconds, perhaps with a fraction.
func resetTime(h http.Header) time.Time {
	const year10000 = 253_402_300_800
	text := get(h, "X-Ratelimit-Reset")
	if text == "" {
		return time.Time{}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < year10000 {
		return time.Unix(n, 0).UTC()
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f > 0 && f < year10000) {
		return time.Time{}
	}
	return time.UnixMicro(int64(math.Ceil(f * 1e6))).UTC()
}

func number(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(get(h, name))
	return n, err == nil && n >= 0
}

// get reads a header by its canonical name.
func get(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// requestID is the ID in the body, or the one in the header. Its digits are not
// masked: support needs them.
func (x *exchange) requestID(inBody string) string {
	id := inBody
	if !isID(id) {
		id = get(x.last.header, "X-Request-Id")
	}
	switch {
	case !isID(id):
		return ""
	case x.apiKey != "" && strings.Contains(id, x.apiKey):
		return redact.Mark
	}
	return id
}

// shownID is the request's ID for errors and observers: it quotes nothing that
// was written.
func (x *exchange) shownID(inBody string) string {
	id := x.requestID(inBody)
	if id == "" {
		return ""
	}
	x.hide(redact.Text{At: &id, Limit: longestID, ID: true})
	return id
}

// longestID bounds the ID of a request.
const longestID = 128

// isID reports whether an ID is one that can be quoted.
func isID(id string) bool {
	return id != "" && len(id) <= longestID && !strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r > '~' })
}
