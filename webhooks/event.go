package webhooks

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Event is something that happened in the account. Its Data has a typed form for
// the types that the SDK knows: see [Kind.Data].
type Event struct {
	// ID is the event's ID, the same on each delivery of it. It is "" only where
	// the event has none.
	ID string `json:"id"`
	// Type is what happened.
	Type EventType `json:"type"`
	// CreatedAt is when it happened. It is zero where the event does not say so
	// in a form that can be read.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Data is what the event tells, as JSON. It is nil where the event has none.
	Data json.RawMessage `json:"data,omitzero"`
	// Truncated is what is left of data above 256 KB, and nil for data that is
	// whole. Fetch the resource that it names.
	Truncated *Truncated `json:"-"`
	// Verification tells how the delivery was verified. It is the zero value in an
	// event that ParseEvent read.
	Verification Verification `json:"-"`
	// Raw is the body of the delivery, byte for byte. It may hold personal data.
	Raw []byte `json:"-"`
}

// Truncated names what an event was about whose data was too large to be sent.
// The IDs that do not apply are empty.
type Truncated struct {
	// OriginalBytes is the size that the data had.
	OriginalBytes int64 `json:"_original_bytes"`
	// ID is the ID of the resource.
	ID string `json:"id"`
	// MessageID is the message's ID.
	MessageID string `json:"message_id"`
	// ConversationID is the conversation's ID.
	ConversationID string `json:"conversation_id"`
	// ContactID is the contact's ID.
	ContactID string `json:"contact_id"`
	// CampaignID is the campaign's ID.
	CampaignID string `json:"campaign_id"`
	// Channel is the channel of the message.
	Channel api.MessageChannel `json:"channel"`
}

// envelope is an event as it is written.
type envelope struct {
	ID        string          `json:"id"`
	Type      EventType       `json:"type"`
	CreatedAt time.Time       `json:"created_at"`
	Truncated bool            `json:"truncated"`
	Data      json.RawMessage `json:"data"`
}

// ParseEvent decodes an event without verifying it: for events that were verified
// before, such as those in a queue. It takes a copy of the body. It refuses only
// what is not JSON (ErrNotJSON); where a part of the envelope is missing or has an
// unknown form, its field is zero.
func ParseEvent(body []byte) (*Event, error) {
	env, err := readEnvelope(body)
	if err != nil {
		return nil, err
	}
	return &Event{
		ID: env.ID, Type: env.Type, CreatedAt: env.CreatedAt, Data: env.Data,
		Truncated: readTruncated(&env), Raw: bytes.Clone(body),
	}, nil
}

// readEnvelope decodes the envelope at once, and only where that fails part by
// part.
func readEnvelope(body []byte) (envelope, error) {
	body = withoutBOM(body)
	var env envelope
	if json.Unmarshal(body, &env) == nil {
		return env, nil
	}
	if !json.Valid(body) {
		return envelope{}, ErrNotJSON
	}
	return readParts(body), nil
}

// withoutBOM removes a byte order mark, which some proxies and tools put in front
// of a text and no JSON decoder takes.
func withoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\ufeff")) }

// readParts keeps what can be read of an envelope in which something cannot.
func readParts(body []byte) envelope {
	var parts struct {
		ID        json.RawMessage `json:"id"`
		Type      json.RawMessage `json:"type"`
		CreatedAt json.RawMessage `json:"created_at"`
		Truncated json.RawMessage `json:"truncated"`
		Data      json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal(body, &parts) // what is no object has no parts
	return envelope{
		ID:        readPart[string](parts.ID),
		Type:      readPart[EventType](parts.Type),
		CreatedAt: readPart[time.Time](parts.CreatedAt),
		Truncated: readPart[bool](parts.Truncated),
		Data:      parts.Data,
	}
}

// readPart decodes one part, in any form that Orbit has been seen to write. What
// cannot be read is zero.
func readPart[T any](raw json.RawMessage) T {
	var value, zero T
	if len(raw) == 0 || wire.Unmarshal(raw, &value) != nil {
		return zero
	}
	return value
}

// readTruncated returns what is left of truncated data, or nil. Envelope and data
// both say so; either is enough.
func readTruncated(env *envelope) *Truncated {
	const mark = `"_truncated"`
	if !env.Truncated && !bytes.Contains(env.Data, []byte(mark)) {
		return nil
	}
	data := readPart[struct {
		Truncated
		Mark bool `json:"_truncated"`
	}](env.Data)
	if !env.Truncated && !data.Mark {
		return nil
	}
	return &data.Truncated
}
