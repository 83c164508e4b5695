package orbittest

import (
	"maps"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A phoneCall is one call as the server holds it. It has no timer: its status is
// computed from the moments at which it moves, zero for those that never come.
type phoneCall struct {
	id, account            string
	to, from, direction    string
	record, muted          bool
	created                time.Time
	rings, answered, ended time.Time
	last                   string        // the status from the end on
	recordingAfter         time.Duration // from the end until there is a recording
	forced                 string        // a status that SetCallStatus or AddCall gave
	forcedAt               time.Time
	disposition            string
	idempotencyKey         string
	fields                 map[string]any
	prepared               bool // by AddCall: all fields are part of its answers
}

// dial plans how a call that the account makes will go. In the sandbox the last
// digit of the number decides.
func (p *phoneCall) dial(sandbox bool) {
	if !sandbox {
		p.plan(time.Second, 5*time.Second, 35*time.Second, "completed")
		p.recordingAfter = 2 * time.Second
		return
	}
	const rings, answered, short, long = 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, time.Second
	p.recordingAfter = 100 * time.Millisecond
	switch lastByte(p.to) {
	case '1':
		p.plan(rings, 0, 0, "")
	case '3':
		p.plan(rings, 0, long, "no_answer")
	case '4':
		p.plan(0, 0, answered, "failed")
	case '5':
		p.plan(rings, 0, answered, "busy")
	case '6':
		p.plan(rings, answered, short, "voicemail")
	default:
		p.plan(rings, answered, short, "completed")
	}
}

// plan sets the moments by their distance from the creation; 0 is never.
func (p *phoneCall) plan(rings, answered, ended time.Duration, last string) {
	at := func(after time.Duration) time.Time {
		if after == 0 {
			return time.Time{}
		}
		return p.created.Add(after)
	}
	p.rings, p.answered, p.ended, p.last = at(rings), at(answered), at(ended), last
}

// status is where the call is at a moment.
func (p *phoneCall) status(now time.Time) string {
	switch {
	case p.forced != "":
		return p.forced
	case reached(p.ended, now):
		return p.last
	case reached(p.answered, now):
		return "in_progress"
	case reached(p.rings, now):
		return "ringing"
	default:
		return "initiating"
	}
}

func reached(moment, now time.Time) bool { return !moment.IsZero() && !now.Before(moment) }

// answer takes a call that rings; it goes on until somebody hangs up.
func (p *phoneCall) answer(now time.Time) {
	p.forced, p.answered, p.ended = "", now, time.Time{}
}

func (p *phoneCall) hangUp(now time.Time) {
	switch {
	case p.status(now) != "in_progress":
		p.answered = time.Time{}
		p.end(now, "canceled")
	default:
		if p.answered.IsZero() {
			p.answered = p.forcedAt
		}
		p.end(now, "completed")
	}
}

func (p *phoneCall) end(now time.Time, last string) { p.forced, p.ended, p.last = "", now, last }

// isRecorded reports whether there is a recording that nobody has set.
func (p *phoneCall) isRecorded(now time.Time) bool {
	return p.record && p.forced == "" && !p.answered.IsZero() && !p.ended.IsZero() && reached(p.ended.Add(p.recordingAfter), now)
}

// seconds is how long a call lasted, a second begun counting as a whole one.
func (p *phoneCall) seconds() int {
	return int((p.ended.Sub(p.answered) + time.Second - 1) / time.Second)
}

// object is the call in an answer.
func (v *voice) object(c *call, p *phoneCall) object {
	o := make(object, 0, 16)
	o.add("id", p.id)
	o.text("to", p.to)
	o.text("from", p.from)
	o.text("direction", p.direction)
	o.text("status", p.status(c.now))
	o.add("record", p.record)
	if !p.prepared {
		p.addEchoed(&o)
	}
	o.add("created_at", p.created)
	if p.forced == "" {
		p.addMoments(&o, c.now)
	}
	if _, ok := v.recordingOf(p.id, c.now); ok {
		o.add("recording_url", v.recordingURL(c, p.id))
	}
	if p.prepared {
		o.give(p.fields)
	}
	return o
}

// addEchoed adds what answers repeat from the request.
func (p *phoneCall) addEchoed(o *object) {
	for _, name := range [...]string{"agent_id", "metadata"} {
		if value, given := p.fields[name]; given {
			o.add(name, value)
		}
	}
}

// addMoments adds when the call was answered and when it ended.
func (p *phoneCall) addMoments(o *object, now time.Time) {
	if reached(p.answered, now) {
		o.add("answered_at", p.answered)
	}
	if !reached(p.ended, now) {
		return
	}
	o.add("ended_at", p.ended)
	if p.answered.IsZero() {
		return
	}
	o.add("duration_seconds", p.seconds())
	if agent, given := p.fields["agent_id"]; given && !p.prepared {
		o.add("summary", object{{"agent_id", agent}, {"outcome", "resolved"}})
	}
}

// A Call is a phone call that the server holds.
type Call struct {
	// ID is the call's ID. AddCall makes one if it is empty.
	ID string
	// Account is the account that holds it, see [WithAccount]. In a call for AddCall
	// empty is the first one.
	Account string
	// To is who is called.
	To string
	// From is who calls, if that was given.
	From string
	// Direction is outbound for what was made through the API, or inbound.
	Direction api.Direction
	// Status is where the call is now.
	Status api.CallStatus
	// Record tells that a recording was asked for.
	Record bool
	// Muted tells that the operator's side is silenced.
	Muted bool
	// Disposition is what an agent said of the call's result.
	Disposition string
	// IdempotencyKey is the key of the request that the call came with.
	IdempotencyKey string
	// CreatedAt is when the call was accepted, by the server's clock.
	CreatedAt time.Time
	// Fields are the fields of the request, decoded from JSON with json.Number
	// for numbers. In a call for AddCall they are further fields of the API's
	// answers, such as agent_id, or replace what the server would answer. Do not
	// change what is inside.
	Fields map[string]any
}

// Calls returns all calls that the server holds, oldest first, each as it is now.
// A test that counts them sees whether anybody was called twice.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	return ofAll(s, callRows, func(p *phoneCall) Call { return p.public(now) })
}

func callRows(a *account) *collection[*phoneCall] { return a.voice.rows }

func (p *phoneCall) public(now time.Time) Call {
	return Call{
		ID:             p.id,
		Account:        p.account,
		To:             p.to,
		From:           p.from,
		Direction:      api.Direction(p.direction),
		Status:         api.CallStatus(p.status(now)),
		Record:         p.record,
		Muted:          p.muted,
		Disposition:    p.disposition,
		IdempotencyKey: p.idempotencyKey,
		CreatedAt:      p.created,
		Fields:         maps.Clone(p.fields),
	}
}

// AddCall puts a call on the server as if it had been there before, and returns
// it with everything filled in. Without further fields it is an inbound call that
// rings, and waits to be accepted, declined or hung up. The call keeps its status
// until then, or until [Server.SetCallStatus] changes it. An ID that is taken
// fails the test.
func (s *Server) AddCall(added Call) Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	owner := s.named(added.Account)
	p := &phoneCall{
		id:             added.ID,
		account:        owner.name,
		to:             added.To,
		from:           added.From,
		direction:      orElse(added.Direction, "inbound"),
		record:         added.Record,
		muted:          added.Muted,
		created:        added.CreatedAt,
		recordingAfter: 100 * time.Millisecond,
		forced:         orElse(added.Status, "ringing"),
		disposition:    added.Disposition,
		idempotencyKey: added.IdempotencyKey,
		fields:         maps.Clone(added.Fields),
		prepared:       true,
	}
	if p.id == "" {
		p.id = s.newID("call_")
	}
	if p.created.IsZero() {
		p.created = now
	}
	p.forcedAt = p.created
	if _, _, taken := held(s, p.id, callRows); taken {
		s.misused("there is a call with ID %s already", p.id)
		return p.public(now)
	}
	owner.voice.rows.add(p.id, p.created, p)
	return p.public(now)
}

// SetCallStatus gives a call a status, which it keeps until it is accepted,
// declined or hung up: voice.CallStatusVoicemail, or one that the SDK does not
// know. An ID that the server does not hold fails the test.
func (s *Server) SetCallStatus(id string, status api.CallStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, p, ok := held(s, id, callRows)
	if !ok {
		s.misused("there is no call with ID %s", id)
		return
	}
	now := s.now()
	a.webhooks.observe(now)
	p.forced, p.forcedAt = string(status), now
}
