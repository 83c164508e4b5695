package orbittest

import (
	"net/http"
	"slices"
	"strings"
)

// voice is the service under /voice and /sip-credentials.
type voice struct {
	server      *Server
	account     *account
	rows        *collection[*phoneCall]
	trunks      *collection[*sipTrunk]
	credentials *collection[*sipCredential]
	intents     *collection[*ivrIntent]
	scripts     map[string][]object // of a queue, by name
	recordings  map[string]Recording
}

func newVoice(a *account) *voice {
	return &voice{
		server: a.server, account: a, rows: newCollection[*phoneCall](), trunks: newCollection[*sipTrunk](),
		credentials: newCollection[*sipCredential](), intents: newCollection[*ivrIntent](),
		scripts: make(map[string][]object), recordings: make(map[string]Recording),
	}
}

// Scopes of the service.
const voiceRead, voiceWrite = "voice:read", "voice:write"

func (v *voice) routes() []*route {
	return slices.Concat([]*route{
		{method: "POST", path: "/voice/calls", scope: voiceWrite, perMinute: 60, status: http.StatusCreated,
			body: callFields, handle: v.create},
		{method: "GET", path: "/voice/calls", scope: voiceRead, perMinute: 120, query: callQuery, handle: v.list},
		{method: "GET", path: "/voice/calls/{id}", scope: voiceRead, handle: v.get},
		{method: "POST", path: "/voice/calls/{id}/hangup", scope: voiceWrite, perMinute: 60, handle: v.hangUp},
		{method: "POST", path: "/voice/calls/{id}/accept", scope: voiceWrite, handle: v.acceptCall},
		{method: "POST", path: "/voice/calls/{id}/decline", scope: voiceWrite, handle: v.decline},
		{method: "POST", path: "/voice/calls/{id}/mute", scope: voiceWrite, handle: v.mute},
		{method: "POST", path: "/voice/calls/{id}/unmute", scope: voiceWrite, handle: v.unmute},
	}, v.trunkRoutes(), v.credentialRoutes(), v.intentRoutes(), v.queueRoutes())
}

func callFields() schema {
	return schema{
		{name: "to", kind: text, required: true, format: dialable()},
		{name: "from", kind: text, format: sender()},
		{name: "agent_id", kind: text},
		{name: "ivr_id", kind: text},
		{name: "record", kind: flag},
		{name: "amd", kind: flag},
		callDirection(),
		{name: "max_duration", kind: integer, min: 1},
		{name: "webhook_url", kind: text, format: webhookURL()},
		metadataField(),
		{name: "campaignId", kind: text},
		{name: "orgTimezone", kind: text},
	}
}

// dialable is the format of a number that can be called: an emergency number has a
// code of its own.
func dialable() format {
	f := phoneNumber()
	f.codeOf = func(number string) string {
		if isEmergency(number) {
			return codeEmergency
		}
		return codeInvalidPhone
	}
	return f
}

// isEmergency knows 911, 112, 999 and 000 with the prefixes and separators that
// people dial. A number that only begins so is none.
func isEmergency(number string) bool {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	for _, prefix := range [...]string{"", "1", "0", "00", "011"} {
		switch rest, _ := strings.CutPrefix(digits, prefix); rest {
		case "911", "112", "999", "000":
			return true
		}
	}
	return false
}

func callDirection() field {
	return field{name: "direction", kind: text, format: oneOf("inbound", "outbound")}
}

// callQuery is what a list of calls can be filtered by. A status is an open set:
// one that no call has finds nothing.
func callQuery() schema {
	return listQuery(field{name: "status", kind: text}, field{name: "from", kind: text}, field{name: "to", kind: text})
}

func (v *voice) create(c *call) (result, *failure) {
	p := &phoneCall{
		id:             v.server.newID("call_"),
		account:        v.account.name,
		to:             c.text("to"),
		from:           c.text("from"),
		direction:      orElse(c.text("direction"), "outbound"),
		record:         c.fields["record"] == true,
		created:        c.now,
		idempotencyKey: c.idempotencyKey,
		fields:         c.fields,
	}
	p.dial(c.sandbox)
	v.rows.add(p.id, p.created, p)
	return result{data: v.object(c, p)}, nil
}

func (v *voice) list(c *call) (result, *failure) {
	status, from, to := c.query.Get("status"), c.query.Get("from"), c.query.Get("to")
	keep := func(p *phoneCall) bool {
		return (status == "" || status == p.status(c.now)) && (from == "" || from == p.from) && (to == "" || to == p.to)
	}
	return listPage(c, v.rows, keep, func(p *phoneCall) object { return v.object(c, p) })
}

// find returns the call that a path names.
func (v *voice) find(c *call) (*phoneCall, *failure) {
	p, ok := v.rows.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no call with this ID.")
	}
	return p, nil
}

func (v *voice) get(c *call) (result, *failure) {
	p, problem := v.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: v.object(c, p)}, nil
}

// act changes a call that is in one of the given states. The newer generation
// answers with the call, the older one with nothing.
func (v *voice) act(c *call, do func(*phoneCall), states ...string) (result, *failure) {
	p, problem := v.find(c)
	if problem != nil {
		return result{}, problem
	}
	if now := p.status(c.now); !slices.Contains(states, now) {
		return result{}, conflict(codeConflict, "The call is "+now+".")
	}
	do(p)
	if c.server.cfg.generation == Older {
		return result{status: http.StatusNoContent}, nil
	}
	return result{data: v.object(c, p)}, nil
}

func (v *voice) hangUp(c *call) (result, *failure) {
	return v.act(c, func(p *phoneCall) { p.hangUp(c.now) }, "initiating", "ringing", "in_progress")
}

// acceptCall answers a call that somebody makes to the account: those that the
// account makes are answered on the other side.
func (v *voice) acceptCall(c *call) (result, *failure) {
	return v.incoming(c, func(p *phoneCall) { p.answer(c.now) })
}

func (v *voice) decline(c *call) (result, *failure) {
	return v.incoming(c, func(p *phoneCall) { p.end(c.now, "busy") })
}

func (v *voice) incoming(c *call, do func(*phoneCall)) (result, *failure) {
	if p, problem := v.find(c); problem == nil && p.direction != "inbound" {
		return result{}, conflict(codeConflict, "The call is no incoming one.")
	}
	return v.act(c, do, "ringing")
}

func (v *voice) mute(c *call) (result, *failure) {
	return v.act(c, func(p *phoneCall) { p.muted = true }, "in_progress")
}

func (v *voice) unmute(c *call) (result, *failure) {
	return v.act(c, func(p *phoneCall) { p.muted = false }, "in_progress")
}
