// Package strict holds servers for tests: they count requests by policies of their
// own, say so in headers that may be late, cut, wrong or missing, and break. They
// are written without regard to what they test, and share nothing with orbittest.
// A policy knows the least time in which it admits a number of requests, so that a
// test can compare.
package strict

import "time"

// Policy is a way to limit requests. Times are the server's, from the start of its
// world; they never go back.
type Policy interface {
	// Take counts a request and reports whether it is admitted.
	Take(now time.Duration) bool
	// Tell is what the headers say: how many remain, of how many, until when.
	Tell(now time.Duration) (limit, remaining int, reset time.Duration)
	// Next is the earliest time from now on when a request is admitted.
	Next(now time.Duration) time.Duration
	// Fresh is the same policy at its start.
	Fresh() Policy
}

// Least is the least time in which a policy admits n requests, by the policy alone.
func Least(p Policy, n int) (at time.Duration) {
	p = p.Fresh()
	for range n {
		at = p.Next(at)
		if !p.Take(at) {
			panic("a policy that breaks its word")
		}
	}
	return at
}

// MovesAt is when limits that move do.
const MovesAt = 90 * time.Second

// Fixed counts in windows of a fixed length.
type Fixed struct {
	// Limit is the number of requests in a window, After the one from MovesAt on; 0
	// for the same.
	Limit, After int
	// Window is the length, Phase the start of one of them.
	Window, Phase time.Duration

	begins time.Duration
	used   int
}

// Fresh makes Fixed a Policy.
func (f *Fixed) Fresh() Policy {
	return &Fixed{Limit: f.Limit, After: f.After, Window: f.Window, Phase: f.Phase, begins: -1 << 62}
}

// Lower is the lower of the two limits.
func (f *Fixed) Lower() int {
	if f.After == 0 {
		return f.Limit
	}
	return min(f.Limit, f.After)
}

func (f *Fixed) at(now time.Duration) int {
	if f.After != 0 && now >= MovesAt {
		return f.After
	}
	return f.Limit
}

func (f *Fixed) turn(now time.Duration) {
	if begins := (now - f.Phase + f.Window).Truncate(f.Window) + f.Phase - f.Window; begins != f.begins {
		f.begins, f.used = begins, 0
	}
}

// Take makes Fixed a Policy.
func (f *Fixed) Take(now time.Duration) bool {
	f.turn(now)
	if f.used >= f.at(now) {
		return false
	}
	f.used++
	return true
}

// Tell makes Fixed a Policy.
func (f *Fixed) Tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	f.turn(now)
	return f.at(now), max(f.at(now)-f.used, 0), f.begins + f.Window
}

// Next makes Fixed a Policy.
func (f *Fixed) Next(now time.Duration) time.Duration {
	later := *f
	for {
		later.turn(now)
		end := later.begins + later.Window
		switch {
		case later.used < later.at(now):
			return now
		case now < MovesAt && MovesAt < end && later.used < later.at(MovesAt):
			return MovesAt
		}
		now = end
	}
}

// Sliding remembers each request for as long as its window is.
type Sliding struct {
	// Limit is the number of requests within Window.
	Limit  int
	Window time.Duration

	log []time.Duration
}

// Fresh makes Sliding a Policy.
func (s *Sliding) Fresh() Policy { return &Sliding{Limit: s.Limit, Window: s.Window} }

func (s *Sliding) turn(now time.Duration) {
	for len(s.log) > 0 && s.log[0]+s.Window <= now {
		s.log = s.log[1:]
	}
}

// Take makes Sliding a Policy.
func (s *Sliding) Take(now time.Duration) bool {
	s.turn(now)
	if len(s.log) >= s.Limit {
		return false
	}
	s.log = append(s.log, now)
	return true
}

// Tell makes Sliding a Policy. The reset is when the oldest request is forgotten.
func (s *Sliding) Tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	s.turn(now)
	reset = now + s.Window
	if len(s.log) > 0 {
		reset = s.log[0] + s.Window
	}
	return s.Limit, s.Limit - len(s.log), reset
}

// Next makes Sliding a Policy.
func (s *Sliding) Next(now time.Duration) time.Duration {
	s.turn(now)
	if len(s.log) < s.Limit {
		return now
	}
	return s.log[0] + s.Window
}

// Bucket holds tokens, and gets a new one at a steady rate. With a size of one it
// is a leaky bucket that spaces requests out.
type Bucket struct {
	// Size is the number of tokens, Every the time in which one comes.
	Size  int
	Every time.Duration

	full time.Duration // when it is, without further requests
}

// Fresh makes Bucket a Policy.
func (b *Bucket) Fresh() Policy { return &Bucket{Size: b.Size, Every: b.Every} }

// Take makes Bucket a Policy.
func (b *Bucket) Take(now time.Duration) bool {
	if b.Next(now) > now {
		return false
	}
	b.full = max(b.full, now) + b.Every
	return true
}

// Tell makes Bucket a Policy.
func (b *Bucket) Tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	missing := int((max(b.full-now, 0) + b.Every - 1) / b.Every)
	return b.Size, b.Size - missing, max(b.full, now)
}

// Next makes Bucket a Policy.
func (b *Bucket) Next(now time.Duration) time.Duration {
	return max(now, b.full-time.Duration(b.Size-1)*b.Every)
}

// Both is a burst limit within a window: the window's headers are told.
type Both struct{ Window, Burst Policy }

// Fresh makes Both a Policy.
func (b *Both) Fresh() Policy { return &Both{b.Window.Fresh(), b.Burst.Fresh()} }

// Take makes Both a Policy.
func (b *Both) Take(now time.Duration) bool {
	return b.Burst.Next(now) == now && b.Window.Take(now) && b.Burst.Take(now)
}

// Tell makes Both a Policy.
func (b *Both) Tell(now time.Duration) (limit, remaining int, reset time.Duration) {
	return b.Window.Tell(now)
}

// Next makes Both a Policy.
func (b *Both) Next(now time.Duration) time.Duration {
	for {
		at := max(b.Window.Next(now), b.Burst.Next(now))
		if at == now {
			return now
		}
		now = at
	}
}

// PerMinute is n requests in windows of a minute.
func PerMinute(n int) Policy { return &Fixed{Limit: n, Window: time.Minute} }

// PerSecond is n requests in windows of a second.
func PerSecond(n int) Policy { return &Fixed{Limit: n, Window: time.Second} }
