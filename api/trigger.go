package api

import (
	"bytes"
	"cmp"
	"encoding/json"
)

// Trigger is what started an execution of a flow. Which fields it has depends on
// its type: all of them are in Raw.
type Trigger struct {
	// Type is the kind of trigger.
	Type TriggerType `json:"type,omitzero"`
	// Channel is the channel of an inbound message.
	Channel MessageChannel `json:"channel,omitzero"`
	// MessageID is the inbound message.
	MessageID string `json:"message_id,omitzero"`
	// Raw is the trigger as it came, with all that depends on the type.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON keeps the JSON, and reads what is known of it: an object, or just
// the name of a type.
func (t *Trigger) UnmarshalJSON(data []byte) error {
	*t = Trigger{}
	if string(data) == "null" {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) == nil {
		t.Type, t.Channel = TriggerType(scalar(fields["type"])), MessageChannel(scalar(fields["channel"]))
		t.MessageID = cmp.Or(scalar(fields["message_id"]), scalar(fields["messageId"]))
	} else {
		t.Type = TriggerType(scalar(data))
	}
	t.Raw = bytes.Clone(data)
	return nil
}

// MarshalJSON writes the JSON that was read, or the fields of a trigger that was
// made by hand.
func (t Trigger) MarshalJSON() ([]byte, error) {
	if len(t.Raw) > 0 {
		return t.Raw, nil
	}
	type plain Trigger
	return json.Marshal(plain(t))
}

// TriggerType is what starts a flow. The set is open.
type TriggerType string

// The documented trigger types.
const (
	// TriggerTypeInboundMessage is a message that the account received.
	TriggerTypeInboundMessage TriggerType = "inbound_message"
	// TriggerTypeWebhook is a request to the flow's own address.
	TriggerTypeWebhook TriggerType = "webhook"
	// TriggerTypeSchedule is a time.
	TriggerTypeSchedule TriggerType = "schedule"
	// TriggerTypeAPI is a request of a program.
	TriggerTypeAPI TriggerType = "api"
	// TriggerTypeEvent is an event in the account.
	TriggerTypeEvent TriggerType = "event"
)

// Known reports whether this version of the SDK has a constant for the type.
func (t TriggerType) Known() bool {
	switch t {
	case TriggerTypeInboundMessage, TriggerTypeWebhook, TriggerTypeSchedule, TriggerTypeAPI, TriggerTypeEvent:
		return true
	}
	return false
}
