package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/devotel/orbit-go"
)

// journal is what the wire and the observers saw of one call, in order. The call
// carries it in its context.
type journal struct {
	mu       sync.Mutex
	requests []exchanged
	starts   []orbit.AttemptEvent
	waits    []orbit.AttemptEvent
}

// exchanged is one request on the wire.
type exchanged struct {
	began, ended time.Time
	asked        time.Duration // that the response asked to wait, from its headers
	received     time.Time     // when they came
	wanted       bool          // it asked at all
}

type journalKey struct{}

// wire writes down each request and when all of its response had come.
type wire struct{ next http.RoundTripper }

func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	j, _ := req.Context().Value(journalKey{}).(*journal)
	if j == nil {
		return w.next.RoundTrip(req)
	}
	e := exchanged{began: time.Now()}
	resp, err := w.next.RoundTrip(req)
	e.received, e.ended = time.Now(), time.Now()
	if err == nil {
		body, broken := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		e.ended = time.Now()
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), &rest{broken}))
		e.asked, e.wanted = asked(resp, body, e.received)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, e)
	return resp, err
}

// rest ends a body as it ended on the wire.
type rest struct{ err error }

func (e *rest) Read([]byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	return 0, io.EOF
}

// asked is how long a response asks to wait, read as HTTP and Orbit's
// documentation have it: Retry-After in seconds, details.retry_after, and the end
// of the window where a 429 comes with none left in it.
func asked(resp *http.Response, body []byte, now time.Time) (wait time.Duration, ok bool) {
	if resp.StatusCode < 400 {
		return 0, false
	}
	secs := func(text string) {
		if f, err := strconv.ParseFloat(text, 64); err == nil && f > 0 {
			wait, ok = max(wait, time.Duration(math.Ceil(f*1e9))), true
		}
	}
	secs(resp.Header.Get("Retry-After"))
	var problem struct {
		Error struct {
			Details struct {
				RetryAfter json.Number `json:"retry_after"`
			} `json:"details"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &problem) == nil {
		secs(problem.Error.Details.RetryAfter.String())
	}
	remaining, err := strconv.Atoi(resp.Header.Get("X-Ratelimit-Remaining"))
	if resp.StatusCode == http.StatusTooManyRequests && (err != nil || remaining == 0) {
		date, _ := http.ParseTime(resp.Header.Get("Date"))
		if date.IsZero() {
			date = now
		}
		if reset, err := strconv.ParseInt(resp.Header.Get("X-Ratelimit-Reset"), 10, 64); err == nil {
			wait, ok = max(wait, time.Unix(reset, 0).Sub(date)), true
		}
	}
	return wait, ok && wait > 0
}

// watched lets the observer write into the call's journal.
func watched() orbit.Option {
	note := func(ctx context.Context, f func(*journal)) {
		if j, _ := ctx.Value(journalKey{}).(*journal); j != nil {
			j.mu.Lock()
			defer j.mu.Unlock()
			f(j)
		}
	}
	return orbit.WithObserver(orbit.Observer{
		AttemptStart: func(ctx context.Context, e orbit.AttemptEvent) context.Context {
			note(ctx, func(j *journal) { j.starts = append(j.starts, e) })
			return ctx
		},
		RetryWait: func(ctx context.Context, e orbit.AttemptEvent) {
			note(ctx, func(j *journal) { j.waits = append(j.waits, e) })
		},
	})
}

// checkGaps compares the time between attempts with what the server asked for and
// with what observers were told: RetryWait tells the least wait, and Queued the
// one that was made. FATE-3, RET-4.
func (j *journal) checkGaps() (wrong complaints) {
	wrong.unless(len(j.starts) == len(j.requests), "%d attempts began, %d requests were made", len(j.starts), len(j.requests))
	wrong.unless(len(j.waits) >= len(j.requests)-1, "%d waits told for %d requests", len(j.waits), len(j.requests))
	if len(wrong) > 0 {
		return wrong
	}
	const least = 100 * time.Millisecond // where the server asks for nothing, as documented
	for i := range len(j.requests) - 1 {
		before, gap := j.requests[i], j.requests[i+1].began.Sub(j.requests[i].ended)
		if before.wanted {
			wrong.unless(before.received.Add(before.asked).Compare(j.requests[i+1].began) <= 0, "asked to wait %s, waited %s", before.asked, gap)
		} else {
			wrong.unless(gap >= least, "waited %s only", gap)
		}
		wrong.unless(j.waits[i].Wait <= gap, "a wait of %s told, %s made", j.waits[i].Wait, gap)
		wrong.unless(!before.wanted || j.waits[i].Wait >= before.asked-before.ended.Sub(before.received), "a wait of %s told, %s asked for", j.waits[i].Wait, before.asked)
		wrong.unless(j.starts[i+1].Queued == gap, "%s queued are told, %s were", j.starts[i+1].Queued, gap)
	}
	return wrong
}
