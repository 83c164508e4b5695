package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// strict is a server that accepts messages, as little as a server can do that has to
// know each idempotency key again. A limit is that of limiter, if there is one.
type strict struct {
	limit *limiter

	mu       sync.Mutex
	accepted map[uint64]int // by key: which message it was
	again    int            // requests whose key came before
}

func newStrict(limit *limiter) *strict { return &strict{limit: limit, accepted: map[uint64]int{}} }

// ServeHTTP accepts a message.
func (s *strict) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if s.limit != nil {
		remaining, reset, ok := s.limit.take(time.Now())
		h.Set("X-RateLimit-Limit", strconv.Itoa(perWindow))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(remaining))
		h.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
		if !ok {
			s.limit.refused.Add(1)
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, s.limit.tooMany)
			return
		}
	}
	w.WriteHeader(http.StatusAccepted)
	_, _ = fmt.Fprintf(w, `{"data":{"id":"msg_%020d","status":"queued"},"meta":{"request_id":"req_1"}}`, s.accept(r.Header.Get("Idempotency-Key")))
}

// accept returns the number of the message under a key.
func (s *strict) accept(key string) int {
	h := fnv.New64a()
	_, _ = io.WriteString(h, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	n, known := s.accepted[h.Sum64()]
	if known {
		s.again++
		return n
	}
	n = len(s.accepted) + 1
	s.accepted[h.Sum64()] = n
	return n
}

// require checks that so many messages were accepted, each asked for once.
func (s *strict) require(n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.accepted) != n || s.again > 0 {
		return fmt.Errorf("%d messages were accepted and %d sent again, instead of %d once each", len(s.accepted), s.again, n)
	}
	return nil
}
