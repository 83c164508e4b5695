package orbittest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// An ivrIntent is something that callers may ask for.
type ivrIntent struct {
	id               string
	fields           map[string]any // as they were sent
	created, updated time.Time
}

func (v *voice) intentRoutes() []*route {
	return []*route{
		{method: "POST", path: "/voice/ivr-intents", scope: voiceWrite, status: http.StatusCreated, body: newIntentFields, handle: v.createIntent},
		{method: "GET", path: "/voice/ivr-intents", scope: voiceRead, handle: v.listIntents},
		{method: "PATCH", path: "/voice/ivr-intents/{id}", scope: voiceWrite, body: intentFields, handle: v.updateIntent},
		{method: "DELETE", path: "/voice/ivr-intents/{id}", scope: voiceWrite, status: http.StatusNoContent, handle: v.removeIntent},
		{method: "POST", path: "/voice/ivr-intents/test", scope: voiceRead, body: utteranceFields, handle: v.testIntent},
	}
}

func intentFields() schema {
	return schema{
		{name: "name", kind: text, max: 64, format: intentName()},
		{name: "description", kind: text, max: 500},
		{name: "target_queue_id", kind: text},
		{name: "target_agent_id", kind: text},
		{name: "active", kind: flag},
	}
}

func newIntentFields() schema {
	fields := intentFields()
	fields.find("name").required = true
	return fields
}

func intentName() format {
	return format{expected: "lower case, digits, -, / and _", valid: func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-/_", r)
		})
	}}
}

func utteranceFields() schema { return schema{{name: "utterance", kind: text, required: true}} }

// object is the intent in an answer.
func (i *ivrIntent) object() object {
	return object{
		{"id", i.id}, {"name", i.fields["name"]}, {"description", i.fields["description"]},
		{"target_queue_id", i.fields["target_queue_id"]}, {"target_agent_id", i.fields["target_agent_id"]},
		{"active", i.isActive()}, {"createdAt", i.created}, {"updatedAt", i.updated},
	}
}

func (i *ivrIntent) isActive() bool { return i.fields["active"] != false }

// save keeps the given fields of an intent, unless they break a rule.
func (v *voice) save(c *call, i *ivrIntent) *failure {
	fields := maps.Clone(i.fields)
	maps.Copy(fields, c.fields)
	if fields["target_queue_id"] != nil && fields["target_agent_id"] != nil {
		return invalid(codeValidation, "target_queue_id", nil, "a queue or an agent, not both")
	}
	for _, r := range v.intents.rows {
		if other := r.value; other.id != i.id && other.fields["name"] == fields["name"] {
			return conflict(codeConflict, "There is an intent of this name already.")
		}
	}
	i.fields, i.updated = fields, c.now
	return nil
}

func (v *voice) createIntent(c *call) (result, *failure) {
	i := &ivrIntent{id: v.server.newID("ivri_"), fields: map[string]any{}, created: c.now}
	if problem := v.save(c, i); problem != nil {
		return result{}, problem
	}
	v.intents.add(i.id, i.created, i)
	return result{data: i.object()}, nil
}

// listIntents answers all of them at once.
func (v *voice) listIntents(*call) (result, *failure) {
	all := make([]object, 0, len(v.intents.rows))
	for _, r := range v.intents.rows {
		all = append(all, r.value.object())
	}
	return result{data: all}, nil
}

func (v *voice) findIntent(c *call) (*ivrIntent, *failure) {
	i, ok := v.intents.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no IVR intent with this ID.")
	}
	return i, nil
}

func (v *voice) updateIntent(c *call) (result, *failure) {
	i, problem := v.findIntent(c)
	if problem == nil {
		problem = v.save(c, i)
	}
	if problem != nil {
		return result{}, problem
	}
	return result{data: i.object()}, nil
}

func (v *voice) removeIntent(c *call) (result, *failure) {
	i, problem := v.findIntent(c)
	if problem == nil {
		v.intents.remove(i.id)
	}
	return result{}, problem
}

// testIntent matches the first active intent of whose name or description a word
// was said.
func (v *voice) testIntent(c *call) (result, *failure) {
	said := words(c.text("utterance"))
	for _, r := range v.intents.rows {
		i := r.value
		meant := words(textOf(i.fields["name"]) + " " + textOf(i.fields["description"]))
		if i.isActive() && slices.ContainsFunc(meant, func(w string) bool { return slices.Contains(said, w) }) {
			return result{data: object{{"intent", i.object()}, {"confidence", 0.9}}}, nil
		}
	}
	return result{data: object{{"intent", nil}, {"confidence", 0}}}, nil
}

func (v *voice) queueRoutes() []*route {
	return []*route{
		{method: "GET", path: "/voice/queues/{id}/scripts", scope: voiceRead, handle: v.listScripts},
		{method: "POST", path: "/voice/queues/{queueId}/calls/{callId}/disposition", scope: voiceWrite,
			body: dispositionFields, handle: v.dispose},
	}
}

func dispositionFields() schema {
	return schema{{name: "disposition", kind: text, required: true}, {name: "note", kind: text}}
}

func (v *voice) listScripts(c *call) (result, *failure) {
	return result{data: append([]object{}, v.scripts[c.value("id")]...)}, nil
}

// dispose keeps what an agent says of a call. One that the server does not hold
// is another agent's.
func (v *voice) dispose(c *call) (result, *failure) {
	p, ok := v.rows.get(c.value("callId"))
	if !ok {
		problem := notFound("The call belongs to another agent.")
		problem.code = codeNotOwningAgent
		return result{}, problem
	}
	p.disposition = c.text("disposition")
	if c.server.cfg.generation == Older {
		return result{status: http.StatusNoContent}, nil
	}
	return result{data: object{{"call_id", p.id}, {"disposition", p.disposition}}}, nil
}

// AddQueueScript puts an active script on a call queue, with the given further
// fields, and returns its ID. Scripts are listed by name.
func (s *Server) AddQueueScript(queueID, name string, fields map[string]any) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	script := object{{"id", s.newID("script_")}, {"name", name}}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		script.set(key, fields[key])
	}
	v := s.accounts[0].voice
	scripts := append(v.scripts[queueID], script)
	slices.SortStableFunc(scripts, func(a, b object) int { return strings.Compare(textOf(a[1].value), textOf(b[1].value)) })
	v.scripts[queueID] = scripts
	return textOf(script[0].value)
}
