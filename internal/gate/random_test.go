package gate

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/devotel/orbit-go/internal/strict"
)

var (
	policies  = flag.Int("policies", 2000, "how many random policies to run")
	firstSeed = flag.Uint64("seed", 1, "the seed of the first policy; -policies 1 replays one")
)

// drawn is a world with what its policy allows.
type drawn struct {
	world

	name    string
	slowest time.Duration // latency
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// drawPolicy draws a way to limit requests.
func drawPolicy(r *rand.Rand) (name string, p strict.Policy) {
	window := pick(r, time.Second, 2*time.Second, 5*time.Second, 10*time.Second, 30*time.Second, time.Minute)
	limit := 1 + r.IntN(100)
	gap := pick(r, 50*time.Millisecond, 200*time.Millisecond, time.Second)
	switch r.IntN(9) {
	case 0, 1, 2:
		return "fixed", &strict.Fixed{Limit: limit, Window: window}
	case 3:
		return "unaligned", &strict.Fixed{Limit: limit, Window: window, Phase: time.Duration(r.Int64N(int64(window)))}
	case 4:
		return "moving", &strict.Fixed{Limit: limit, After: 1 + r.IntN(100), Window: window}
	case 5:
		return "sliding", &strict.Sliding{Limit: limit, Window: window}
	case 6:
		return "tokens", &strict.Bucket{Size: 1 + r.IntN(60), Every: gap}
	case 7:
		return "leaky", &strict.Bucket{Size: 1, Every: gap}
	default:
		return "burst", &strict.Both{Window: &strict.Fixed{Limit: limit, Window: window}, Burst: strict.PerSecond(max(1, limit/4))}
	}
}

// draw draws a policy, how it is told, what goes wrong, and who calls.
func draw(seed uint64) *drawn {
	r := rand.New(rand.NewPCG(seed, 0))
	w := &drawn{name: "no limit", slowest: pick(r, 2*time.Millisecond, 20*time.Millisecond, 100*time.Millisecond, time.Second)}
	w.Server = &strict.Server{Latency: strict.Between(1, w.slowest)}
	w.Goroutines, w.Clients = pick(r, 1, 2, 5, 10, 20, 50, 100), 1
	w.Calls = 20 + r.IntN(200)
	if r.IntN(10) > 0 {
		w.name, w.Policy = drawPolicy(r)
		limit, _, _ := w.Policy.Fresh().Tell(0)
		w.Calls = min(w.Calls, 2+4*limit)
		if w.name == "tokens" || w.name == "leaky" {
			w.Calls = 20 + r.IntN(100)
		}
	}
	w.drawHeaders(r)
	w.drawTrouble(r)
	switch r.IntN(8) {
	case 0:
		w.Cancelled = 0.2
	case 1:
		w.Clients = 2 + r.IntN(3)
	case 2:
		w.MaxWait = new(time.Duration)
		*w.MaxWait = pick(r, 0, time.Second, 10*time.Second)
	case 3:
		w.Once = true
	}
	return w
}

func (w *drawn) drawHeaders(r *rand.Rand) {
	switch r.IntN(10) {
	case 0:
		w.Headers.None = true
	case 1:
		w.Headers.Only429 = true
	case 2:
		w.Headers.Nth = 2 + r.IntN(3)
	case 3:
		if w.name != "leaky" && w.name != "tokens" && w.name != "burst" { // each of whose waits would be as wrong as the clock
			w.Headers.Undated, w.Headers.Ahead = true, pick(r, -20*time.Second, 0, 20*time.Second)
		}
	case 4:
		w.Headers.Jump = pick(r, -time.Hour, time.Hour, 1500*time.Millisecond)
	case 5:
		if w.name != "moving" { // who waits for nothing finds a lower limit
			w.Headers.Lie = pick(r, 50*time.Minute, -10*time.Second)
		}
	default:
		w.Headers.Ahead = time.Duration(r.Int64N(int64(time.Hour)))
	}
	w.Headers.NoWait = r.IntN(8) == 0
}

func (w *drawn) drawTrouble(r *rand.Rand) {
	switch r.IntN(8) {
	case 0:
		w.Lost = 0.02
	case 1:
		w.Busy = 0.02
	case 2, 3:
		from := time.Duration(r.Int64N(int64(30 * time.Second)))
		w.Troubles = []strict.Trouble{{
			From: from, To: from + time.Second + time.Duration(r.Int64N(int64(20*time.Second))),
			Fate: pick(r, strict.Refused, strict.Busy, strict.Unconnected, strict.Hanging), Wait: pick(r, 0, 0, time.Second, 5*time.Second),
		}}
		w.Timeout = 5 * time.Second
	}
}

// quiet reports whether nothing goes wrong.
func (w *drawn) quiet() bool { return w.Lost == 0 && w.Busy == 0 && w.Troubles == nil }

// steady reports whether a server tells the truth, as far as it says anything.
func (w *drawn) steady() bool {
	h := w.Headers
	return !h.None && !h.Only429 && h.Nth == 0 && !h.Undated && h.Jump == 0 && h.Lie == 0
}

// windowed reports whether the policy counts in windows that all who call share.
func (w *drawn) windowed() bool { return w.name == "fixed" || w.name == "unaligned" }

// judge compares a run with the least that its policy allows.
func (w *drawn) judgeDrawn() []string {
	unless := func(ok bool, format string, args ...any) {
		if !ok {
			w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
		}
	}
	for i := range w.Calls {
		unless(w.Stored(i) || w.failed[i] != nil || w.given > 0, "call %d is lost", i)
	}
	unless(w.Doubled() == 0, "%d doubled", w.Doubled())
	most := w.mostTime()
	unless(w.took <= most, "took %s, and %s at the most", w.took, most)
	refused := w.mostRefusals()
	unless(w.Refusals() <= refused, "%d refusals, and %d at the most", w.Refusals(), refused)
	failed := w.mostFailures()
	unless(len(w.failed) <= failed, "%d failed, and %d at the most", len(w.failed), failed)
	for i, err := range w.failed {
		unless(!errors.Is(err, errHung), "call %d hangs", i)
	}
	return w.wrong
}

// slowestLeast is the least time of the policy, with the lower limit where it moves:
// who makes the calls may not be quick enough to profit from the higher one.
func (w *drawn) slowestLeast() time.Duration {
	p := w.Policy
	if f, ok := p.(*strict.Fixed); ok {
		p = &strict.Fixed{Limit: f.Lower(), Window: f.Window, Phase: f.Phase}
	}
	return strict.Least(p, w.Calls)
}

// waits is how often the policy makes calls wait, at the most.
func (w *drawn) waits() time.Duration {
	switch p := w.Policy.(type) {
	case nil:
		return 0
	case *strict.Fixed:
		return w.slowestLeast()/p.Window + 1
	default:
		return time.Duration(w.Calls)
	}
}

// mostTime is the least that the policy and the calls' own pace allow, with a
// second and two round trips for each wait, since headers name whole seconds.
func (w *drawn) mostTime() time.Duration {
	trip := 2 * w.slowest
	t := time.Duration(w.Calls/w.Goroutines+1) * trip
	if w.Policy != nil {
		t += w.slowestLeast()
	}
	each := 1200*time.Millisecond + 2*trip
	if w.Headers.Undated {
		each += 20 * time.Second
	}
	t += t/10 + 3*time.Second + 12*trip + w.waits()*each
	if f, ok := w.Policy.(*strict.Fixed); ok && w.name != "fixed" {
		// Nobody tells those who wait of a limit that goes up; and a first window that
		// is cut short is over before all of it can be used.
		t += f.Window
	}
	if w.Headers.Lie != 0 {
		t += time.Duration(len(w.Seen())/100+1) * 62 * time.Second
	}
	if w.Headers.Jump != 0 {
		t += 62 * time.Second
	}
	if w.Lost+w.Busy > 0 || w.Troubles != nil { // attempts that count twice, and a slow start
		t += time.Minute
	}
	for _, x := range w.Troubles {
		t += x.To + 3*w.Timeout
	}
	return t
}

// mostRefusals is none where the server says all, but one for a window whose end
// is cut to whole seconds.
func (w *drawn) mostRefusals() int {
	if w.windowed() && w.steady() && w.quiet() && w.Clients == 1 && w.patient() {
		n := 2 + int(w.waits())
		if w.slowest > 200*time.Millisecond { // nobody waits that long for a probe
			n += w.Goroutines
		}
		return n
	}
	n := (3+w.Clients)*w.Calls + 2*w.Goroutines + 10
	if w.Headers.NoWait && w.Policy != nil {
		n += int(w.slowestLeast() / (4 * time.Second))
	}
	for _, x := range w.Troubles {
		n += int((x.To - x.From) / (400 * time.Millisecond))
	}
	return n
}

// mostFailures is none where nothing goes wrong, and few where something does.
func (w *drawn) mostFailures() int {
	switch {
	case w.Patience() < time.Minute && (w.Policy != nil || !w.quiet()), w.Once && !w.quiet():
		return w.Calls
	case w.Policy != nil && w.slowestLeast() > 4*time.Minute: // refused for longer than four times MaxWait
		return w.Calls
	case w.Headers.Lie > 0, w.Headers.Undated && w.Headers.Ahead > 0: // refusals of longer than MaxWait
		return w.Calls
	case w.quiet():
		return 0
	case w.Troubles == nil:
		return 4 + w.Calls/12
	case w.Troubles[0].Fate == strict.Refused:
		return 0
	case w.Goroutines/w.Clients < 10:
		return w.Calls
	default:
		return w.Goroutines + w.Calls/12 // what was under way
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
	w := draw(seed)
	w.run(t, seed, rules)
	for i, wrong := range w.judgeDrawn() {
		w.wrong[i] = w.name + ": " + wrong
	}
	return w.wrong
}
