package orbittest

import (
	"bytes"
	"net/http"
	"time"
)

// How long a key may be. What a longer or shorter one is refused with is inferred.
const shortestKey, longestKey = 8, 255

// A memory holds the first answers to idempotency keys for a while.
type memory struct {
	window  time.Duration
	answers map[idempotencyKey]*remembered
	order   []*remembered // oldest first, to forget by
}

// An idempotencyKey is remembered for one API key and one route.
type idempotencyKey struct {
	apiKey string
	route  *route
	key    string
}

// A remembered answer, with the request that it belongs to.
type remembered struct {
	key       idempotencyKey
	uri       string
	body      []byte
	answer    reply
	ready     time.Time // when the first request was, or will be, answered
	forgotten time.Time
}

// recall returns the first answer to a repeated request. The same key with
// another request is a conflict; so is a repetition while the first request has
// not been answered, which can only be when its answer was delayed.
func (m *memory) recall(c *call) (*reply, *failure) {
	if !c.keyed() {
		return nil, nil
	}
	if n := len(c.idempotencyKey); n < shortestKey || n > longestKey {
		problem := invalid(codeValidation, "Idempotency-Key", nil, "8-255 characters")
		problem.status = http.StatusBadRequest
		return nil, problem
	}
	m.forget(c.now)
	first := m.answers[idempotencyKey{c.apiKey, c.route, c.idempotencyKey}]
	switch {
	case first == nil:
		return nil, nil
	case first.uri != c.uri || !bytes.Equal(first.body, c.body):
		return nil, conflict(codeIdempotencyReuse, "The idempotency key was used with another request.")
	case c.now.Before(first.ready):
		return nil, conflict(codeIdempotencyReuse, "The first request with this idempotency key is still being processed.")
	}
	answer := first.answer
	return &answer, nil
}

// remember keeps the answer to a request that was accepted. Refused requests are
// not remembered: they may be corrected and sent again under their key.
func (m *memory) remember(c *call, answer reply, ready time.Time) {
	if !c.keyed() || m.window <= 0 {
		return
	}
	r := &remembered{
		key:       idempotencyKey{c.apiKey, c.route, c.idempotencyKey},
		uri:       c.uri,
		body:      c.body,
		answer:    answer,
		ready:     ready,
		forgotten: c.now.Add(m.window),
	}
	if m.answers == nil {
		m.answers = make(map[idempotencyKey]*remembered)
	}
	m.answers[r.key] = r
	m.order = append(m.order, r)
}

// forget drops what is older than the window.
func (m *memory) forget(now time.Time) {
	n := 0
	for n < len(m.order) && !now.Before(m.order[n].forgotten) {
		delete(m.answers, m.order[n].key)
		m.order[n] = nil
		n++
	}
	m.order = m.order[n:]
}
