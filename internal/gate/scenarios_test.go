package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// bounds are what a scenario allows beyond its world.
type bounds struct {
	took     time.Duration
	refused  int // 429s
	failed   int
	requests int // during the trouble; 0 for any number
	busiest  int // requests in a second after it; 0 for any number
}

// scenario is a world with what it may cost.
type scenario struct {
	world
	bounds
}

func latency(low, high time.Duration) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return low + time.Duration(r.Int64N(int64(high-low+1))) }
}

func perMinute(n int) policy { return &fixed{limit: always(n), window: time.Minute} }

func perSecond(n int) policy { return &fixed{limit: always(n), window: time.Second} }

// limits are servers that limit requests, in every way that the gate has to live
// with.
func limits() []scenario {
	const s, m = time.Second, time.Minute
	patient := Call{MaxWait: 75 * s}
	w := func(name string, p policy, calls, goroutines int) world {
		return world{name: name, policy: p, calls: calls, goroutines: goroutines, call: patient}
	}
	with := func(w world, change func(*world)) world {
		change(&w)
		return w
	}
	told := func(name string, h headers) world {
		return with(w(name, perMinute(300), 1500, 64), func(w *world) { w.headers = h })
	}
	floored := &fixed{limit: always(300), window: m, phase: 17700 * time.Millisecond}
	return []scenario{
		{w("fixed, aligned", perMinute(300), 1500, 64), bounds{took: 4*m + 600*time.Millisecond}},
		{w("fixed, 500 goroutines", perMinute(100), 1500, 500), bounds{took: 14*m + 1*s}},
		{w("fixed, not aligned, cut to seconds", floored, 1500, 64), bounds{took: 3*m + 19*s, refused: 1}},
		{w("windows of 1 s", perSecond(10), 300, 32), bounds{took: 34 * s}},
		{w("sliding", &sliding{limit: 300, window: m}, 1500, 64), bounds{took: 4*m + 3*s}},
		{with(w("sliding, after steady traffic", &sliding{limit: 300, window: m}, 1500, 64),
			func(w *world) { w.every = 150 * time.Millisecond }), bounds{took: 5 * m, refused: 110}},
		{w("token bucket", &bucket{size: 60, every: 200 * time.Millisecond}, 1500, 64), bounds{took: 4*m + 56*s}},
		{w("20 a second in 600 a minute", &both{perMinute(600), perSecond(20)}, 1800, 64), bounds{took: 2*m + 37*s, refused: 80}},
		{w("20 a second in 6000 a minute", &both{perMinute(6000), perSecond(20)}, 1800, 64), bounds{took: 1*m + 45*s, refused: 80}},
		{with(w("4 clients", perMinute(300), 1500, 128), func(w *world) { w.clients = 4 }), bounds{took: 4*m + 1900*time.Millisecond, refused: 400}},
		{with(w("16 clients", perMinute(300), 3000, 256), func(w *world) { w.clients = 16 }), bounds{took: 9*m + 3*s, refused: 2000}},
		{w("goes up within a window", &fixed{limit: moving(300, 600), window: m}, 2100, 64), bounds{took: 4*m + 2*s}},
		{with(w("responses take 90 s", perMinute(20), 200, 64),
			func(w *world) { w.timeout, w.latency = time.Hour, latency(45*s, 45*s) }), bounds{took: 12*m + 36*s, refused: 5}},
		{with(w("latency of 5 ms to 3 s", perMinute(300), 1500, 64),
			func(w *world) { w.latency = latency(2500*time.Microsecond, 1500*time.Millisecond) }), bounds{took: 4*m + 13*s}},
		{told("clock 3 h ahead", headers{ahead: 3 * time.Hour}), bounds{took: 4*m + 600*time.Millisecond}},
		{told("clock steps 1 h back", headers{jump: -time.Hour}), bounds{took: 4*m + 2*s, refused: 5}},
		{told("no Date, 20 s ahead", headers{undated: true, ahead: 20 * s}), bounds{took: 4*m + 6*s, refused: 5}},
		{told("no Date, 20 s behind", headers{undated: true, ahead: -20 * s}), bounds{took: 4*m + 6*s, refused: 20}},
		{told("headers on every other response", headers{everyNth: 2}), bounds{took: 4*m + 3*s, refused: 150}},
		{told("headers on 429s only", headers{only429: true}), bounds{took: 4*m + 10*s, refused: 300}},
		{told("only Retry-After", headers{none: true}), bounds{took: 4*m + 10*s, refused: 300}},
		{told("nothing but 429", headers{none: true, noWait: true}), bounds{took: 4*m + 30*s, refused: 300}},
		{with(w("bucket, only Retry-After", &bucket{size: 60, every: 200 * time.Millisecond}, 1500, 256),
			func(w *world) { w.headers.none = true }), bounds{took: 4*m + 60*s, refused: 1500}},
		{with(w("some name a reset 50 min away", perMinute(1000), 500, 4),
			func(w *world) { w.headers.lie = 50 * m }), bounds{took: 6 * m}},
		{with(w("half of the responses lost", perMinute(600), 2000, 64),
			func(w *world) { w.loss = 0.5 }), bounds{took: 6 * m, refused: 5, failed: 400}},
		{with(w("2 % of the responses lost", perMinute(600), 5000, 500), func(w *world) { w.loss = 0.02 }), bounds{took: 8*m + 3*s, failed: 8}},
		{with(w("2 % busy", perMinute(600), 5000, 500), func(w *world) { w.busy = 0.02 }), bounds{took: 8*m + 3*s, failed: 8}},
		{with(w("MaxWait shorter than the reset", perMinute(100), 200, 200),
			func(w *world) { w.call.MaxWait = 30 * s }), bounds{took: 1 * s, failed: 100}},
		{with(w("MaxWait 0", perMinute(100), 200, 200), func(w *world) { w.call.MaxWait = 0 }), bounds{took: 1 * s, refused: 100, failed: 100}},
	}
}

// troubles are servers in trouble.
func troubles() []scenario {
	const s, m = time.Second, time.Minute
	w := func(name string, calls, goroutines int, t trouble) world {
		return world{name: name, calls: calls, goroutines: goroutines, call: Call{MaxWait: 75 * s}, trouble: []trouble{t}}
	}
	steady := func(name string, calls int, t trouble) world {
		x := w(name, calls, calls, t)
		x.every, x.timeout = 2*time.Millisecond, 10*s
		return x
	}
	first := 60 * time.Millisecond // later than the first response
	once := w("one attempt each, never answered", 40, 40, trouble{0, time.Hour, Failed, 0})
	once.call.Once = true
	slowly := w("refused for 50 min, wrongly", 100, 100, trouble{9 * s, 11 * s, Refused, 50 * m})
	slowly.every = 10 * s
	return []scenario{
		{w("429 for 60 s, asks for 1 s", 2000, 1000, trouble{0, m, Refused, s}), bounds{took: m + 3*s, refused: 60}},
		{w("429 for 60 s, asks for nothing", 128, 64, trouble{0, m, Refused, 0}), bounds{took: m + 9*s, refused: 15}},
		{w("429 for 20 s, asks for 30 s", 1000, 100, trouble{first, 20 * s, Refused, 30 * s}), bounds{took: 35 * s, refused: 110}},
		{w("429 for ever", 50, 50, trouble{0, time.Hour, Refused, s}), bounds{took: 5*m + s, refused: 310, failed: 50}},
		{slowly, bounds{took: 17 * m, refused: 2, failed: 10}},
		{w("503 for 10 s, 1000 at once", 1000, 1000, trouble{first, first + 10*s, Failed, 0}), bounds{took: 15 * s, requests: 1300}},
		{w("503 for 10 s, 50 at once", 50, 50, trouble{0, 10 * s, Failed, 0}), bounds{took: 13 * s, requests: 65}},
		{w("503 for 10 s, 10 at once", 10, 10, trouble{0, 10 * s, Failed, 0}), bounds{took: 13 * s, requests: 25}},
		{w("503 for 10 s, alone", 1, 1, trouble{0, 10 * s, Failed, 0}), bounds{took: 2 * s, failed: 1, requests: 3}},
		{w("no connection for 3 s", 50, 50, trouble{0, 3 * s, Unsent, 0}), bounds{took: 6 * s, requests: 60}},
		{steady("503 for 10 s at 500 a second", 30000, trouble{20 * s, 30 * s, Failed, 0}), bounds{took: 61 * s, requests: 250, busiest: 800}},
		{steady("hangs for 10 s at 500 a second", 30000, trouble{20 * s, 30 * s, Unheard, 0}), bounds{took: 61 * s, requests: 5100}},
		{steady("503 for 100 s at 500 a second", 70000, trouble{20 * s, 120 * s, Failed, 0}), bounds{took: 4 * m, failed: 15000, requests: 1000, busiest: 800}},
		{once, bounds{took: 2 * s, failed: 40}},
		{w("503 for ever, 1000 at once", 1000, 1000, trouble{0, time.Hour, Failed, 0}), bounds{took: 80 * s, failed: 1000, requests: 1200}},
	}
}

// judge runs the scenario and returns what is wrong with what it saw.
func (s *scenario) judge(t *testing.T, rules *rules) []string {
	t.Helper()
	s.run(t, 1, rules)
	wrong := slices.Clone(s.wrong)
	unless := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	unless(s.world.took <= s.bounds.took, "took %s", s.world.took)
	unless(s.refusals() <= s.refused, "%d refusals", s.refusals())
	unless(len(s.world.failed) <= s.bounds.failed, "%d failed", len(s.world.failed))
	unless(s.doubled == 0, "%d doubled", s.doubled)
	for _, x := range s.trouble {
		n, most := s.between(x.from, x.to), s.world.busiest(x.to)
		unless(s.requests == 0 || n <= s.requests, "%d requests in the trouble", n)
		unless(s.bounds.busiest == 0 || most <= s.bounds.busiest, "%d requests in a second after it", most)
	}
	return wrong
}

// GATE-1 to GATE-10, LIM-1: what each server costs, beside the least that it allows.
func TestScenarios(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "scenario\tleast\ttook\t429s\tfailed\tin trouble")
	for _, s := range append(limits(), troubles()...) {
		if s.calls > 5000 && testing.Short() {
			continue
		}
		for _, wrong := range s.judge(t, standard()) {
			t.Errorf("%s: %s", s.name, wrong)
		}
		shortest, inTrouble := "-", 0
		if s.policy != nil {
			shortest = least(s.policy, s.calls).Round(time.Millisecond).String()
		}
		for _, x := range s.trouble {
			inTrouble += s.between(x.from, x.to)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\n", s.name, shortest, s.world.took.Round(time.Millisecond), s.refusals(), len(s.world.failed), inTrouble)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
}
