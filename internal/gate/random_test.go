package gate

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var (
	policies  = flag.Int("policies", 2000, "how many random policies to run")
	firstSeed = flag.Uint64("seed", 1, "the seed of the first policy; -policies 1 replays one")
)

// drawWorld draws a policy, how it is told, what goes wrong, and who calls.
func drawWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 0))
	w := &world{
		goroutines: pick(r, 1, 2, 5, 10, 20, 50, 100), clients: 1,
		call: Call{MaxWait: 75 * time.Second},
	}
	slowest := pick(r, 2*time.Millisecond, 20*time.Millisecond, 100*time.Millisecond, time.Second)
	w.latency = func(r *rand.Rand) time.Duration { return 1 + time.Duration(r.Int64N(int64(slowest))) }
	w.slowest = slowest
	w.name, w.policy = "no limit", nil
	w.calls = 20 + r.IntN(200)
	if r.IntN(10) > 0 {
		w.name, w.policy = drawPolicy(r)
		limit, _, _ := w.policy.fresh().tell(0)
		w.calls = min(w.calls, 2+4*limit)
		if w.name == "tokens" || w.name == "leaky" {
			w.calls = 20 + r.IntN(100)
		}
	}
	switch r.IntN(10) { // how it is told
	case 0:
		w.headers.none = true
	case 1:
		w.headers.only429 = true
	case 2:
		w.headers.everyNth = 2 + r.IntN(3)
	case 3:
		if w.name == "leaky" || w.name == "tokens" || w.name == "burst" {
			break // each wait would be as wrong as the clock
		}
		w.headers.undated = true
		w.headers.ahead = pick(r, -20*time.Second, 0, 20*time.Second)
	case 4:
		w.headers.jump = pick(r, -time.Hour, time.Hour, 1500*time.Millisecond)
	case 5:
		if w.name == "moving" {
			break // who waits for nothing finds a lower limit
		}
		w.headers.lie = pick(r, 50*time.Minute, -10*time.Second)
	}
	if w.headers == (headers{}) {
		w.headers.ahead = time.Duration(r.Int64N(int64(time.Hour)))
	}
	if r.IntN(8) == 0 {
		w.headers.noWait = true
	}
	switch r.IntN(8) { // what goes wrong
	case 0:
		w.loss = 0.02
	case 1:
		w.busy = 0.02
	case 2, 3:
		from := time.Duration(r.Int64N(int64(30 * time.Second)))
		w.trouble = []trouble{{
			from, from + time.Second + time.Duration(r.Int64N(int64(20*time.Second))),
			pick(r, Refused, Failed, Unsent, Unheard), pick(r, 0, 0, time.Second, 5*time.Second),
		}}
		w.timeout = 5 * time.Second
	}
	switch r.IntN(8) { // who calls
	case 0:
		w.cancel = 0.2
	case 1:
		w.clients = 2 + r.IntN(3)
	case 2:
		w.call.MaxWait = pick(r, 0, time.Second, 10*time.Second)
	case 3:
		w.call.Once, w.attempts = true, 1
	}
	return w
}

// quiet reports whether nothing goes wrong.
func (w *world) quiet() bool { return w.loss == 0 && w.busy == 0 && w.trouble == nil }

// steady reports whether a server tells the truth, as far as it says anything.
func (w *world) steady() bool {
	h := w.headers
	return !h.none && !h.only429 && h.everyNth == 0 && !h.undated && h.jump == 0 && h.lie == 0
}

// windowed reports whether the policy counts in windows that all who call share.
func (w *world) windowed() bool { return w.name == "fixed" || w.name == "unaligned" }

// patient reports whether every call waits as long as it takes.
func (w *world) patient() bool { return w.call.MaxWait > time.Minute && w.cancel == 0 && !w.call.Once }

// judge compares a run with the least that its policy allows.
func (w *world) judge() []string {
	unless := func(ok bool, format string, args ...any) {
		if !ok {
			w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
		}
	}
	for i := range w.calls {
		_, stored := w.stored[i]
		unless(stored || w.failed[i] != nil || w.given > 0, "call %d is lost", i)
	}
	unless(w.doubled == 0, "%d doubled", w.doubled)
	most := w.mostTime()
	unless(w.took <= most, "took %s, and %s at the most", w.took, most)
	refused := w.mostRefusals()
	unless(w.refusals() <= refused, "%d refusals, and %d at the most", w.refusals(), refused)
	failed := w.mostFailures()
	unless(len(w.failed) <= failed, "%d failed, and %d at the most", len(w.failed), failed)
	for i, err := range w.failed {
		unless(!errors.Is(err, errHung), "call %d hangs", i)
	}
	return w.wrong
}

// slowestLeast is the least time of the policy, with the lower limit where it moves:
// who makes the calls may not be quick enough to profit from the higher one.
func (w *world) slowestLeast() time.Duration {
	p := w.policy
	if f, ok := p.(*fixed); ok {
		p = &fixed{limit: always(min(f.limit(0), f.limit(raisedAt))), window: f.window, phase: f.phase}
	}
	return least(p, w.calls)
}

// waits is how often the policy makes calls wait, at the most.
func (w *world) waits() time.Duration {
	switch p := w.policy.(type) {
	case nil:
		return 0
	case *fixed:
		return w.slowestLeast()/p.window + 1
	default:
		return time.Duration(w.calls)
	}
}

// mostTime is the least that the policy and the calls' own pace allow, with a
// second and two round trips for each wait, since headers name whole seconds.
func (w *world) mostTime() time.Duration {
	trip := 2 * w.slowest
	t := time.Duration(w.calls/w.goroutines+1) * trip
	if w.policy != nil {
		t += w.slowestLeast()
	}
	each := 1200*time.Millisecond + 2*trip
	if w.headers.undated {
		each += 20 * time.Second
	}
	t += t/10 + 3*time.Second + 12*trip + w.waits()*each
	if f, ok := w.policy.(*fixed); ok && w.name != "fixed" {
		// Nobody tells those who wait of a limit that goes up; and a first window that
		// is cut short is over before all of it can be used.
		t += f.window
	}
	if w.headers.lie != 0 {
		t += time.Duration(w.said/100+1) * 62 * time.Second
	}
	if w.headers.jump != 0 {
		t += 62 * time.Second
	}
	if w.loss+w.busy > 0 || w.trouble != nil { // attempts that count twice, and a slow start
		t += time.Minute
	}
	for _, x := range w.trouble {
		t += x.to + 3*w.timeout
	}
	return t
}

// mostRefusals is none where the server says all, but one for a window whose end
// is cut to whole seconds.
func (w *world) mostRefusals() int {
	if w.windowed() && w.steady() && w.quiet() && w.clients == 1 && w.patient() {
		n := 2 + int(w.waits())
		if w.slowest > 200*time.Millisecond { // nobody waits that long for a probe
			n += w.goroutines
		}
		return n
	}
	n := (3+w.clients)*w.calls + 2*w.goroutines + 10
	if w.headers.noWait && w.policy != nil {
		n += int(w.slowestLeast() / (4 * time.Second))
	}
	for _, x := range w.trouble {
		n += int((x.to - x.from) / (400 * time.Millisecond))
	}
	return n
}

// mostFailures is none where nothing goes wrong, and few where something does.
func (w *world) mostFailures() int {
	switch {
	case w.call.MaxWait < time.Minute && (w.policy != nil || !w.quiet()), w.call.Once && !w.quiet():
		return w.calls
	case w.policy != nil && w.slowestLeast() > 4*time.Minute: // refused for longer than four times MaxWait
		return w.calls
	case w.headers.lie > 0, w.headers.undated && w.headers.ahead > 0: // refusals of longer than MaxWait
		return w.calls
	case w.quiet():
		return 0
	case w.trouble == nil:
		return 4 + w.calls/12
	case w.trouble[0].kind == Refused:
		return 0
	case w.goroutines/w.clients < 10:
		return w.calls
	default:
		return w.goroutines + w.calls/12 // what was under way
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	n := uint64(*policies)
	if testing.Short() {
		n = min(n, 200)
	}
	failed := 0
	for seed := *firstSeed; seed < *firstSeed+n && failed < 100; seed++ {
		for _, wrong := range play(t, seed, standard()) {
			t.Errorf("seed %d: %s", seed, wrong)
			failed++
		}
	}
	t.Logf("%d policies from seed %d; replay one with -run TestPolicies -policies 1 -seed N", n, *firstSeed)
}

// play runs the world of a seed and returns what is wrong with what it saw.
func play(t *testing.T, seed uint64, rules *rules) []string {
	t.Helper()
	w := drawWorld(seed)
	w.run(t, seed, rules)
	for i, wrong := range w.judge() {
		w.wrong[i] = w.name + ": " + wrong
	}
	return w.wrong
}
