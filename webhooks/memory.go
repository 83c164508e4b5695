package webhooks

import (
	"cmp"
	"container/list"
	"context"
	"sync"
	"time"
)

// Defaults of a MemoryStore.
const (
	// DefaultMaxEvents is how many events a MemoryStore remembers. They take about
	// 20 MB.
	DefaultMaxEvents = 100_000
	// DefaultMaxAge is how long a MemoryStore remembers an event: longer than
	// Orbit retries a delivery.
	DefaultMaxAge = 48 * time.Hour
)

// MemoryStore is a [Store] in memory, for a program that runs as one process. It
// forgets the events that were handled longest ago when it is full or they are
// old, and never one that is being handled. It has no goroutine.
type MemoryStore struct {
	maxEvents int
	maxAge    time.Duration

	mu      sync.Mutex
	events  map[string]*list.Element // of *memoryEvent, in one of the lists
	running *list.List               // in the order in which they were claimed
	done    *list.List               // in the order in which they were settled
}

// memoryEvent is an event that was claimed or handled.
type memoryEvent struct {
	id    string
	token string // of the claim that has it, "" once it was handled
	ends  time.Time
}

var _ Store = (*MemoryStore)(nil)

// NewMemoryStore returns a store that remembers at most maxEvents, each for at
// most maxAge after it was handled. Values of 0 and less are the defaults,
// [DefaultMaxEvents] and [DefaultMaxAge].
func NewMemoryStore(maxEvents int, maxAge time.Duration) *MemoryStore {
	return &MemoryStore{
		maxEvents: cmp.Or(max(maxEvents, 0), DefaultMaxEvents),
		maxAge:    cmp.Or(max(maxAge, 0), DefaultMaxAge),
		events:    map[string]*list.Element{},
		running:   list.New(),
		done:      list.New(),
	}
}

// Claim asks for an event. It fails with ErrStoreFull when the store holds
// nothing but events that are being handled.
func (s *MemoryStore) Claim(_ context.Context, c Claim) (ClaimState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.forgetEnded(now)
	if state := s.state(c.EventID, now); state != ClaimStateGranted {
		return state, nil
	}
	s.forget(s.events[c.EventID])
	if !s.makeRoom() {
		return "", ErrStoreFull
	}
	s.remember(s.running, memoryEvent{id: c.EventID, token: c.Token, ends: now.Add(c.Lease)})
	return ClaimStateGranted, nil
}

// Settle ends a claim. It fails with ErrStoreFull when the event was forgotten
// after its lease and there is no room to mark it as handled.
func (s *MemoryStore) Settle(_ context.Context, c Claim, outcome Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if outcome != OutcomeDone {
		s.release(c)
		return nil
	}
	s.forget(s.events[c.EventID])
	if !s.makeRoom() {
		return ErrStoreFull
	}
	s.remember(s.done, memoryEvent{id: c.EventID, ends: time.Now().Add(s.maxAge)})
	return nil
}

// state tells what a new claim of an event is to be told.
func (s *MemoryStore) state(id string, now time.Time) ClaimState {
	element, found := s.events[id]
	if !found {
		return ClaimStateGranted
	}
	event := element.Value.(*memoryEvent)
	switch {
	case !now.Before(event.ends):
		return ClaimStateGranted
	case event.token != "":
		return ClaimStateRunning
	default:
		return ClaimStateDone
	}
}

// release frees an event if the claim still has it.
func (s *MemoryStore) release(c Claim) {
	element, found := s.events[c.EventID]
	if found && element.Value.(*memoryEvent).token == c.Token {
		s.forget(element)
	}
}

// forgetEnded drops what has ended from the old end of both lists.
func (s *MemoryStore) forgetEnded(now time.Time) {
	for _, events := range []*list.List{s.running, s.done} {
		for e := events.Front(); e != nil && !now.Before(e.Value.(*memoryEvent).ends); e = events.Front() {
			s.forget(e)
		}
	}
}

// makeRoom drops the events that were handled longest ago until there is room for
// one more, and reports whether there is.
func (s *MemoryStore) makeRoom() bool {
	for len(s.events) >= s.maxEvents {
		oldest := s.done.Front()
		if oldest == nil {
			return false
		}
		s.forget(oldest)
	}
	return true
}

func (s *MemoryStore) remember(in *list.List, event memoryEvent) {
	s.events[event.id] = in.PushBack(&event)
}

// forget drops an event, if there is one.
func (s *MemoryStore) forget(e *list.Element) {
	if e == nil {
		return
	}
	delete(s.events, e.Value.(*memoryEvent).id)
	s.running.Remove(e)
	s.done.Remove(e)
}
