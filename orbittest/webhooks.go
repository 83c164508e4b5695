package orbittest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// webhooks are the addresses that events are delivered to, and what is on its way
// to them.
type webhooks struct {
	server  *Server
	account *account
	rows    *collection[*webhook]
	seen    map[sighting]bool // what was published
}

// A webhook is one address.
type webhook struct {
	id               string
	fields           map[string]any // as they were sent
	secret           string
	created, updated time.Time
	receiver         http.RoundTripper // in place of the server's; nil: the server's
	log              *collection[Delivery]
}

func newWebhooks(a *account) *webhooks {
	return &webhooks{server: a.server, account: a, rows: newCollection[*webhook](), seen: make(map[sighting]bool)}
}

// everyEvent stands for all event types.
const everyEvent = "*"

func (h *webhook) active() bool { return h.fields["active"] != false }

func (h *webhook) url() string {
	url, _ := h.fields["url"].(string)
	return url
}

// wants reports whether an event is to be delivered. What happens while the
// webhook is paused never is.
func (h *webhook) wants(kind string) bool {
	events, _ := h.fields["events"].([]any)
	return h.active() && (slices.Contains(events, any(everyEvent)) || slices.Contains(events, any(kind)))
}

func (w *webhooks) routes() []*route {
	const read, write = "webhooks:read", "webhooks:write"
	return []*route{
		{method: "POST", path: "/webhooks", scope: write, status: http.StatusCreated, body: newWebhookFields, check: w.checkEvents, handle: w.create},
		{method: "GET", path: "/webhooks", scope: read, query: webhookQuery, handle: w.list},
		{method: "GET", path: "/webhooks/{id}", scope: read, handle: w.get},
		{method: "PUT", path: "/webhooks/{id}", scope: write, body: changedWebhookFields, check: w.checkEvents, handle: w.update},
		{method: "DELETE", path: "/webhooks/{id}", scope: write, status: http.StatusNoContent, handle: w.remove},
		{method: "POST", path: "/webhooks/{id}/test", scope: write, handle: w.test},
		{method: "GET", path: "/webhooks/{id}/deliveries", scope: read, query: webhookQuery, handle: w.deliveries},
	}
}

func webhookQuery() schema { return listQuery() }

func changedWebhookFields() schema {
	return schema{
		{name: "url", kind: text, format: webhookURL()},
		{name: "events", kind: list, item: &field{kind: text}},
		{name: "active", kind: flag},
		{name: "description", kind: text},
	}
}

func newWebhookFields() schema {
	return schema{
		{name: "url", kind: text, required: true, format: webhookURL()},
		{name: "events", kind: list, required: true, item: &field{kind: text}},
		{name: "description", kind: text},
		{name: "secret", kind: text},
	}
}

// checkEvents refuses names that are not in the catalogue. Nobody has printed it
// whole: what has the form of a name passes, but for those that were taken out.
func (w *webhooks) checkEvents(c *call) *failure {
	for i, name := range c.texts("events") {
		outdated := name == "message.sending" || name == "message.undelivered"
		if name != everyEvent && !strings.Contains(name, ".") || outdated && w.server.cfg.generation == Newer {
			return invalid(codeValidation, itemPath("events", i), name, "an event of the catalogue, or *")
		}
	}
	return nil
}

// object is the webhook in an answer.
func (h *webhook) object() object {
	o := object{{"id", h.id}, {"url", h.fields["url"]}, {"events", h.fields["events"]}, {"active", h.active()}}
	if description, given := h.fields["description"]; given {
		o.add("description", description)
	}
	return append(o, member{"created_at", h.created}, member{"updated_at", h.updated})
}

func (w *webhooks) create(c *call) (result, *failure) {
	fields := maps.Clone(c.fields)
	delete(fields, "secret")
	secret := c.text("secret")
	if secret == "" {
		secret = w.server.newID("whsec_")
	}
	h := w.register(c.now, secret, fields)
	return result{data: append(h.object(), member{"signing_secret", secret})}, nil
}

// register adds a webhook, which is told of what happens from now on.
func (w *webhooks) register(now time.Time, secret string, fields map[string]any) *webhook {
	w.collect(now)
	h := &webhook{
		id: w.server.newID("wh_"), fields: fields, secret: secret, created: now, updated: now, log: newCollection[Delivery](),
	}
	w.rows.add(h.id, h.created, h)
	return h
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

// remove takes a webhook away, with what is still to be delivered to it.
func (w *webhooks) remove(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem == nil {
		w.rows.remove(h.id)
		w.server.post.pending = slices.DeleteFunc(w.server.post.pending, func(p *pending) bool { return p.of == w && p.hook == h })
	}
	return result{}, problem
}

// test makes an event for this webhook alone, whatever it is registered for.
func (w *webhooks) test(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem != nil {
		return result{}, problem
	}
	e := &event{id: w.server.newLongID("evt_"), kind: "webhook.test", at: c.now, data: object{{"webhook_id", h.id}}}
	w.enqueue(h, e)
	return result{data: object{{"event_id", e.id}}}, nil
}

func (w *webhooks) deliveries(c *call) (result, *failure) {
	h, problem := w.find(c)
	if problem != nil {
		return result{}, problem
	}
	w.observe(c.now)
	all := func(Delivery) bool { return true }
	return listPage(c, h.log, all, Delivery.object)
}

// object is the delivery in an answer.
func (d Delivery) object() object {
	return object{
		{"id", d.ID}, {"event_id", d.EventID}, {"event_type", d.EventType}, {"status_code", d.Status},
		{"response_time_ms", int(d.Took.Milliseconds())}, {"attempt", d.Attempt}, {"success", d.Succeeded()}, {"created_at", d.Time},
	}
}
