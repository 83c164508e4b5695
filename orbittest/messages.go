package orbittest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// messages is the service under /messages.
type messages struct {
	server  *Server
	account *account
	rows    *collection[*message]
	// lastInbound is when each customer last wrote on WhatsApp, by the number of
	// the account that they wrote to, and under "" to any.
	lastInbound map[pair]time.Time
}

// A pair is a customer and a number of the account.
type pair struct{ customer, business string }

func newMessages(a *account) *messages {
	return &messages{server: a.server, account: a, rows: newCollection[*message](), lastInbound: make(map[pair]time.Time)}
}

func (m *messages) routes() []*route {
	const read, write = "messages:read", "messages:write"
	const created, accepted, none = http.StatusCreated, http.StatusAccepted, http.StatusNoContent
	return []*route{
		{method: "POST", path: "/messages/sms", scope: write, perMinute: 100, status: accepted,
			body: smsFields, translate: translateSMS, check: checkSMS, handle: m.send},
		{method: "POST", path: "/messages/whatsapp", scope: write, perMinute: 80, status: created,
			body: whatsAppFields, translate: translateWhatsApp, check: checkWhatsApp, handle: m.sendWhatsApp},
		{method: "POST", path: "/messages/email", scope: write, perMinute: 200, status: created,
			body: emailFields, check: checkEmail, handle: m.send},
		{method: "POST", path: "/messages/rcs", scope: write, perMinute: 50, status: created,
			body: rcsFields, check: checkRCS, handle: m.send},
		{method: "POST", path: "/messages/viber", scope: write, perMinute: 50, status: created,
			body: viberFields, handle: m.send},
		{method: "POST", path: "/messages/telegram", scope: write, perMinute: 80, status: created,
			body: telegramFields, handle: m.send},
		{method: "POST", path: "/messages/messenger", scope: write, perMinute: 80, status: created,
			body: messengerFields, check: checkMessenger, handle: m.send},
		{method: "POST", path: "/messages/instagram", scope: write, status: created,
			body: instagramFields, handle: m.send},
		{method: "POST", path: "/messages/line", scope: write, perMinute: 80, status: accepted,
			body: lineFields, handle: m.send},
		{method: "POST", path: "/messages/push", scope: write, status: created,
			body: pushFields, handle: m.send},
		{method: "POST", path: "/messages/fax", scope: write, perMinute: 20, status: created,
			body: faxFields, handle: m.send},
		{method: "POST", path: "/messages/group", scope: write, perMinute: 60, status: created,
			body: groupFields, check: checkGroup, handle: m.sendGroup},
		{method: "GET", path: "/messages", scope: read, perMinute: 120,
			query: messageQuery, handle: m.list},
		{method: "GET", path: "/messages/{id}", scope: read, handle: m.get},
		{method: "PATCH", path: "/messages/{id}", scope: write, body: editFields, handle: m.edit},
		{method: "DELETE", path: "/messages/{id}", scope: write, status: none, handle: m.remove},
		{method: "POST", path: "/messages/{id}/retry", scope: write, handle: m.retry},
		{method: "GET", path: "/messages/whatsapp/window-status", scope: read,
			query: windowQuery, handle: m.window},
		{method: "POST", path: "/messages/email-builder/render", scope: write, shape: withoutMeta,
			body: renderFields, handle: m.render},
	}
}

// channelOf is the channel that a send's path names.
func channelOf(c *call) string {
	channel := strings.TrimPrefix(c.route.path, "/messages/")
	switch {
	case channel == "group", channel == "sms" && hasMedia(c):
		return "mms"
	default:
		return channel
	}
}

func hasMedia(c *call) bool { return len(c.texts("media_urls")) > 0 }

// send accepts a message to one recipient, or an e-mail to several.
func (m *messages) send(c *call) (result, *failure) {
	msg := m.accept(c, c.texts("to"))
	return result{data: msg.object(c)}, nil
}

// sendGroup accepts one MMS as a message for each recipient.
func (m *messages) sendGroup(c *call) (result, *failure) {
	recipients := c.texts("to")
	sent := make([]object, 0, len(recipients))
	for _, to := range recipients {
		msg := m.accept(c, []string{to})
		if !isNANP(to) {
			msg.line, msg.errorCode = refusedTimeline(), codeMMSOutsideNANP
		}
		sent = append(sent, msg.object(c))
	}
	return result{data: sent, under: c.server.cfg.generation.word("messages", "")}, nil
}

// sendWhatsApp holds free-form messages to the customer's last 24 hours.
func (m *messages) sendWhatsApp(c *call) (result, *failure) {
	held := !c.sandbox || m.server.cfg.whatsAppWindow
	if held && c.text("type") != "template" && !c.now.Before(m.windowEnd(c.text("to"), c.text("from"))) {
		return result{}, invalid(codeOutsideWindow, "to", c.text("to"), "a customer who wrote within 24 hours, or a template")
	}
	return m.send(c)
}

// windowEnd is until when free-form WhatsApp messages may go to a customer from a
// number of the account, or with "" from any of them.
func (m *messages) windowEnd(to, from string) time.Time {
	last, wrote := m.lastInbound[pair{to, from}]
	if !wrote {
		return time.Time{}
	}
	return last.Add(24 * time.Hour)
}

// accept stores what a request sends.
func (m *messages) accept(c *call, to []string) *message {
	msg := &message{
		id:             m.server.newID("msg_"),
		account:        m.account.name,
		channel:        channelOf(c),
		direction:      "outbound",
		to:             to,
		from:           c.text("from"),
		body:           bodyOf(c),
		created:        c.now,
		started:        c.now,
		line:           liveTimeline(),
		sends:          1,
		idempotencyKey: c.idempotencyKey,
		fields:         c.fields,
	}
	if c.sandbox {
		msg.line = sandboxTimeline(to[0])
	}
	m.rows.add(msg.id, msg.created, msg)
	return msg
}

// bodyOf is the text that a request sends, wherever its channel puts it.
func bodyOf(c *call) string {
	if c.has("body") {
		return c.text("body")
	}
	if text, ok := c.fields["text"].(map[string]any); ok { // WhatsApp
		body, _ := text["body"].(string)
		return body
	}
	if c.has("subject") { // e-mail has texts of its own
		return ""
	}
	return c.text("text")
}

func (m *messages) list(c *call) (result, *failure) {
	return listPage(c, m.rows, messageFilter(c), func(msg *message) object { return msg.object(c) })
}

// messageFilter is what the query asks for. Both dates are inclusive, and a
// date without a time stands for its whole day in UTC.
func messageFilter(c *call) func(*message) bool {
	get := c.query.Get
	channel, direction, from, to, status := get("channel"), get("direction"), get("from"), get("to"), get("status")
	since, _, _ := parseInstant(get("date_from")) // the schema has checked the form
	_, until, _ := parseInstant(get("date_to"))
	return func(msg *message) bool {
		return (channel == "" || channel == msg.channel) &&
			(direction == "" || direction == msg.direction) &&
			(from == "" || from == msg.from) &&
			(to == "" || slices.Contains(msg.to, to)) &&
			(since.IsZero() || !msg.created.Before(since)) &&
			(until.IsZero() || !msg.created.After(until)) &&
			(status == "" || status == msg.status(c.now))
	}
}

// find returns the message that a path names.
func (m *messages) find(c *call) (*message, *failure) {
	msg, ok := m.rows.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no message with this ID.")
	}
	return msg, nil
}

func (m *messages) get(c *call) (result, *failure) {
	msg, problem := m.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: msg.object(c)}, nil
}

// findEditable returns the message that a path names, if it can still be changed
// where it was sent to: only Telegram lets a sender do so.
func (m *messages) findEditable(c *call) (*message, *failure) {
	msg, problem := m.find(c)
	if problem == nil && msg.channel != "telegram" {
		problem = invalid(codeInvalidChannel, "id", msg.channel, "a telegram message")
	}
	return msg, problem
}

func (m *messages) edit(c *call) (result, *failure) {
	msg, problem := m.findEditable(c)
	if problem != nil {
		return result{}, problem
	}
	msg.body = c.text("text")
	return result{data: msg.object(c)}, nil
}

func (m *messages) remove(c *call) (result, *failure) {
	msg, problem := m.findEditable(c)
	if problem != nil {
		return result{}, problem
	}
	m.rows.remove(msg.id)
	return result{}, nil
}

// retry sends a message that ended badly again: it keeps its ID and starts over.
func (m *messages) retry(c *call) (result, *failure) {
	msg, problem := m.find(c)
	if problem != nil {
		return result{}, problem
	}
	if !endedBadly(msg.status(c.now)) {
		return result{}, conflict(codeConflict, "Only a message that has failed can be sent again.")
	}
	msg.restart(c.now)
	return result{data: msg.object(c)}, nil
}

func (m *messages) window(c *call) (result, *failure) {
	end := m.windowEnd(c.query.Get("to"), c.query.Get("from"))
	window := object{{"open", c.now.Before(end)}}
	window.time("expires_at", end)
	return result{data: window}, nil
}

// render turns blocks into a page: enough to see that all of them arrived, in
// their order.
func (m *messages) render(c *call) (result, *failure) {
	var html strings.Builder
	html.WriteString("<!doctype html><html><body>")
	blocks, _ := c.fields["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		kind, _ := block["type"].(string)
		html.WriteString(`<div data-block="` + escapeHTML(kind) + `">` + escapeHTML(contentOf(block["content"])) + "</div>")
	}
	html.WriteString("</body></html>")
	return result{data: object{{"html", html.String()}, {"templateId", m.server.newID("etpl_")}}}, nil
}
