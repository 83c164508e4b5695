package orbittest

import "strings"

// A view is what the documentation prints of a response, in order: names with
// blanks between them, in the words of each generation. Where one generation does
// not print an operation, its view is made of the other's. Operations without a view
// are printed nowhere, or whole: their responses have all fields.
type view struct{ newer, older string }

// views are the operations whose responses hold less than the server knows.
// Package fixtures compares them with the documentation's own examples.
func views() map[string]view {
	const (
		send     = "id channel to status created_at"
		social   = "id status channel"
		newCall  = "id to from agent_id status record created_at"
		callItem = "id to from status duration_seconds recording_url created_at ended_at"
		newFlow  = "id name trigger_type status version created_at"
		newHook  = "id url events description active signing_secret created_at"
	)
	older := func(names string) string { return "message_" + names }
	return map[string]view{
		"POST /messages/sms":       {send, older(send)},
		"POST /messages/sms, MMS":  {"id status channel segments", "message_id status channel segments"},
		"POST /messages/whatsapp":  {send, older(send)},
		"POST /messages/telegram":  {social, older(social)},
		"POST /messages/messenger": {social, older(social)},
		"POST /messages/instagram": {social, older(social)},
		"POST /messages/line":      {social, older(social)},
		"POST /messages/push":      {social + " platforms", older(social) + " platforms"},
		"POST /messages/fax":       {social, "fax_id status channel"},
		"GET /messages":            {"id status", "message_id fax_id status"},
		"POST /voice/calls":        {newCall, newCall},
		"GET /voice/calls":         {callItem, callItem},
		"POST /agents":             {"id name type model status channels tools_count created_at", "id name type model status channels created_at"},
		"POST /flows":              {newFlow, newFlow},
		"GET /numbers/available": {
			"id phoneNumber capabilities sms_two_way monthlyRate",
			"number country type region capabilities monthly_cost currency",
		},
		"POST /verify/send": {
			"verification_id status channel expires_at",
			"verification_id to channel status max_attempts expires_at created_at",
		},
		"POST /verify/check": {
			"verification_id status channel",
			"verification_id status attempts_remaining checked_at",
		},
		"POST /webhooks": {newHook, newHook},
	}
}

// operation is what a view is found by.
func (c *call) operation() string {
	name := c.route.method + " " + c.route.path
	if c.route.path == "/messages/sms" && hasMedia(c) {
		name += ", MMS"
	}
	return name
}

// printed is data as the documentation prints it, unless the server is told to
// say all that it knows.
func (c *call) printed(data any) any {
	v, ok := c.server.views[c.operation()]
	if !ok || c.server.cfg.full {
		return data
	}
	names := strings.Fields(c.server.cfg.generation.word(v.newer, v.older))
	return restrict(data, names)
}

// restrict leaves of an object, or of each in a list, only the named members, in
// the order of the names, and what the test has given itself.
func restrict(data any, names []string) any {
	switch data := data.(type) {
	case object:
		return data.only(names)
	case []object:
		rows := make([]object, len(data))
		for i, o := range data {
			rows[i] = o.only(names)
		}
		return rows
	default:
		return data
	}
}

func (o object) only(names []string) object {
	out := make(object, 0, len(names))
	for _, name := range names {
		for _, m := range o {
			if m.name == name {
				out = append(out, m)
			}
		}
	}
	for _, m := range o {
		if _, own := m.value.(given); own {
			out.set(m.name, m.value)
		}
	}
	return out
}
