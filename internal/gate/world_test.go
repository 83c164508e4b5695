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

	"github.com/devotel/orbit-go/internal/strict"
)

// world is a server and the calls that are made to it, each as the pipeline makes
// them.
type world struct {
	strict.Load
	*strict.Server

	took time.Duration

	mu     sync.Mutex
	wrong  []string
	failed map[int]error // and were not given up
	given  int           // calls that were
	turns  []turn
	probed map[*Route]time.Time
}

// turn is when a newcomer came and when it was let in.
type turn struct{ came, went time.Time }

const (
	// attempts and keyLife are those of the pipeline.
	attempts = 3
	keyLife  = 55 * time.Second
	// hung is when a call that was forgotten ends.
	hung = 5 * time.Hour
)

var (
	errHung = errors.New("the call hangs")
	errKey  = errors.New("the key no longer protects the call")
)

// run makes all the calls.
func (w *world) run(t *testing.T, seed uint64, rules *rules) {
	t.Helper()
	w.wrong, w.turns, w.given = nil, nil, 0
	w.failed, w.probed = map[int]error{}, map[*Route]time.Time{}
	synctest.Test(t, func(*testing.T) {
		w.Start(seed)
		routes := make([]*Route, max(w.Clients, 1))
		for i := range routes {
			routes[i] = newRoute(rules)
		}
		w.took = w.Run(func(client, i int) { w.make(routes[client], i) })
		w.checkOrder()
		for _, r := range routes {
			w.checkEnd(r)
		}
	})
}

// made is one call on its way.
type made struct {
	*world

	r         *Route
	i         int
	call      Call
	ctx       context.Context
	cancelled bool
	counted   int
	refused   time.Time // first
	unclear   time.Time // first
	deadline  time.Time
	keyEnds   time.Time
	last      error
}

func (w *world) make(r *Route, i int) {
	m := &made{world: w, r: r, i: i, call: Call{MaxWait: w.Patience(), Once: w.Once}}
	var stop context.CancelFunc
	m.ctx, stop = context.WithTimeoutCause(context.Background(), hung, errHung)
	defer stop()
	gone := w.Chance(func(r *rand.Rand) time.Duration {
		if r.Float64() < w.Cancelled {
			return 1 + time.Duration(r.Int64N(int64(2*time.Minute)))
		}
		return 0
	})
	if gone > 0 {
		m.ctx, stop = context.WithTimeout(m.ctx, gone)
		defer stop()
		m.cancelled = true
		m.deadline, _ = m.ctx.Deadline()
	}
	defer r.End(&m.call)
	for m.attempt() {
		w.check(r)
	}
	w.check(r)
}

// attempt makes one, and reports whether there is to be another.
func (m *made) attempt() bool {
	came, first := time.Now(), !m.call.asked
	started, err := m.r.Enter(m.ctx, &m.call, m.keyEnds)
	if m.call.MaxWait == 0 && !time.Now().Equal(came) {
		m.complain("a call that does not wait waited %s", time.Since(came))
	}
	if err != nil {
		return m.fail(errors.Join(err, context.Cause(m.ctx), m.last))
	}
	m.admitted(m.r, &m.call, first, came, started)
	if !m.keyEnds.IsZero() && started.After(m.keyEnds) {
		m.r.Drop(&m.call)
		return m.fail(errors.Join(errKey, m.last))
	}
	rep := m.exchange(started)
	if rep.Verdict == Answered {
		m.r.Leave(&m.call, rep)
		return false
	}
	m.last = fmt.Errorf("verdict %d at %s", rep.Verdict, m.Now())
	wait, goes := m.plan(rep)
	if goes {
		m.r.Rest(&m.call, rep.Verdict == Failed)
	}
	m.r.Leave(&m.call, rep)
	if !goes {
		return m.fail(m.last)
	}
	select {
	case <-time.After(wait):
		return true
	case <-m.ctx.Done():
		return m.fail(m.ctx.Err())
	}
}

// plan decides on a retry, as the pipeline does.
func (m *made) plan(rep *Report) (wait time.Duration, goes bool) {
	if wait = rep.Wait; wait == 0 {
		wait = m.Chance(strict.Between(100*time.Millisecond, 600*time.Millisecond))
	}
	again := rep.Received.Add(wait)
	goes = rep.Wait <= m.call.MaxWait && m.ctx.Err() == nil
	switch rep.Verdict {
	case Unheard:
		return 0, false
	case Refused:
		if m.refused.IsZero() {
			m.refused = rep.Received
		}
		goes = goes && again.Before(m.refused.Add(4*m.call.MaxWait))
	default:
		m.counted++
		goes = goes && m.counted < attempts && !m.call.Once
		if rep.Verdict == Failed && m.unclear.IsZero() {
			m.unclear = rep.Started
			m.keyEnds = rep.Started.Add(keyLife)
		}
	}
	goes = goes && (m.keyEnds.IsZero() || !again.After(m.keyEnds)) &&
		(m.deadline.IsZero() || again.Before(m.deadline))
	return wait, goes
}

func (m *made) fail(err error) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cancelled {
		m.given++
	} else {
		m.failed[m.i] = err
	}
	return false
}

// exchange sends the request and reports what came of it.
func (m *made) exchange(started time.Time) *Report {
	timeout := m.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(m.ctx, timeout)
	defer cancel()
	travel := func() bool {
		select {
		case <-time.After(m.Delay()):
			return true
		case <-ctx.Done():
			return false
		}
	}
	rep := &Report{Started: started, Verdict: Failed}
	if travel() {
		switch resp := m.Serve(m.i); resp.Fate {
		case strict.Hanging:
			<-ctx.Done()
		case strict.Unconnected:
			rep.Verdict = Unsent
		case strict.Lost, strict.Broken:
		default:
			heard := read(&resp)
			if travel() {
				*rep = heard
				rep.Started = started
			}
		}
	}
	rep.Received = time.Now()
	if rep.Verdict == Failed && m.ctx.Err() != nil {
		rep.Verdict = Unheard
	}
	return rep
}

// read reads a response as the pipeline does.
func read(resp *strict.Response) (rep Report) {
	rep.Wait = resp.Wait
	date := resp.Date
	if date.IsZero() {
		date = time.Now()
	}
	if resp.Told {
		rep.Known, rep.Limit, rep.Remaining = true, resp.Limit, resp.Remaining
		rep.Ends = max(resp.Reset.Sub(date), 0)
	}
	switch resp.Fate {
	case strict.Refused:
		rep.Verdict = Refused
		if rep.Known && rep.Remaining == 0 {
			rep.Wait = max(rep.Wait, rep.Ends)
		}
	case strict.Busy:
		rep.Verdict = Failed
	}
	return rep
}

func (w *world) complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.wrong) < 5 {
		w.wrong = append(w.wrong, fmt.Sprintf("at %s: ", w.Now())+fmt.Sprintf(format, args...))
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

// checkEnd checks that nothing is left behind.
func (w *world) checkEnd(r *Route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flying != 0 || r.probes != 0 || r.held != 0 || r.resting != 0 || r.queued() != 0 {
		w.complain("at the end: flying %d, probes %d, held %d, resting %d, queued %d", r.flying, r.probes, r.held, r.resting, r.queued())
	}
}

// patient reports whether every call waits as long as it takes.
func (w *world) patient() bool { return w.Patience() > time.Minute && w.Cancelled == 0 && !w.Once }

// admitted checks an attempt that was let in.
func (w *world) admitted(r *Route, call *Call, first bool, came, went time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if first {
		w.turns = append(w.turns, turn{came, went})
	}
	if call.probe == 0 || !w.patient() {
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
	if w.Clients > 1 || !w.patient() {
		return
	}
	slices.SortStableFunc(w.turns, func(a, b turn) int { return a.went.Compare(b.went) })
	var latest turn // of those who came last, the one who went first
	for _, t := range w.turns {
		if t.came.Before(latest.came) && t.went.After(latest.went) {
			w.complain("who came at %s went after who came at %s", t.came, latest.came)
			return
		}
		if t.came.After(latest.came) {
			latest = t
		}
	}
}
