package strict

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Fate is what becomes of a request.
type Fate uint8

// The fates.
const (
	// Accepted is a success.
	Accepted Fate = iota
	// Refused is a 429.
	Refused
	// Busy is a 503.
	Busy
	// Lost is a success whose response does not arrive.
	Lost
	// Unconnected is a request that finds no connection.
	Unconnected
	// Broken is a request whose connection breaks before it is read.
	Broken
	// Hanging is a request that gets no response.
	Hanging
)

// keyLife is how long a server knows an idempotency key.
const keyLife = time.Minute

// Server limits requests, breaks, and tells more or less of the truth. Its fields
// are set before the first request.
type Server struct {
	// Policy limits requests; nil for no limit.
	Policy Policy
	// Headers is what it says of the limit.
	Headers Headers
	// Latency is the time that a request or a response takes on its way; 25 ms if
	// nil.
	Latency func(*rand.Rand) time.Duration
	// Lost is the share of responses that get lost, Busy that of requests that are
	// answered with 503.
	Lost, Busy float64
	// Troubles are times in which it does something else.
	Troubles []Trouble

	mu     *sync.Mutex
	rand   *rand.Rand
	start  time.Time
	said   int
	seen   []Request
	stored map[int]time.Duration

	doubled int
}

// Headers is how a server tells its state.
type Headers struct {
	// None leaves all X-RateLimit headers out, Only429 those of successes, and Nth
	// those of all responses but one in so many.
	None, Only429 bool
	Nth           int
	// NoWait leaves out how long to wait after a 429.
	NoWait bool
	// Ahead is how far its clock goes before ours; Jump is added half a minute after
	// the start.
	Ahead, Jump time.Duration
	// Undated leaves out the Date.
	Undated bool
	// Lie is added to one reset in a hundred, which says that nothing remains.
	Lie time.Duration
}

// Trouble is a time in which a server treats every request alike.
type Trouble struct {
	From, To time.Duration
	Fate     Fate
	Wait     time.Duration // that it asks for; 0 for none
}

// Request is one that arrived.
type Request struct {
	At   time.Duration // since the start
	Call int
	Fate Fate
}

// Response is what a server says.
type Response struct {
	Fate Fate
	// Told reports whether it says how many of Limit remain until Reset.
	Told             bool
	Limit, Remaining int
	Reset            time.Time
	// Date is the server's time; zero if it does not say.
	Date time.Time
	// Wait is what it asks for; 0 for none.
	Wait time.Duration
}

// Start begins the server's time. A seed gives the same chances again.
func (s *Server) Start(seed uint64) {
	s.mu, s.rand = new(sync.Mutex), rand.New(rand.NewPCG(seed, 1))
	s.start, s.said, s.seen, s.stored, s.doubled = time.Now(), 0, nil, map[int]time.Duration{}, 0
	if s.Policy != nil {
		s.Policy = s.Policy.Fresh()
	}
}

// Now is the time since the start.
func (s *Server) Now() time.Duration { return time.Since(s.start) }

// Chance draws from the server's chances.
func (s *Server) Chance(f func(*rand.Rand) time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f(s.rand)
}

// Delay is the time that the next request or response takes on its way.
func (s *Server) Delay() time.Duration {
	if s.Latency == nil {
		return 25 * time.Millisecond
	}
	return s.Chance(s.Latency)
}

// Serve decides on a request of a call, now.
func (s *Server) Serve(call int) Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	r := s.decide(now)
	s.seen = append(s.seen, Request{now, call, r.Fate})
	if r.Fate == Accepted || r.Fate == Lost {
		if at, known := s.stored[call]; !known {
			s.stored[call] = now
		} else if now-at > keyLife {
			s.doubled++
		}
	}
	return r
}

func (s *Server) decide(now time.Duration) (r Response) {
	for _, t := range s.Troubles {
		if now >= t.From && now < t.To {
			if s.Policy != nil {
				s.tell(now, &r)
			}
			r.Fate, r.Wait = t.Fate, t.Wait
			return r
		}
	}
	busy := s.rand.Float64() < s.Busy
	if s.Policy != nil {
		if !s.Policy.Take(now) && !busy {
			r.Fate = Refused
		}
		if !busy {
			s.tell(now, &r)
		}
	}
	switch {
	case busy:
		r.Fate = Busy
	case r.Fate == Accepted && s.rand.Float64() < s.Lost:
		r.Fate = Lost
	}
	return r
}

// tell fills in what the headers say.
func (s *Server) tell(now time.Duration, r *Response) {
	h := &s.Headers
	s.said++
	limit, remaining, reset := s.Policy.Tell(now)
	clock := s.start.Add(h.Ahead)
	if h.Jump != 0 && now > 30*time.Second {
		clock = clock.Add(h.Jump)
	}
	r.Limit, r.Remaining, r.Reset = limit, remaining, clock.Add(reset).Truncate(time.Second)
	if !h.Undated {
		r.Date = clock.Add(now).Truncate(time.Second)
	}
	if h.Lie != 0 && s.said%100 == 7 {
		r.Reset = r.Reset.Add(h.Lie)
		if r.Fate == Accepted {
			r.Remaining = 0
		}
	}
	r.Told = !h.None && (!h.Only429 || r.Fate == Refused) && (h.Nth == 0 || s.said%h.Nth == 0)
	if r.Fate == Refused && !h.NoWait {
		r.Wait = (s.Policy.Next(now) - now + time.Second - 1).Truncate(time.Second)
	}
}

// Seen is all requests, in the order in which they arrived.
func (s *Server) Seen() []Request { return s.seen }

// Stored reports whether a request of a call was accepted.
func (s *Server) Stored(call int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, stored := s.stored[call]
	return stored
}

// Doubled is how many requests were accepted once more, when the server no longer
// knew their keys.
func (s *Server) Doubled() int { return s.doubled }

// Refusals is how many requests were refused.
func (s *Server) Refusals() (n int) {
	for _, r := range s.seen {
		if r.Fate == Refused {
			n++
		}
	}
	return n
}

// InTrouble is how many requests came while the server was in trouble.
func (s *Server) InTrouble() (n int) {
	for _, t := range s.Troubles {
		for _, r := range s.seen {
			if r.At >= t.From && r.At < t.To {
				n++
			}
		}
	}
	return n
}

// Busiest is the most requests of any second after the trouble.
func (s *Server) Busiest() (most int) {
	if len(s.Troubles) == 0 {
		return 0
	}
	from := s.Troubles[0].To
	for i, j := 0, 0; i < len(s.seen); i++ {
		for s.seen[i].At-s.seen[j].At >= time.Second {
			j++
		}
		if s.seen[j].At >= from {
			most = max(most, i-j+1)
		}
	}
	return most
}
