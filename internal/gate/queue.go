package gate

import (
	"context"
	"time"
)

// waiter is a call in a queue.
type waiter struct {
	call       *Call
	deadline   time.Time  // of its context; zero for never
	keyEnds    time.Time  // when an attempt is no longer safe; zero for never
	turn       chan error // has room for one: nil lets the call in
	queue      *queue     // nil once it has left
	prev, next *waiter
}

// queue is a list of waiters, first come first.
type queue struct {
	first, last *waiter
	n           int
}

func (q *queue) push(w *waiter) {
	w.queue, w.prev = q, q.last
	if q.last == nil {
		q.first = w
	} else {
		q.last.next = w
	}
	q.last = w
	q.n++
}

func (q *queue) pushFront(w *waiter) {
	w.queue, w.next = q, q.first
	if q.first == nil {
		q.last = w
	} else {
		q.first.prev = w
	}
	q.first = w
	q.n++
}

func (w *waiter) remove() {
	q := w.queue
	if w.prev == nil {
		q.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		q.last = w.prev
	} else {
		w.next.prev = w.prev
	}
	q.n--
	w.queue = nil
}

// queued is how many calls wait.
func (r *Route) queued() int { return r.again.n + r.fresh.n }

// first is who goes next: a retry, but in an outage a newcomer, so that different
// calls spend their attempts on it.
func (r *Route) first() *waiter {
	one, other := r.again.first, r.fresh.first
	if r.failures > 0 && !r.open {
		one, other = other, one
	}
	if one != nil {
		return one
	}
	return other
}

// queue puts a call in its queue. One that has a place kept for it goes in front.
func (r *Route) queue(w *waiter) {
	c := w.call
	switch {
	case c.held == r.epoch:
		r.again.pushFront(w)
	case c.asked:
		r.again.push(w)
	default:
		r.fresh.push(w)
	}
}

// await sleeps until the call is let in or sent away.
func (r *Route) await(ctx context.Context, w *waiter) error {
	select {
	case err := <-w.turn:
		return err
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.queue != nil {
		w.remove()
	} else if <-w.turn == nil { // it was let in at the same moment
		r.drop(w.call)
	}
	r.run()
	return ctx.Err()
}
