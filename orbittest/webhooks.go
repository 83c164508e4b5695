package orbittest

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// webhooks are the addresses that events are to be delivered to. Nothing is
// delivered: a test hands its receiver what package webhooks signs.
type webhooks struct {
	server *Server
	rows   *collection[*webhook]
}

// A webhook is one address.
type webhook struct {
	id               string
	fields           map[string]any // as they were sent
	secret           string
	created, updated time.Time
	tests            *collection[*delivery]
}

// A delivery is an event that Orbit would have delivered.
type delivery struct {
	id, eventID, eventType string
	at                     time.Time
}

func newWebhooks(s *Server) *webhooks {
	return &webhooks{server: s, rows: newCollection[*webhook]()}
}

func (w *webhooks) routes() []*route {
	const read, write = "webhooks:read", "webhooks:write"
	return []*route{
		{method: "POST", path: "/webhooks", scope: write, status: http.StatusCreated, body: newWebhookFields, check: checkWebhook, handle: w.create},
		{method: "GET", path: "/webhooks", scope: read, query: webhookQuery, handle: w.list},
		{method: "GET", path: "/webhooks/{id}", scope: read, handle: w.get},
		{method: "PUT", path: "/webhooks/{id}", scope: write, body: changedWebhookFields, check: checkWebhook, handle: w.update},
		{method: "DELETE", path: "/webhooks/{id}", scope: write, status: http.StatusNoContent, handle: w.remove},
		{method: "POST", path: "/webhooks/{id}/test", scope: write, handle: w.test},
		{method: "GET", path: "/webhooks/{id}/deliveries", scope: read, query: webhookQuery, handle: w.deliveries},
	}
}

func webhookQuery() schema { return listQuery() }

func changedWebhookFields() schema {
	return schema{
		{name: "url", kind: text},
		{name: "events", kind: list, item: &field{kind: text}},
		{name: "active", kind: flag},
		{name: "description", kind: text},
	}
}

func newWebhookFields() schema {
	return schema{
		{name: "url", kind: text, required: true},
		{name: "events", kind: list, required: true, item: &field{kind: text}},
		{name: "description", kind: text},
		{name: "secret", kind: text},
	}
}

// checkWebhook refuses an address that is not a public https one.
func checkWebhook(c *call) *failure {
	address, given := c.fields["url"].(string)
	if !given {
		return nil
	}
	u, err := url.Parse(address)
	if err == nil && u.Scheme == "https" && strings.Contains(u.Hostname(), ".") {
		return nil
	}
	return &failure{status: http.StatusUnprocessableEntity, code: "INVALID_WEBHOOK_URL", message: "The address must be a public https one."}
}

// object is the webhook in an answer.
func (h *webhook) object() object {
	o := object{{"id", h.id}, {"url", h.fields["url"]}, {"events", h.fields["events"]}, {"active", h.fields["active"] != false}}
	if description, given := h.fields["description"]; given {
		o.add("description", description)
	}
	return append(o, member{"created_at", h.created}, member{"updated_at", h.updated})
}

func (w *webhooks) create(c *call) (result, *failure) {
	h := &webhook{
		id: w.server.newID("wh_"), fields: maps.Clone(c.fields), created: c.now, updated: c.now, tests: newCollection[*delivery](),
	}
	h.secret, _ = c.fields["secret"].(string)
	if h.secret == "" {
		h.secret = w.server.newID("whsec_")
	}
	delete(h.fields, "secret")
	w.rows.add(h.id, h.created, h)
	name := inGeneration(c, "signing_secret", "secret")
	return result{data: append(h.object(), member{name, h.secret})}, nil
}

func (w *webhooks) list(c *call) (result, *failure) {
	all := func(*webhook) bool { return true }
	return listPage(c, w.rows, all, func(h *webhook) object { return h.object() })
}

// find returns the webhook that a path names.
func (w *webhooks) find(c *call) (*webhook, *failure) {
	h, ok := w.rows.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no webhook with this ID.")
	}
	return h, nil
}

func (w *webhooks) get(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: h.object()}, nil
}

func (w *webhooks) update(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem != nil {
		return result{}, problem
	}
	maps.Copy(h.fields, c.fields)
	h.updated = c.now
	return result{data: h.object()}, nil
}

func (w *webhooks) remove(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem == nil {
		w.rows.remove(h.id)
	}
	return result{}, problem
}

// test notes a delivery of webhook.test.
func (w *webhooks) test(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem != nil {
		return result{}, problem
	}
	d := &delivery{id: w.server.newID("del_"), eventID: w.server.newID("evt_"), eventType: "webhook.test", at: c.now}
	h.tests.add(d.id, d.at, d)
	return result{data: object{{"event_id", d.eventID}}}, nil
}

func (w *webhooks) deliveries(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem != nil {
		return result{}, problem
	}
	all := func(*delivery) bool { return true }
	return listPage(c, h.tests, all, func(d *delivery) object {
		return object{
			{"id", d.id}, {"event_id", d.eventID}, {"event_type", d.eventType}, {"status_code", c.scalar(200)},
			{"response_time_ms", c.scalar(12)}, {"attempt", c.scalar(1)}, {"success", true}, {"created_at", d.at},
		}
	})
}
