package orbittest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A Delivery is one attempt to deliver an event.
type Delivery struct {
	// ID is the ID in the header X-Devotel-Delivery-Id.
	ID string
	// WebhookID is the webhook whose address it went to.
	WebhookID string
	// EventID is the same for all attempts.
	EventID string
	// EventType is the name of what happened, such as message.delivered.
	EventType api.EventType
	// Attempt counts the attempts for the event and the webhook from 1.
	Attempt int
	// Time is when it was made, by the server's clock.
	Time time.Time
	// Body is what was sent. Do not change it.
	Body []byte
	// Status is the HTTP status of the answer, 0 if there was none in 30 seconds.
	Status int
	// Took is how long the answer took.
	Took time.Duration
	// Err is why there was no answer.
	Err error
}

// Succeeded reports whether the answer was a 2xx.
func (d Delivery) Succeeded() bool { return d.Status/100 == 2 }

// answerTime is how long Orbit waits for an answer.
const answerTime = 30 * time.Second

// retryWait is how long Orbit waits after a failed attempt before the next, and
// whether there is a next.
func retryWait(attempt int) (time.Duration, bool) {
	waits := [...]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour, 24 * time.Hour}
	if attempt > len(waits) {
		return 0, false
	}
	return waits[attempt-1], true
}

// A pending is an event that a webhook is still to be told of.
type pending struct {
	of      *webhooks
	hook    *webhook
	event   *event
	attempt int // the next one, from 1
	due     time.Time
	fault   DeliveryFault
	faulty  bool // has its fault, and takes no other
	extra   bool // beside another one, which is retried in its place
}

// A post is what is on its way to receivers, of all accounts, and what never
// arrived.
type post struct {
	pending []*pending
	dead    []Delivery
	faults  []DeliveryFault
}

func (p *post) add(more ...*pending) { p.pending = append(p.pending, more...) }

// publish gives an event to the webhooks that are registered for it.
func (w *webhooks) publish(e *event) {
	for _, r := range w.rows.rows {
		if r.value.wants(e.kind) {
			w.enqueue(r.value, e)
		}
	}
}

// enqueue plans the first attempt. Where nothing receives, none is ever made.
func (w *webhooks) enqueue(h *webhook, e *event) {
	if w.receiver(h) != nil {
		w.server.post.add(&pending{of: w, hook: h, event: e, attempt: 1, due: e.at})
	}
}

// begin is an attempt before anybody has answered.
func (w *webhooks) begin(p *pending, now time.Time) Delivery {
	return Delivery{
		ID: w.server.newUUID(), WebhookID: p.hook.id, EventID: p.event.id, EventType: api.EventType(p.event.kind),
		Attempt: p.attempt, Time: now, Body: w.envelope(p.event, p.fault),
	}
}

// DeliverEvents makes the deliveries that are due: the first attempts for
// everything that has happened until now, and the retries whose time has come. It
// makes them one after the other in the caller's goroutine, and returns what it
// made. What happens meanwhile is left to the next call.
//
// A delivery without a 2xx within 30 seconds is made again after 1, 5 and 30
// minutes and 2, 8 and 24 hours, signed anew; then it is one of the
// [Server.DeadLetters]. Deliveries to a paused webhook wait until it is active.
// When the context ends, what was not made stays due.
func (s *Server) DeliverEvents(ctx context.Context) ([]Delivery, error) {
	due, err := s.takeDue()
	var made []Delivery
	for err == nil && len(due) > 0 {
		if err = ctx.Err(); err != nil {
			break
		}
		p := due[0]
		due = due[1:]
		switch s.takeDeliveryFault(p) {
		case DeliveryLate:
			due = append(due, p)
			continue
		case DeliveryTwice:
			again := *p
			again.extra = true
			due = slices.Insert(due, 0, &again)
		}
		if d, ok := s.deliver(ctx, p); ok {
			made = append(made, d)
		}
	}
	s.putBack(due)
	return made, err
}

// takeDue takes the deliveries whose time has come, the longest due first.
func (s *Server) takeDue() (due []*pending, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	now := s.now()
	for _, a := range s.accounts {
		a.webhooks.observe(now)
	}
	s.post.pending = slices.DeleteFunc(s.post.pending, func(p *pending) bool {
		ready := p.hook.active() && !p.due.After(now)
		if ready {
			due = append(due, p)
		}
		return ready
	})
	slices.SortStableFunc(due, func(a, b *pending) int { return a.due.Compare(b.due) })
	return due, nil
}

func (s *Server) putBack(rest []*pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.post.add(rest...)
}

// deliver makes one attempt, unless the webhook was deleted or paused meanwhile.
func (s *Server) deliver(ctx context.Context, p *pending) (Delivery, bool) {
	d, req, rt := s.prepare(ctx, p)
	if req == nil {
		return d, false
	}
	start := time.Now()
	d.Status, d.Err = send(ctx, rt, req)
	if d.Took = time.Since(start); d.Err == nil && d.Took > answerTime {
		d.Status, d.Err = 0, context.DeadlineExceeded // a handler need not look at its context
	}
	s.settleDelivery(p, d)
	return d, true
}

// prepare makes the request of an attempt, and says what carries it.
func (s *Server) prepare(ctx context.Context, p *pending) (Delivery, *http.Request, http.RoundTripper) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := p.of
	if _, ok := w.rows.get(p.hook.id); !ok {
		return Delivery{}, nil, nil
	}
	if !p.hook.active() {
		s.post.add(p)
		return Delivery{}, nil, nil
	}
	d := w.begin(p, s.now())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.hook.url(), bytes.NewReader(p.fault.tamper(d.Body)))
	if err != nil { // the address was checked when it came
		panic("orbittest: " + err.Error())
	}
	req.Header = http.Header{
		"Content-Type":          {"application/json; charset=utf-8"},
		"User-Agent":            {"Devotel-Webhooks/1.0"},
		"X-Devotel-Event-Id":    {d.EventID},
		"X-Devotel-Event-Type":  {string(d.EventType)},
		"X-Devotel-Delivery-Id": {d.ID},
		"X-Devotel-Signature":   {signedBy(p.fault.signedAt(d.Time), d.Body, p.fault.secrets(p.hook.secret))},
	}
	return d, req, w.receiver(p.hook)
}

// signedBy is the header that proves a body, with one value for each secret.
func signedBy(at time.Time, body []byte, secrets []string) string {
	t := strconv.FormatInt(at.Unix(), 10)
	header := "t=" + t
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(t + "."))
		mac.Write(body)
		header += ",v1=" + hex.EncodeToString(mac.Sum(nil))
	}
	return header
}

// send makes a request and reads the answer. It follows no redirects.
func send(ctx context.Context, rt http.RoundTripper, req *http.Request) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	resp, err := rt.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // the status is what counts
	return resp.StatusCode, nil
}

// settleDelivery notes an attempt, and plans the next if there is to be one.
func (s *Server) settleDelivery(p *pending, d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.hook.log.add(d.ID, d.Time, d)
	if d.Succeeded() || p.extra {
		return
	}
	wait, again := retryWait(p.attempt)
	if !again {
		s.post.dead = append(s.post.dead, d)
		return
	}
	if _, ok := p.of.rows.get(p.hook.id); ok {
		s.post.add(&pending{of: p.of, hook: p.hook, event: p.event, attempt: p.attempt + 1, due: s.now().Add(wait)})
	}
}

// DeadLetters returns the last attempts for the events that Orbit has given up on,
// oldest first.
func (s *Server) DeadLetters() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.post.dead)
}

// maxData is the size from which on data is cut down, in bytes.
const maxData = 256 << 10

// envelope is the body of a delivery.
func (w *webhooks) envelope(e *event, fault DeliveryFault) []byte {
	data := encoder{wholeSeconds: w.server.wholeSeconds()}
	data.object(e.data)
	body := encoder{wholeSeconds: w.server.wholeSeconds()}
	o := object{{"id", e.id}, {"type", e.kind}, {"created_at", e.at}}
	if len(data.buf) > maxData || fault == DeliveryTruncated {
		o = append(o, member{"truncated", true}, member{"data", e.remains(len(data.buf))})
	} else {
		o.add("data", json.RawMessage(data.buf))
	}
	body.object(o)
	return fault.pad(body.buf)
}

// remains is what stays of data that is too large.
func (e *event) remains(size int) object {
	o := object{{"_truncated", true}, {"_original_bytes", size}}
	for _, m := range e.data {
		switch m.name {
		case "id", "message_id", "conversation_id", "contact_id", "campaign_id", "channel":
			o = append(o, m)
		}
	}
	return o
}
