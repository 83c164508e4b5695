package orbittest

import (
	"cmp"
	"encoding/json"
	"time"
)

// An agent is one agent as the server holds it.
type agent struct {
	id            string
	fields        map[string]any // as they were written
	status        string
	channels      []string // that it was deployed to
	created       time.Time
	updated       time.Time
	conversations map[string]*conversation
	lastActive    time.Time
	tokens        int
}

// A conversation is what the server remembers of one.
type conversation struct{ last time.Time }

// activeFor is how long after its last turn a conversation counts as active.
const activeFor = 30 * time.Minute

// replace makes a request the whole of an agent. What a request cannot take back
// stays: that the agent was deployed.
func (a *agent) replace(c *call) {
	a.fields = make(map[string]any)
	a.update(c)
}

// update writes the fields of a request; null takes one away. The newer
// generation ignores channels, since agents are deployed to them.
func (a *agent) update(c *call) {
	a.updated = c.now
	for name, value := range c.fields {
		switch {
		case name == "channels" && c.server.cfg.generation == Older:
			a.channels = c.texts("channels")
		case name == "channels":
		case name == "status":
			a.status = cmp.Or(c.text("status"), a.status)
		case absent(value):
			delete(a.fields, name)
		default:
			a.fields[name] = value
		}
	}
}

// text is a field that is a string, or "".
func (a *agent) text(name string) string {
	s, _ := a.fields[name].(string)
	return s
}

// list is a field that is a list, or an empty one.
func (a *agent) list(name string) []any {
	if items, ok := a.fields[name].([]any); ok {
		return items
	}
	return []any{}
}

// object is the agent in an answer.
func (a *agent) object() object {
	o := make(object, 0, 24)
	o.add("id", a.id)
	o.text("name", a.text("name"))
	o.text("description", a.text("description"))
	o.add("type", cmp.Or(a.text("type"), "custom"))
	o.text("model", a.text("model"))
	o.add("system_prompt", a.fields["system_prompt"])
	o.add("status", a.status)
	o.add("channels", append([]string{}, a.channels...))
	o.add("tools", a.list("tools"))
	o.add("tools_count", len(a.list("tools")))
	if guardrails, set := a.fields["guardrails"]; set {
		o.add("guardrails", guardrails)
	}
	o.add("knowledge_base_ids", a.list("knowledge_base_ids"))
	a.addNumber(&o, "temperature", json.Number("0.7"))
	a.addNumber(&o, "max_tokens", json.Number("4096"))
	a.addNumber(&o, "max_cost_per_run_cents", nil)
	a.addNumber(&o, "max_cost_per_conversation_cents", nil)
	a.addNumber(&o, "max_api_calls_per_run", json.Number("25"))
	o.time("last_active_at", a.lastActive)
	o.add("created_at", a.created)
	o.add("updated_at", a.updated)
	return o
}

// addNumber adds a number as it was written, or what holds without one.
func (a *agent) addNumber(o *object, name string, usual any) {
	value, set := a.fields[name]
	if !set {
		value = usual
	}
	o.add(name, value)
}

// listed is the agent in a list, which counts what it has done.
func (a *agent) listed(c *call) object {
	active := 0
	for _, talk := range a.conversations {
		if c.now.Sub(talk.last) < activeFor {
			active++
		}
	}
	o := a.object()
	o.add("active_conversations", active)
	o.add("conversation_count", len(a.conversations))
	o.add("total_tokens", a.tokens)
	return o
}
