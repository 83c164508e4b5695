package orbittest

import (
	"encoding/json"
	"html"
	"maps"
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A message is one message as the server holds it.
type message struct {
	id, account        string
	channel, direction string
	to                 []string
	from, body         string
	created            time.Time
	started            time.Time // created, or when it was last sent again
	line               timeline
	errorCode          string // of a recipient that was refused
	forced             string // a status that SetMessageStatus or AddMessage gave
	forcedAt           time.Time
	sends              int
	idempotencyKey     string
	fields             map[string]any
	prepared           bool // by AddMessage: all fields are part of its answers
}

// status is where the message is at a moment.
func (msg *message) status(now time.Time) string {
	if msg.forced != "" {
		return msg.forced
	}
	return msg.line.at(now.Sub(msg.started))
}

// restart sends the message once more.
func (msg *message) restart(now time.Time) {
	msg.started, msg.forced = now, ""
	msg.sends++
}

// endedAt is when the message came to its present status.
func (msg *message) endedAt() time.Time {
	if msg.forced != "" {
		return msg.forcedAt
	}
	return msg.started.Add(msg.line.end)
}

func endedBadly(status string) bool {
	switch status {
	case "failed", "undelivered", "expired", "rejected", "blocked", "unknown":
		return true
	default:
		return false
	}
}

// object is the message in an answer.
func (msg *message) object(c *call) object {
	older := c.server.cfg.generation == Older
	status := msg.status(c.now)
	o := make(object, 0, 20)
	o.add(msg.idName(older), msg.id)
	o.text("channel", msg.channel)
	o.text("status", status)
	o.text("direction", msg.direction)
	o.add("to", msg.recipients(older))
	o.text("from", msg.from)
	o.text("body", msg.body)
	msg.addSegments(&o)
	if msg.channel == "push" {
		o.add("platforms", []string{"apns", "fcm"})
	}
	if !msg.prepared {
		msg.addEchoed(&o)
	}
	o.add(c.server.cfg.generation.word("external_id", "provider_id"), "ext_"+msg.id)
	msg.addOutcome(&o, status)
	o.add("created_at", msg.created)
	msg.addTimes(&o, c.now, status)
	if msg.prepared {
		o.give(msg.fields)
	}
	return o
}

// addSegments adds what a text is billed as.
func (msg *message) addSegments(o *object) {
	if msg.channel == "sms" || msg.channel == "mms" {
		o.add("segments", smsSegments(msg.body))
	}
}

// idName is what an answer calls the message's ID.
func (msg *message) idName(older bool) string {
	switch {
	case older && msg.channel == "fax":
		return "fax_id"
	case older:
		return "message_id"
	default:
		return "id"
	}
}

// recipients is a string, or for e-mail a list: the older generation writes a
// single address as a string there as well.
func (msg *message) recipients(older bool) any {
	if len(msg.to) == 1 && (older || msg.channel != "email") {
		return msg.to[0]
	}
	return msg.to
}

// addEchoed adds what answers repeat from the request.
func (msg *message) addEchoed(o *object) {
	for _, name := range [...]string{"subject", "text", "html", "metadata"} {
		if value, given := msg.fields[name]; given && (name != "text" || msg.channel == "email") {
			o.add(name, value)
		}
	}
}

// addOutcome adds what goes with an end of the message.
func (msg *message) addOutcome(o *object, status string) {
	fax := msg.channel == "fax"
	switch {
	case msg.errorCode != "":
		o.add("error_code", msg.errorCode)
	case status == "failed" && fax:
		o.add("failure_reason", "BUSY")
	case status == "failed":
		o.add("error_code", codeSendFailed)
	case status == "delivered" && fax && !msg.prepared:
		o.add("pages_sent", 1)
		o.add("total_pages", 1)
	}
	if endedBadly(status) {
		o.add("error_message", "The message ended as "+status+".")
	}
}

// addTimes adds when the message was sent and where it has arrived since.
func (msg *message) addTimes(o *object, now time.Time, status string) {
	if sent := msg.started.Add(msg.line.sent); msg.line.sent > 0 && !msg.prepared && !now.Before(sent) {
		o.add("sent_at", sent)
	}
	switch status {
	case "delivered":
		o.time("delivered_at", msg.endedAt())
	case "read":
		o.time("delivered_at", msg.endedAt())
		o.time("read_at", msg.endedAt())
	}
}

func escapeHTML(s string) string { return html.EscapeString(s) }

// contentOf is the content of an e-mail block as text.
func contentOf(content any) string {
	if s, ok := content.(string); ok {
		return s
	}
	raw, _ := json.Marshal(content) // it came from JSON
	return string(raw)
}

// A Message is a message that the server holds.
type Message struct {
	// ID is the message's ID. AddMessage makes one if it is empty.
	ID string
	// Account is the account that holds it, see [WithAccount]. In a message for
	// AddMessage empty is the first one.
	Account string
	// Channel is the channel of the message, such as messages.ChannelSMS.
	Channel api.MessageChannel
	// Direction is outbound for what was sent through the API, or inbound.
	Direction api.Direction
	// To holds the recipient; e-mails may have several.
	To api.Recipients
	// From is the sender, if one was given.
	From string
	// Body is the text, wherever the channel's request puts it. E-mails have
	// their texts in Fields.
	Body string
	// Status is where the message is now.
	Status api.MessageStatus
	// IdempotencyKey is the key of the request that the message came with.
	IdempotencyKey string
	// CreatedAt is when the message was accepted, by the server's clock.
	CreatedAt time.Time
	// Sends counts how often the message was sent: 1, and 1 more for each retry
	// of a failed message.
	Sends int
	// Fields are the fields of the request, decoded from JSON with json.Number
	// for numbers. In a message for AddMessage they are further fields of the
	// API's answers, such as metadata or conversation_id, or replace what the
	// server would answer. Do not change what is inside.
	Fields map[string]any
}

// Messages returns all messages that the server holds, oldest first, each as it
// is now. A test that counts them sees whether something was sent twice.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	return ofAll(s, messageRows, func(msg *message) Message { return msg.public(now) })
}

func messageRows(a *account) *collection[*message] { return a.messages.rows }

func (msg *message) public(now time.Time) Message {
	return Message{
		ID:             msg.id,
		Account:        msg.account,
		Channel:        api.MessageChannel(msg.channel),
		Direction:      api.Direction(msg.direction),
		To:             slices.Clone(msg.to),
		From:           msg.from,
		Body:           msg.body,
		Status:         api.MessageStatus(msg.status(now)),
		IdempotencyKey: msg.idempotencyKey,
		CreatedAt:      msg.created,
		Sends:          msg.sends,
		Fields:         maps.Clone(msg.fields),
	}
}

// AddMessage puts a message on the server as if it had been there before, and
// returns it with everything filled in. Without further fields it is an inbound
// SMS that has just been delivered. An inbound WhatsApp message opens the 24-hour
// window between its sender and the number that it went to. The message keeps its
// status until [Server.SetMessageStatus] changes it or a retry sends it again. An
// ID that is taken fails the test.
func (s *Server) AddMessage(m Message) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	owner := s.named(m.Account)
	msg := &message{
		id:             m.ID,
		account:        owner.name,
		channel:        orElse(m.Channel, "sms"),
		direction:      orElse(m.Direction, "inbound"),
		to:             slices.Clone(m.To),
		from:           m.From,
		body:           m.Body,
		created:        m.CreatedAt,
		line:           liveTimeline(),
		forced:         orElse(m.Status, "delivered"),
		sends:          max(m.Sends, 1),
		idempotencyKey: m.IdempotencyKey,
		fields:         maps.Clone(m.Fields),
		prepared:       true,
	}
	if msg.id == "" {
		msg.id = s.newID("msg_")
	}
	if msg.created.IsZero() {
		msg.created = now
	}
	msg.started, msg.forcedAt = msg.created, msg.created
	owner.messages.put(msg)
	return msg.public(now)
}

// put adds a prepared message to the state.
func (m *messages) put(msg *message) {
	if _, _, taken := held(m.server, msg.id, messageRows); taken {
		m.server.misused("there is a message with ID %s already", msg.id)
		return
	}
	m.rows.add(msg.id, msg.created, msg)
	if msg.channel == "whatsapp" && msg.direction == "inbound" {
		for _, business := range append([]string{""}, msg.to...) {
			window := pair{msg.from, business}
			if msg.created.After(m.lastInbound[window]) {
				m.lastInbound[window] = msg.created
			}
		}
	}
}

// SetMessageStatus gives a message a status, which it keeps: messages.StatusRead, or
// one that the SDK does not know. An ID that the server does not hold fails the test.
func (s *Server) SetMessageStatus(id string, status api.MessageStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, msg, ok := held(s, id, messageRows)
	if !ok {
		s.misused("there is no message with ID %s", id)
		return
	}
	now := s.now()
	a.webhooks.observe(now)
	msg.forced, msg.forcedAt = string(status), now
}

// orElse returns a text, or another where it is empty.
func orElse[S ~string](value S, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return string(value)
}
