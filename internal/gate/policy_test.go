package gate

import (
	"math/rand/v2"
	"time"
)

// policy is a way to limit requests, written without regard to the gate. Times are
// the server's, from the start of its world.
type policy interface {
	// take counts a request and reports whether it is admitted.
	take(now time.Duration) bool
	// tell is what the headers say: how many remain, of how many, until when.
	tell(now time.Duration) (limit, remaining int, reset time.Duration)
	// next is the earliest time from now on when a request is admitted.
	next(now time.Duration) time.Duration
	// fresh is the same policy at its start.
	fresh() policy
}

// least is the least time in which a policy admits n requests, by the policy alone.
func least(p policy, n int) (at time.Duration) {
	p = p.fresh()
	for range n {
		at = p.next(at)
		if !p.take(at) {
			panic("a policy that breaks its word")
		}
	}
	return at
}

// fixed counts in windows of a fixed length.
type fixed struct {
	limit  func(time.Duration) int
	window time.Duration
	phase  time.Duration

	begins time.Duration
	used   int
}

func always(n int) func(time.Duration) int { return func(time.Duration) int { return n } }

func (f *fixed) fresh() policy {
	return &fixed{limit: f.limit, window: f.window, phase: f.phase, begins: -1 << 62}
}

func (f *fixed) turn(now time.Duration) {
	if begins := (now - f.phase + f.window).Truncate(f.window) + f.phase - f.window; begins != f.begins {
		f.begins, f.used = begins, 0
	}
}

func (f *fixed) take(now time.Duration) bool {
	f.turn(now)
	if f.used >= f.limit(now) {
		return false
	}
	f.used++
	return true
}

func (f *fixed) tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	f.turn(now)
	return f.limit(now), max(f.limit(now)-f.used, 0), f.begins + f.window
}

func (f *fixed) next(now time.Duration) time.Duration {
	copied := *f
	f = &copied
	for {
		f.turn(now)
		if f.used < f.limit(now) {
			return now
		}
		if now < raisedAt && f.used < f.limit(raisedAt) && raisedAt < f.begins+f.window {
			return raisedAt
		}
		now = f.begins + f.window
	}
}

// raisedAt is when limits that move do.
const raisedAt = 90 * time.Second

// moving is a limit that changes in the middle of a window.
func moving(before, after int) func(time.Duration) int {
	return func(now time.Duration) int {
		if now < raisedAt {
			return before
		}
		return after
	}
}

// sliding remembers each request for as long as the window is.
type sliding struct {
	limit  int
	window time.Duration
	log    []time.Duration
}

func (s *sliding) fresh() policy { return &sliding{limit: s.limit, window: s.window} }

func (s *sliding) turn(now time.Duration) {
	for len(s.log) > 0 && s.log[0]+s.window <= now {
		s.log = s.log[1:]
	}
}

func (s *sliding) take(now time.Duration) bool {
	s.turn(now)
	if len(s.log) >= s.limit {
		return false
	}
	s.log = append(s.log, now)
	return true
}

func (s *sliding) tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	s.turn(now)
	reset = now + s.window
	if len(s.log) > 0 {
		reset = s.log[0] + s.window
	}
	return s.limit, s.limit - len(s.log), reset
}

func (s *sliding) next(now time.Duration) time.Duration {
	s.turn(now) // asked about the present only, or by a copy
	if len(s.log) < s.limit {
		return now
	}
	return s.log[0] + s.window
}

// bucket holds tokens, and gets new ones at a steady rate. With a size of one it is
// a leaky bucket that spaces requests out.
type bucket struct {
	size  int
	every time.Duration

	full time.Duration // when it is, without further requests
}

func (b *bucket) fresh() policy { return &bucket{size: b.size, every: b.every} }

func (b *bucket) take(now time.Duration) bool {
	if b.next(now) > now {
		return false
	}
	b.full = max(b.full, now) + b.every
	return true
}

func (b *bucket) tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	missing := int((max(b.full-now, 0) + b.every - 1) / b.every)
	return b.size, b.size - missing, max(b.full, now)
}

func (b *bucket) next(now time.Duration) time.Duration {
	return max(now, b.full-time.Duration(b.size-1)*b.every)
}

// both is a burst limit inside a window: the window's headers are told.
type both struct{ window, burst policy }

func (b *both) fresh() policy { return &both{b.window.fresh(), b.burst.fresh()} }

func (b *both) take(now time.Duration) bool {
	return b.burst.next(now) == now && b.window.take(now) && b.burst.take(now)
}

func (b *both) tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	return b.window.tell(now)
}

func (b *both) next(now time.Duration) time.Duration {
	for {
		at := max(b.window.next(now), b.burst.next(now))
		if at == now {
			return now
		}
		now = at
	}
}

// drawPolicy draws a policy of at least one request in a second on average.
func drawPolicy(r *rand.Rand) (name string, p policy) {
	window := pick(r, time.Second, 2*time.Second, 5*time.Second, 10*time.Second, 30*time.Second, time.Minute)
	limit := 1 + r.IntN(100)
	switch r.IntN(9) {
	case 0, 1, 2:
		return "fixed", &fixed{limit: always(limit), window: window}
	case 3:
		return "unaligned", &fixed{limit: always(limit), window: window, phase: time.Duration(r.Int64N(int64(window)))}
	case 4:
		return "moving", &fixed{limit: moving(limit, 1+r.IntN(100)), window: window}
	case 5:
		return "sliding", &sliding{limit: limit, window: window}
	case 6:
		return "tokens", &bucket{size: 1 + r.IntN(60), every: pick(r, 50*time.Millisecond, 200*time.Millisecond, time.Second)}
	case 7:
		return "leaky", &bucket{size: 1, every: pick(r, 50*time.Millisecond, 200*time.Millisecond, time.Second)}
	default:
		burst := &fixed{limit: always(max(1, limit/4)), window: time.Second}
		return "burst", &both{&fixed{limit: always(limit), window: window}, burst}
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }
