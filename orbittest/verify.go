package orbittest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// verifications is the service under /verify.
type verifications struct {
	server   *Server
	rows     *collection[*verification]
	profiles *collection[*profile]
}

func newVerifications(a *account) *verifications {
	return &verifications{server: a.server, rows: newCollection[*verification](), profiles: newCollection[*profile]()}
}

func (v *verifications) routes() []*route {
	const read, write = "verify:read", "verify:write"
	const created, none = http.StatusCreated, http.StatusNoContent
	return []*route{
		{method: "POST", path: "/verify/send", older: "/verify", scope: write, status: created, shape: withoutMeta,
			body: codeFields, translate: translateCode, check: v.checkSend, handle: v.send},
		{method: "POST", path: "/verify/check", scope: write, shape: withoutMeta, body: checkedFields, handle: v.check},
		{method: "POST", path: "/verify/bulk", scope: write, status: created, body: bulkCodeFields, check: v.checkProfile, handle: v.sendBulk},
		{method: "GET", path: "/verify/", scope: read, query: verificationQuery, handle: v.list},
		{method: "GET", path: "/verify/{id}", scope: read, handle: v.get},
		{method: "GET", path: "/verify/{id}/detail", older: "/verify/verifications/{id}/detail", scope: read, perMinute: 60, handle: v.detail},
		{method: "POST", path: "/verify/{id}/cancel", scope: write, handle: v.cancel},
		{method: "POST", path: "/verify/profiles", scope: write, status: created, body: newProfileFields, handle: v.createProfile},
		{method: "GET", path: "/verify/profiles", scope: read, query: profileQuery, handle: v.listProfiles},
		{method: "GET", path: "/verify/profiles/{id}", scope: read, handle: v.getProfile},
		{method: "PATCH", path: "/verify/profiles/{id}", scope: write, body: profileFields, handle: v.updateProfile},
		{method: "DELETE", path: "/verify/profiles/{id}", scope: write, status: none, handle: v.removeProfile},
	}
}

func codeChannel(name string, required bool) field {
	f := oneOf("sms", "whatsapp", "email", "voice", "viber", "telegram")
	f.code = codeInvalidChannel
	return field{name: name, kind: text, required: required, format: f}
}

// codeSettings are the fields that a profile shares with a send.
func codeSettings() schema {
	return schema{
		{name: "code_length", kind: integer, min: 4, max: 8},
		{name: "expires_in_seconds", kind: integer, min: 1},
		{name: "locale", kind: text},
	}
}

func codeFields() schema {
	return append(codeSettings(),
		field{name: "to", kind: text, required: true},
		codeChannel("channel", true),
		field{name: "max_attempts", kind: integer, min: 1, max: 10},
		codeChannel("fallback_channel", false),
		field{name: "custom_message", kind: text, format: format{
			expected: "a text with {{code}} in it", valid: func(s string) bool { return strings.Contains(s, "{{code}}") },
		}},
		field{name: "profile_id", kind: text},
	)
}

func checkedFields() schema {
	return schema{{name: "verification_id", kind: text, required: true}, {name: "code", kind: text, required: true}}
}

// bulkCodeFields leaves the form of each recipient to its row.
func bulkCodeFields() schema {
	return schema{
		{name: "recipients", kind: list, required: true, max: 1000, item: &field{kind: record, fields: schema{
			{name: "to", kind: text},
		}}},
		codeChannel("channel", true),
		{name: "profile_id", kind: text},
	}
}

// verificationQuery is what a list of verifications can be filtered by. A status
// is an open set: one that no verification has finds nothing.
func verificationQuery() schema {
	return listQuery(field{name: "status", kind: text}, codeChannel("channel", false), field{name: "to", kind: text})
}

// checkRecipient refuses what a channel cannot reach.
func checkRecipient(name, channel, to string) *failure {
	f := phoneNumber()
	if channel == "email" {
		f = emailAddress()
	}
	switch {
	case to == "":
		return missing(name)
	case !f.valid(to):
		return f.failure(name, to)
	}
	return nil
}

func (v *verifications) checkSend(c *call) *failure {
	if problem := checkRecipient("to", c.text("channel"), c.text("to")); problem != nil {
		return problem
	}
	return v.checkProfile(c)
}

// checkProfile refuses a profile that does not exist.
func (v *verifications) checkProfile(c *call) *failure {
	id := c.text("profile_id")
	if _, ok := v.profiles.get(id); id != "" && !ok {
		return invalid(codeValidation, "profile_id", id, "the ID of a profile")
	}
	return nil
}

func (v *verifications) send(c *call) (result, *failure) {
	return result{data: v.accept(c, c.text("to")).object(c)}, nil
}

// accept sends a code to one recipient.
func (v *verifications) accept(c *call, to string) *verification {
	prefix := c.server.cfg.generation.word("vrf_", "ver_")
	life := time.Duration(v.setting(c, "expires_in_seconds", 600)) * time.Second
	row := &verification{
		id:          v.server.newLongID(prefix),
		to:          to,
		channel:     c.text("channel"),
		fallback:    c.text("fallback_channel"),
		profileID:   c.text("profile_id"),
		maxAttempts: v.setting(c, "max_attempts", 3),
		codeLength:  v.setting(c, "code_length", 6),
		created:     c.now,
		updated:     c.now,
		expires:     c.now.Add(life),
	}
	row.code = codeOf(row.id, row.codeLength)
	v.rows.add(row.id, row.created, row)
	return row
}

// setting is a number of the request, or of its profile, or the usual one.
func (v *verifications) setting(c *call, name string, usual int) int {
	if n, given := c.fields[name].(json.Number); given {
		value, _ := n.Int64() // the schema has checked it
		return int(value)
	}
	if p, ok := v.profiles.get(c.text("profile_id")); ok {
		if n, given := p.fields[name].(json.Number); given {
			value, _ := n.Int64()
			return int(value)
		}
	}
	return usual
}

// check compares what somebody typed. Whatever comes of it is a result. The right
// code again, as a double click sends it, is approved again until it expires, which
// Orbit does not document.
func (v *verifications) check(c *call) (result, *failure) {
	row, ok := v.rows.get(c.text("verification_id"))
	if !ok {
		return result{}, noVerification()
	}
	code := row.codeStatus(c.now)
	wrong := code == "pending" && !row.try(c.text("code"), c.now)
	o := row.object(c)
	switch {
	case wrong:
		o.set("status", c.server.cfg.generation.word("failed", "rejected"))
	case code != "pending":
		o.set("status", c.verificationWord(code))
	}
	return result{data: o}, nil
}

func noVerification() *failure { return notFound("There is no verification with this ID.") }

// sendBulk sends to those who can be reached. With a sandbox key, a number that
// ends in 4 fails, as messages to it do.
func (v *verifications) sendBulk(c *call) (result, *failure) {
	recipients, _ := c.fields["recipients"].([]any)
	rows := make([]object, len(recipients))
	sent := 0
	for i, r := range recipients {
		to, _ := r.(map[string]any)["to"].(string) // the schema has checked the types
		problem := checkRecipient("to", c.text("channel"), to)
		if problem == nil && c.sandbox && c.text("channel") != "email" && lastByte(to) == '4' {
			problem = &failure{code: codeSendFailed, message: "The provider refused the message."}
		}
		rows[i] = v.bulkRow(c, to, problem)
		if problem == nil {
			sent++
		}
	}
	var data any = rows
	if c.server.cfg.generation == Newer {
		data = object{{"results", rows}, {"total", len(rows)}, {"sent", sent}, {"failed", len(rows) - sent}}
	}
	switch sent {
	case len(rows):
		return result{data: data}, nil
	case 0:
		problem := malformed("No code was sent.")
		problem.data = data
		return result{}, problem
	default:
		return result{status: http.StatusMultiStatus, data: data}, nil
	}
}

// bulkRow sends a code, unless there is a problem, and says what became of it.
func (v *verifications) bulkRow(c *call, to string, problem *failure) object {
	if problem != nil {
		return object{{"to", to}, {"status", "failed"}, {"error", object{{"code", problem.code}, {"message", problem.message}}}}
	}
	row := v.accept(c, to)
	return object{{"to", to}, {"verification_id", row.id}, {"status", row.status(c.now)}}
}

func (v *verifications) list(c *call) (result, *failure) {
	status, channel, to := c.query.Get("status"), c.query.Get("channel"), c.query.Get("to")
	keep := func(row *verification) bool {
		return (status == "" || status == row.statusIn(c)) && (channel == "" || channel == row.channel) && (to == "" || to == row.to)
	}
	return listPage(c, v.rows, keep, func(row *verification) object { return row.object(c) })
}

// find returns the verification that a path names.
func (v *verifications) find(c *call) (*verification, *failure) {
	row, ok := v.rows.get(c.value("id"))
	if !ok {
		return nil, noVerification()
	}
	return row, nil
}

func (v *verifications) get(c *call) (result, *failure) {
	row, problem := v.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: row.object(c)}, nil
}

func (v *verifications) detail(c *call) (result, *failure) {
	row, problem := v.find(c)
	if problem != nil {
		return result{}, problem
	}
	p, _ := v.profiles.get(row.profileID)
	return result{data: row.detail(c, p)}, nil
}

// cancel makes a code worthless that can still be typed.
func (v *verifications) cancel(c *call) (result, *failure) {
	row, problem := v.find(c)
	if problem != nil {
		return result{}, problem
	}
	if row.status(c.now) != "pending" {
		return result{}, conflict(codeConflict, "Only a verification that is pending can be cancelled.")
	}
	row.cancelled, row.updated = true, c.now
	return result{data: row.object(c)}, nil
}
