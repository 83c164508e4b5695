package gate

import (
	"testing"
	"time"

	"github.com/devotel/orbit-go/internal/strict"
)

// planted is a set of rules with one mistake, and the scenario that shows it; the
// random policies do where none is named.
type planted struct {
	name  string
	where string
	plant func(*rules)
}

func bugs() []planted {
	return []planted{
		{"a credit given twice", "", func(r *rules) { r.back = func(Verdict) int { return 1 } }},
		{"an epoch ignored", "", func(r *rules) { r.current = func(uint64, uint64) bool { return true } }},
		{"a probe that is waited for for ever", "", func(r *rules) { r.firstStep, r.minStep, r.maxStep = time.Hour, time.Hour, time.Hour }},
		{"no wait for a probe", "", func(r *rules) { r.firstStep, r.minStep = 0, 0 }},
		{"a queue that is not looked at", "503 for 10 s, 50 at once", func(r *rules) { r.outageStep, r.maxOutageStep = time.Hour, time.Hour }},
		{"probes without a pause", "", func(r *rules) { r.outageStep, r.maxOutageStep = 0, 0 }},
		{"refusals without a pause", "nothing but 429", func(r *rules) { r.refusalStep = 0 }},
		{"a server's wait cut short", "429 for 20 s, asks for 30 s", func(r *rules) { r.longestWait = time.Second }},
		{"closed for as long as a server says", "refused for 50 min, wrongly", func(r *rules) { r.askAgain = 100 * time.Hour }},
		{"an outage that is never seen", "503 for 10 s, 1000 at once", func(r *rules) { r.failures = 1 << 30 }},
		{"an outage that never ends", "503 for 10 s at 500 a second", func(r *rules) { r.release = func(int) time.Duration { return time.Hour } }},
		{"everybody at once after an outage", "503 for 10 s at 500 a second, at once", func(r *rules) { r.release = func(int) time.Duration { return 0 } }},
		{"no places for retries", "2 % of the responses lost", func(r *rules) { r.spare = func(float64, int) int { return 0 } }},
		{"all places for retries", "", func(r *rules) { r.spare = func(float64, int) int { return 1 << 20 } }},
		{"a window's end taken too early", "", func(r *rules) { r.longestWindow = time.Second }},
		{"a window's end taken as it is", "some name a reset 50 min away", func(r *rules) { r.longestWindow = 100 * time.Hour }},
		{"impatient where a server refuses", "429 for 100 s, asks for 10 s", func(r *rules) { r.patience = 1 }},
		{"patient for ever", "429 for ever", func(r *rules) { r.patience = 100 }},
		{"every window taken to be over", "", func(r *rules) { r.slow = 0 }},
		{"a window always a minute late", "", func(r *rules) { r.lateness = time.Minute }},
	}
}

// Every mistake in the rules is found. It shows that the other tests can fail.
func TestPlantedBugs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs thousands of policies")
	}
	for _, bug := range bugs() {
		t.Run(bug.name, func(t *testing.T) { //nolint:paralleltest // some take much memory
			bad := standard()
			bug.plant(bad)
			for _, s := range strict.Scenarios() {
				if s.Name != bug.where {
					continue
				}
				w := &world{Load: s.Load, Server: &s.Server}
				if wrong := w.judge(t, &s, bad); len(wrong) > 0 {
					t.Logf("%s: %s", s.Name, wrong[0])
					return
				}
			}
			for seed := range uint64(2000) {
				if wrong := play(t, seed, bad); len(wrong) > 0 {
					t.Logf("seed %d: %s", seed, wrong[0])
					return
				}
			}
			t.Error("was not found")
		})
	}
}
