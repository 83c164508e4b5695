package flows

import (
	"bytes"
	"encoding/json"

	"github.com/devotel/orbit-go/internal/wire"
)

// Trigger is what set an execution off. Which fields it has depends on its type:
// all of them are in Raw.
type Trigger struct {
	// Type is the kind of trigger.
	Type TriggerType `json:"type,omitzero"`
	// Channel is the channel of an inbound message.
	Channel string `json:"channel,omitzero"`
	// MessageID is the inbound message.
	MessageID string `json:"message_id,omitzero"`
	// Raw is the trigger as it came, with all that depends on the type.
	Raw json.RawMessage `json:"-"`
}

// plainTrigger is a Trigger for encoding/json to deal with.
type plainTrigger Trigger

// UnmarshalJSON keeps the JSON, and reads what is known of it: an object, or the
// mere name of a type.
func (t *Trigger) UnmarshalJSON(data []byte) error {
	*t = Trigger{}
	if string(data) == "null" {
		return nil
	}
	var known plainTrigger
	switch data[0] {
	case '{':
		if wire.Unmarshal(data, &known) != nil {
			known = plainTrigger{} // a shape of its own: Raw has it
		}
	case '"':
		if err := json.Unmarshal(data, &known.Type); err != nil {
			return err
		}
	}
	*t = Trigger(known)
	t.Raw = bytes.Clone(data)
	return nil
}

// MarshalJSON writes the JSON that was read, or the fields of a trigger that was
// made by hand.
func (t Trigger) MarshalJSON() ([]byte, error) {
	if len(t.Raw) > 0 {
		return t.Raw, nil
	}
	return json.Marshal(plainTrigger(t))
}

// Failure says why an execution, or one of its nodes, failed. Its zero value is no
// failure.
type Failure struct {
	// NodeID is the node that failed.
	NodeID string `json:"node_id,omitzero"`
	// Code says why, in Orbit's words.
	Code string `json:"code,omitzero"`
	// Message says why, for people.
	Message string `json:"message,omitzero"`
}

// IsZero reports whether nothing failed.
func (f Failure) IsZero() bool { return f == Failure{} }

// UnmarshalJSON reads an object, or just a text.
func (f *Failure) UnmarshalJSON(data []byte) error {
	var place struct {
		NodeID string `json:"node_id"`
	}
	if data[0] == '{' && wire.Unmarshal(data, &place) != nil {
		place.NodeID = "" // a shape of its own: the message has it
	}
	f.NodeID = place.NodeID
	f.Code, f.Message = wire.Reason(data)
	return nil
}
