package gate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// world is a server, the calls that are made to it, and what it does to them.
type world struct {
	name string
	// policy limits requests; nil for no limit.
	policy policy
	// Of the calls.
	calls      int
	goroutines int
	clients    int           // each with a gate of its own; 1 if 0
	every      time.Duration // that a call begins; 0 for as fast as the goroutines are
	call       Call          // what they begin with
	attempts   int           // 3 if 0
	timeout    time.Duration // of an attempt; 30 s if 0
	cancel     float64       // share of calls that are given up within two minutes
	// Of the server.
	latency func(*rand.Rand) time.Duration // each way; 25 ms if nil
	headers headers
	loss    float64 // share of responses that get lost
	busy    float64 // share of requests that are answered with 503
	trouble []trouble

	// What is seen.
	mu      *sync.Mutex
	rand    *rand.Rand
	start   time.Time
	seen    []request
	said    int // responses
	wrong   []string
	stored  map[int]time.Duration // when a call was first accepted
	doubled int                   // accepted again when the key no longer protects
	failed  map[int]error         // and were not given up
	given   int                   // calls that were
	maybe   int                   // failed calls that may have been accepted
	turns   []turn
	probed  map[*Route]time.Time
	took    time.Duration
	slowest time.Duration // latency
}

// request is what arrived, and what came of it.
type request struct {
	at      time.Duration
	call    int
	verdict Verdict
	probe   bool
}

// turn is when a newcomer came and when it was let in.
type turn struct{ came, went time.Time }

// headers is how a server tells its state.
type headers struct {
	none      bool          // not at all
	only429   bool          // on refusals only
	everyNth  int           // missing on all others
	noWait    bool          // refusals do not say for how long
	ahead     time.Duration // its clock, beside ours
	jump      time.Duration // at half a minute, its clock goes by so much
	undated   bool          // it sends no Date
	lie       time.Duration // added to the reset of a few responses
	bodyWaits time.Duration // a fixed wait for refusals, instead of the policy's
}

// trouble is a time in which the server does something else.
type trouble struct {
	from, to time.Duration
	kind     Verdict // Refused for a storm, Failed for 503, Unsent for no connection, Unheard for hanging
	wait     time.Duration
}

const (
	keyLife = 55 * time.Second
	// hung is when a call that was forgotten ends.
	hung = 5 * time.Hour
)

// run makes all the calls.
func (w *world) run(t *testing.T, seed uint64, rules *rules) {
	t.Helper()
	w.mu, w.rand = new(sync.Mutex), rand.New(rand.NewPCG(seed, 1))
	w.stored, w.failed, w.probed = map[int]time.Duration{}, map[int]error{}, map[*Route]time.Time{}
	w.seen, w.turns, w.wrong, w.said, w.doubled, w.given, w.maybe = nil, nil, nil, 0, 0, 0, 0
	if w.policy != nil {
		w.policy = w.policy.fresh()
	}
	synctest.Test(t, func(*testing.T) {
		w.start = time.Now()
		routes := make([]*Route, max(w.clients, 1))
		for i := range routes {
			routes[i] = newRoute(rules)
		}
		jobs := make(chan int)
		var running sync.WaitGroup
		for g := range w.goroutines {
			r := routes[g%len(routes)]
			running.Go(func() {
				for i := range jobs {
					w.make(r, i)
				}
			})
		}
		for i := range w.calls {
			if w.every > 0 {
				time.Sleep(time.Until(w.start.Add(time.Duration(i) * w.every)))
			}
			jobs <- i
		}
		close(jobs)
		running.Wait()
		w.took = time.Since(w.start)
		w.checkOrder()
		for _, r := range routes {
			w.checkEnd(r)
		}
	})
}

// make makes one call as the pipeline does.
func (w *world) make(r *Route, i int) {
	call := w.call
	ctx, stop := context.WithTimeoutCause(context.Background(), hung, errHung)
	defer stop()
	w.mu.Lock()
	cancelled := false
	if w.cancel > 0 && w.rand.Float64() < w.cancel {
		c, cancel := context.WithTimeout(ctx, time.Duration(w.rand.Int64N(int64(2*time.Minute))))
		defer cancel()
		ctx, cancelled = c, true
		call.Deadline, _ = ctx.Deadline()
	}
	w.mu.Unlock()
	defer r.End(&call)
	fail := func(err error, maybe bool) { w.fail(i, err, maybe, cancelled) }
	var last error
	var refused, unclear time.Time
	most := w.attempts
	if most == 0 {
		most = 3
	}
	for counted := 0; ; {
		asked := time.Now()
		first := !call.asked
		started, err := r.Enter(ctx, &call)
		w.check(r)
		if err == nil {
			w.admitted(r, &call, first, asked, started)
		}
		if call.MaxWait == 0 && !time.Now().Equal(asked) {
			w.complain("a call that does not wait waited %s", time.Since(asked))
		}
		if err != nil {
			fail(errors.Join(err, context.Cause(ctx), last), !unclear.IsZero())
			return
		}
		if !call.KeyEnds.IsZero() && started.After(call.KeyEnds) {
			r.Drop(&call)
			fail(errors.Join(errKey, last), true)
			return
		}
		rep := w.exchange(ctx, i, started, call.probe != 0)
		if rep.Verdict == Answered {
			r.Leave(&call, rep)
			w.check(r)
			return
		}
		last = fmt.Errorf("verdict %d at %s", rep.Verdict, time.Since(w.start))
		wait, goes := rep.Wait, true
		w.mu.Lock()
		backoff := 100*time.Millisecond + time.Duration(w.rand.Int64N(int64(500*time.Millisecond)))
		w.mu.Unlock()
		switch rep.Verdict {
		case Unheard:
			goes = false
		case Refused:
			if refused.IsZero() {
				refused = rep.Received
			}
			goes = rep.Received.Add(wait).Before(refused.Add(4 * call.MaxWait))
		default:
			counted++
			goes = counted < most && !call.Once
			if rep.Verdict == Failed && unclear.IsZero() {
				unclear = started
				call.KeyEnds = started.Add(keyLife)
			}
		}
		if wait > call.MaxWait || ctx.Err() != nil {
			goes = false
		}
		if wait == 0 {
			wait = backoff
		}
		if !call.KeyEnds.IsZero() && rep.Received.Add(wait).After(call.KeyEnds) ||
			!call.Deadline.IsZero() && rep.Received.Add(wait).After(call.Deadline) {
			goes = false
		}
		if goes {
			r.Rest(&call, rep.Verdict == Failed)
		}
		r.Leave(&call, rep)
		w.check(r)
		if !goes {
			fail(last, !unclear.IsZero())
			return
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			fail(ctx.Err(), !unclear.IsZero())
			return
		}
	}
}

var errHung = errors.New("the call hangs")

var errKey = errors.New("the key no longer protects the call")

// exchange is one attempt.
func (w *world) exchange(ctx context.Context, call int, started time.Time, probe bool) *Report {
	timeout := w.timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rep := &Report{Started: started, Verdict: Failed}
	delay := func() bool {
		w.mu.Lock()
		d := 25 * time.Millisecond
		if w.latency != nil {
			d = w.latency(w.rand)
		}
		w.mu.Unlock()
		select {
		case <-time.After(d):
			return true
		case <-ctx.Done():
			return false
		}
	}
	heard := delay()
	if heard {
		w.mu.Lock()
		heard = w.serve(call, probe, rep)
		w.mu.Unlock()
		if heard {
			heard = delay()
		} else if rep.Verdict == Unheard { // the server hangs
			<-ctx.Done()
		}
	}
	rep.Received = time.Now()
	if !heard {
		lost := *rep
		*rep = Report{Started: started, Received: lost.Received, Verdict: Failed}
		if lost.Verdict == Unsent {
			rep.Verdict = Unsent
		}
		if ctx.Err() != nil && time.Since(started) < timeout {
			rep.Verdict = Unheard
		}
	}
	return rep
}

// serve is the server's part: it fills the report, and returns false where the
// response gets lost.
func (w *world) serve(call int, probe bool, rep *Report) bool {
	now := time.Since(w.start)
	defer func() { w.seen = append(w.seen, request{now, call, rep.Verdict, probe}) }()
	for _, t := range w.trouble {
		if now < t.from || now >= t.to {
			continue
		}
		rep.Verdict, rep.Wait = t.kind, t.wait
		return t.kind == Refused || t.kind == Failed
	}
	if w.rand.Float64() < w.busy {
		if w.policy != nil {
			w.policy.take(now)
		}
		return true
	}
	rep.Verdict = Answered
	if w.policy != nil {
		server := now
		if !w.policy.take(server) {
			rep.Verdict = Refused
		}
		w.tell(server, rep)
	}
	if rep.Verdict == Answered {
		if at, known := w.stored[call]; !known {
			w.stored[call] = now
		} else if now-at > time.Minute {
			w.doubled++
		}
		if w.rand.Float64() < w.loss {
			return false
		}
	}
	return true
}

// tell fills in what the headers say.
func (w *world) tell(now time.Duration, rep *Report) {
	h := &w.headers
	w.said++
	limit, remaining, reset := w.policy.tell(now)
	ends := (reset + w.clock(now)).Truncate(time.Second) - (now + w.clock(now)).Truncate(time.Second)
	if h.undated { // the reader takes the time of receipt
		ends = (reset + w.clock(now)).Truncate(time.Second) - now
	}
	if h.lie != 0 && w.said%100 == 7 {
		ends += h.lie
		if rep.Verdict == Answered {
			remaining = 0
		}
	}
	told := !h.none && (!h.only429 || rep.Verdict == Refused) && (h.everyNth == 0 || w.said%h.everyNth == 0)
	if told {
		rep.Known, rep.Limit, rep.Remaining, rep.Ends = true, limit, remaining, ends
	}
	if rep.Verdict != Refused || h.noWait {
		return
	}
	if rep.Wait = h.bodyWaits; rep.Wait == 0 {
		rep.Wait = (w.policy.next(now) - now + time.Second - 1).Truncate(time.Second)
		if told && remaining == 0 {
			rep.Wait = max(rep.Wait, ends)
		}
	}
}

// clock is how far the server's clock is from the world's.
func (w *world) clock(now time.Duration) time.Duration {
	if w.headers.jump != 0 && now > 30*time.Second {
		return w.headers.ahead + w.headers.jump
	}
	return w.headers.ahead
}

func (w *world) fail(call int, err error, maybe, cancelled bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if cancelled {
		w.given++
		return
	}
	w.failed[call] = err
	if maybe {
		w.maybe++
	}
}

func (w *world) complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.wrong) < 5 {
		w.wrong = append(w.wrong, fmt.Sprintf("at %s: ", time.Since(w.start))+fmt.Sprintf(format, args...))
	}
}

// check checks what must hold of a route at any time.
func (w *world) check(r *Route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	unless := func(ok bool, what string) {
		if !ok {
			w.complain("%s: flying %d, probes %d, held %d, resting %d, left %d of %d, queued %d",
				what, r.flying, r.probes, r.held, r.resting, r.left, r.limit, r.queued())
		}
	}
	unless(r.flying >= 0 && r.probes >= 0 && r.held >= 0 && r.resting >= 0, "something is negative")
	unless(r.probes <= r.flying, "more probes than attempts")
	unless(!r.known || r.left <= r.limit, "more is left than the limit")
	unless(!r.open || r.refusals == 0 && r.failures < r.rules.failures, "open in an outage")
	if r.queued() > 0 {
		before := time.Now().Add(-1) // what is due now is about to happen
		unless(r.due(before).After(before) || r.flying > 0 || r.resting > 0, "nothing will wake the queue")
	}
}

// admitted checks an attempt that was let in.
func (w *world) admitted(r *Route, call *Call, first bool, came, went time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if first {
		w.turns = append(w.turns, turn{came, went})
	}
	if call.probe == 0 || call.Once || call.MaxWait < time.Minute {
		return
	}
	r.mu.Lock()
	out := r.probes
	r.mu.Unlock()
	if last := w.probed[r]; out > 1 && went.Sub(last) < 50*time.Millisecond {
		w.wrong = append(w.wrong, fmt.Sprintf("two probes within %s", went.Sub(last)))
	}
	w.probed[r] = went
}

// checkOrder checks that newcomers are let in in the order in which they came.
func (w *world) checkOrder() {
	if w.clients > 1 || w.call.Once || w.call.MaxWait < time.Minute || w.cancel > 0 {
		return
	}
	slices.SortStableFunc(w.turns, func(a, b turn) int { return a.went.Compare(b.went) })
	latest := w.start
	for _, t := range w.turns {
		if t.came.Before(latest) && !slices.ContainsFunc(w.turns, func(o turn) bool { return o.came.Equal(latest) && o.went.Equal(t.went) }) {
			w.complain("who came at %s went after who came at %s", t.came.Sub(w.start), latest.Sub(w.start))
			return
		}
		latest = later(latest, t.came)
	}
}

// checkEnd checks that nothing is left behind.
func (w *world) checkEnd(r *Route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flying != 0 || r.probes != 0 || r.held != 0 || r.resting != 0 || r.queued() != 0 {
		w.complain("at the end: flying %d, probes %d, held %d, resting %d, queued %d", r.flying, r.probes, r.held, r.resting, r.queued())
	}
}

// refusals is how many requests were refused.
func (w *world) refusals() (n int) {
	for _, s := range w.seen {
		if s.verdict == Refused {
			n++
		}
	}
	return n
}

// between is how many requests came in a time.
func (w *world) between(from, to time.Duration) (n int) {
	for _, s := range w.seen {
		if s.at >= from && s.at < to {
			n++
		}
	}
	return n
}

// busiest is the most requests of any second from a time on.
func (w *world) busiest(from time.Duration) (most int) {
	for i, j := 0, 0; i < len(w.seen); i++ {
		for w.seen[i].at-w.seen[j].at >= time.Second {
			j++
		}
		if w.seen[i].at >= from {
			most = max(most, i-j+1)
		}
	}
	return most
}
