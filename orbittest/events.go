package orbittest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
)

// An event is something that happened, as receivers are told of it.
type event struct {
	id, kind string
	at       time.Time
	data     object
}

// A moment is a point in the history of a resource that an event tells of. Nobody
// waits for it: histories are computed from the state when somebody looks.
type moment struct {
	kind   string // of the event
	status string // of the resource from then on
	at     time.Time
}

// A sighting is a moment of one resource.
type sighting struct {
	id, kind string
	at       int64
}

// AddEvent makes an event happen now, for what does not follow from the server's
// own state, such as webhooks.ContactOptedOut.Type() or a type that the SDK does not know. It
// goes to the webhooks of the first account that are registered for it, and
// returns the event's ID.
// The data must be fit for JSON.
func (s *Server) AddEvent(kind api.EventType, data map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := &event{id: s.newLongID("evt_"), kind: string(kind), at: s.now()}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		e.data.add(name, data[name])
	}
	s.accounts[0].webhooks.publish(e)
	return e.id
}

// observe collects what has happened so far. It runs before something changes
// that histories are computed from.
func (w *webhooks) observe(now time.Time) {
	if len(w.rows.rows) > 0 { // nobody else wants to know
		w.collect(now)
	}
}

// collect publishes everything that has happened until now and was not published
// before, in the order in which it happened.
func (w *webhooks) collect(now time.Time) {
	s, a := w.server, w.account
	var found []*event
	found = append(found, sight(w, a.messages.rows, now, a.messages.history, a.messages.eventData)...)
	found = append(found, sight(w, a.voice.rows, now, (*phoneCall).history, (*phoneCall).eventData)...)
	found = append(found, sight(w, a.verify.rows, now, a.verify.history, (*verification).eventData)...)
	found = append(found, sight(w, a.flows.runs, now, (*execution).history, (*execution).eventData)...)
	slices.SortStableFunc(found, func(a, b *event) int { return a.at.Compare(b.at) })
	for _, e := range found {
		e.id = s.newLongID("evt_")
		w.publish(e)
	}
}

// sight makes events of the moments that nobody has seen yet.
func sight[T any](w *webhooks, rows *collection[T], now time.Time, history func(T, time.Time) []moment, data func(T, moment) object) []*event {
	var found []*event
	for _, r := range rows.rows {
		for _, m := range history(r.value, now) {
			seen := sighting{r.id, m.kind, m.at.UnixNano()}
			if m.at.After(now) || w.seen[seen] {
				continue
			}
			w.seen[seen] = true
			found = append(found, &event{kind: m.kind, at: m.at, data: data(r.value, m)})
		}
	}
	return found
}

// history is how a message moves. One that was added is where it was put, until
// it is sent again.
func (m *messages) history(msg *message, now time.Time) []moment {
	var all []moment
	reach := func(status string, at time.Time) { all = append(all, moment{m.kindOf(status), status, at}) }
	sent, end := msg.started.Add(msg.line.sent), msg.started.Add(msg.line.end)
	forced, moves := msg.forced != "", !msg.prepared || msg.forced == ""
	switch {
	case !msg.prepared:
		all = append(all, moment{"message.created", "queued", msg.created})
	case msg.direction == "inbound":
		all = append(all, moment{"message.received", msg.status(now), msg.created})
		forced = forced && msg.forcedAt.After(msg.created)
	}
	if moves && msg.line.sent > 0 && (!forced || sent.Before(msg.forcedAt)) {
		reach("sent", sent)
	}
	if moves && (!forced || end.Before(msg.forcedAt)) {
		reach(msg.line.last, end)
	}
	if forced {
		reach(msg.forced, msg.forcedAt)
	}
	return all
}

// kindOf is the event of a status. The newer catalogue has none for what did not
// arrive, and neither has one for every status.
func (m *messages) kindOf(status string) string {
	switch status {
	case "sent", "delivered", "failed", "read":
		return "message." + status
	case "undelivered":
		return m.server.cfg.generation.word("message.failed", "message.undelivered")
	default:
		return "message.status_updated"
	}
}

// eventViews are what the documentation prints of the events of messages.
func eventViews() map[string]view {
	return map[string]view{
		"message.created":   {"message_id channel to from status created_at", "message_id channel from to body status segments metadata"},
		"message.sent":      {"message_id channel to status external_id", "message_id channel from to status provider_id"},
		"message.delivered": {"message_id channel to status delivered_at", "message_id channel from to status delivered_at segments"},
		"message.failed":    {"message_id channel from to status error_code", "message_id channel from to status error_code"},
	}
}

func (m *messages) eventData(msg *message, at moment) object {
	cfg := &m.server.cfg
	o := m.allEventData(msg, at)
	v, printed := eventViews()[at.kind]
	if !printed || cfg.full {
		return o
	}
	if to, one := msg.recipients(true).(string); one && at.kind == "message.delivered" && cfg.generation == Newer {
		o.set("to", masked(to))
	}
	return o.only(strings.Fields(cfg.generation.word(v.newer, v.older)))
}

// masked is a phone number as the newer message.delivered shows it, without its
// last four digits.
func masked(number string) string {
	const hidden = 4
	if !isE164(number) {
		return number
	}
	return number[:len(number)-hidden] + strings.Repeat("*", hidden)
}

// allEventData is all that the server knows of a message when something happens
// to it.
func (m *messages) allEventData(msg *message, at moment) object {
	generation := m.server.cfg.generation
	o := object{{"message_id", msg.id}, {"channel", msg.channel}}
	o.text("from", msg.from)
	o.add("to", msg.recipients(generation == Older))
	o.text("body", msg.body)
	o.add("status", at.status)
	msg.addSegments(&o)
	for _, name := range [...]string{"metadata", "conversation_id", "contact_id", "campaign_id"} {
		if value, given := msg.fields[name]; given {
			o.add(name, value)
		}
	}
	o.add(generation.word("external_id", "provider_id"), "ext_"+msg.id)
	if at.status == "failed" && msg.channel != "fax" {
		o.add("error_code", cmp.Or(msg.errorCode, codeSendFailed))
	}
	o.add("created_at", msg.created)
	if at.status == "delivered" {
		o.add("delivered_at", at.at)
	}
	return o
}

// history is how a call moves.
func (p *phoneCall) history(now time.Time) []moment {
	all := []moment{{"call.initiated", "initiating", p.created}}
	end := p.ended
	if p.forced != "" {
		end = p.forcedAt
	}
	for _, m := range []moment{{"call.ringing", "ringing", p.rings}, {"call.answered", "in_progress", p.answered}} {
		if reached(m.at, now) && (end.IsZero() || m.at.Before(end)) {
			all = append(all, m)
		}
	}
	if kind := callKind(p.status(now)); kind != "" && reached(end, now) {
		all = append(all, moment{kind, p.status(now), end})
	}
	return all
}

// callKind is the event of a status that a call was given or ended with.
func callKind(status string) string {
	switch status {
	case "ringing":
		return "call.ringing"
	case "in_progress":
		return "call.answered"
	case "completed", "voicemail":
		return "call.completed"
	case "failed", "busy", "no_answer", "canceled":
		return "call.failed"
	default:
		return ""
	}
}

func (p *phoneCall) eventData(at moment) object {
	o := object{{"call_id", p.id}}
	o.text("from", p.from)
	o.text("to", p.to)
	o.add("status", at.status)
	o.text("direction", p.direction)
	if at.at.Equal(p.ended) && !p.answered.IsZero() {
		o.add("duration_seconds", p.seconds())
	}
	p.addEchoed(&o)
	return o
}

// history is how a verification goes.
func (v *verifications) history(row *verification, now time.Time) []moment {
	all := []moment{{"verify.started", "pending", row.created}}
	switch row.status(now) {
	case "approved":
		all = append(all, moment{"verify.approved", "approved", row.approved})
	case "exhausted":
		all = append(all, moment{"verify.failed", "exhausted", row.checked()})
	case "expired":
		all = append(all, moment{"verify.expired", "expired", row.expires})
	}
	return all
}

func (v *verification) eventData(at moment) object {
	return object{{"verification_id", v.id}, {"to", v.to}, {"channel", v.channel}, {"status", at.status}}
}

// history is how an execution begins and ends.
func (r *execution) history(now time.Time) []moment {
	all := []moment{{"execution.started", "running", r.nodeStart(0)}}
	if !r.ended(now) {
		return all
	}
	status, kind := r.status(now), "execution.completed"
	if status != "completed" {
		kind = "execution.failed"
	}
	return append(all, moment{kind, status, r.end()})
}

// eventData is the execution as it was then.
func (r *execution) eventData(at moment) object { return r.object(at.at, false) }
