package webhooks

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// MessageData is the data of the message events. Every field may be missing, and
// is zero then. Most events hold the message's ID, channel, recipient and status,
// and few its text. Identify a message by its MessageID: the recipient of a delivered
// one may be masked.
type MessageData struct {
	// MessageID is the message's ID, as Messages.Get takes it.
	MessageID string `json:"message_id,omitzero"`
	// Channel is the way it was sent.
	Channel api.MessageChannel `json:"channel,omitzero"`
	// From is the sender. Orbit may mask a number: "+1415555****".
	From string `json:"from,omitzero"`
	// To is who it is for. Orbit may mask numbers.
	To api.Recipients `json:"to,omitzero"`
	// Body is the text.
	Body string `json:"body,omitzero"`
	// Status is how far it has come. Events may arrive out of order:
	// Status.Before tells a late one.
	Status api.MessageStatus `json:"status,omitzero"`
	// Segments is the number of SMS that it was billed as.
	Segments int `json:"segments,omitzero"`
	// Metadata is what the sender attached.
	Metadata api.Metadata `json:"metadata,omitzero"`
	// ProviderID is the ID that the provider behind Orbit gave it.
	ProviderID string `json:"provider_id,omitzero"`
	// ErrorCode says why it failed, such as orbit.CodeMMSNANPOnly.
	ErrorCode api.Code `json:"error_code,omitzero"`
	// CreatedAt is when Orbit accepted it.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// DeliveredAt is when it reached the recipient.
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
}

// read also takes the other names of the two IDs.
func (d *MessageData) read(raw json.RawMessage) error {
	var w struct {
		MessageData
		ID         string `json:"id"`
		ExternalID string `json:"external_id"`
	}
	err := wire.Unmarshal(raw, &w)
	*d = w.MessageData
	d.MessageID = cmp.Or(d.MessageID, w.ID)
	d.ProviderID = cmp.Or(d.ProviderID, w.ExternalID)
	return err
}

// CallData is the data of the call events. Its form follows the API's
// conventions; it is not documented. Every field may be missing, and is zero
// then.
type CallData struct {
	// CallID is the call's ID.
	CallID string `json:"call_id,omitzero"`
	// From is the caller, "" where the number is withheld. Orbit may mask it.
	From string `json:"from,omitzero"`
	// To is the number that was called. Orbit may mask it.
	To string `json:"to,omitzero"`
	// Status is how far the call has come, such as voice.CallStatusCompleted. Events
	// may arrive out of order: Status.Before reports a late one.
	Status api.CallStatus `json:"status,omitzero"`
	// Direction is inbound or outbound.
	Direction api.Direction `json:"direction,omitzero"`
	// DurationSeconds is how long the call took, in seconds.
	DurationSeconds int `json:"duration_seconds,omitzero"`
	// RecordingURL is where the recording lies, "" where there is none.
	RecordingURL string `json:"recording_url,omitzero"`
	// AgentID is the agent that handled the call.
	AgentID string `json:"agent_id,omitzero"`
	// Metadata is what was attached to the call.
	Metadata api.Metadata `json:"metadata,omitzero"`
}

// Duration is DurationSeconds as a time.Duration.
func (d *CallData) Duration() time.Duration { return time.Duration(d.DurationSeconds) * time.Second }

func (d *CallData) read(raw json.RawMessage) error {
	var w struct {
		CallData
		ID string `json:"id"`
	}
	err := wire.Unmarshal(raw, &w)
	*d = w.CallData
	d.CallID = cmp.Or(d.CallID, w.ID)
	return err
}

// VerificationData is the data of the verification events. Its form follows the
// API's conventions; it is not documented. Every field may be missing, and is
// zero then.
type VerificationData struct {
	// VerificationID is the verification's ID.
	VerificationID string `json:"verification_id,omitzero"`
	// To is who was asked for the code. Orbit may mask it.
	To string `json:"to,omitzero"`
	// Channel is the way the code was sent, such as verify.ChannelSMS.
	Channel api.VerificationChannel `json:"channel,omitzero"`
	// Status is how it stands: Status.Approved reports whether the right code was
	// checked. Events may arrive out of order: Status.Before reports a late one.
	Status api.VerificationStatus `json:"status,omitzero"`
}

func (d *VerificationData) read(raw json.RawMessage) error {
	var w struct {
		VerificationData
		ID string `json:"id"`
	}
	err := wire.Unmarshal(raw, &w)
	*d = w.VerificationData
	d.VerificationID = cmp.Or(d.VerificationID, w.ID)
	return err
}

// ExecutionData is the data of the flow events. Its form follows the API's
// conventions; it is not documented. Every field may be missing, and is zero
// then.
type ExecutionData struct {
	// ExecutionID is the execution's ExecutionID.
	ExecutionID string `json:"id,omitzero"`
	// FlowID is the flow that runs.
	FlowID string `json:"flow_id,omitzero"`
	// FlowVersion is the version of the flow that runs; each update adds one.
	FlowVersion int `json:"flow_version,omitzero"`
	// Status is how far it has come, such as flows.ExecutionStatusCompleted. Events
	// may arrive out of order: Status.Before reports a late one.
	Status api.ExecutionStatus `json:"status,omitzero"`
	// Trigger is what started it.
	Trigger api.Trigger `json:"trigger,omitzero"`
	// StartedAt is when it started.
	StartedAt time.Time `json:"started_at,omitzero"`
	// EndedAt is when it ended, and zero while it runs.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// DurationMS is how long it took, in milliseconds.
	DurationMS int64 `json:"duration_ms,omitzero"`
	// NodeCount is how many nodes it went through.
	NodeCount int `json:"node_count,omitzero"`
	// Error says why it failed. It is zero where it did not.
	Error api.Failure `json:"error,omitzero"`
}

// Duration is DurationMS as a time.Duration.
func (d *ExecutionData) Duration() time.Duration {
	return time.Duration(d.DurationMS) * time.Millisecond
}

func (d *ExecutionData) read(raw json.RawMessage) error {
	var w struct {
		ExecutionData
		ExecutionID string `json:"execution_id"`
	}
	err := wire.Unmarshal(raw, &w)
	*d = w.ExecutionData
	d.ExecutionID = cmp.Or(w.ExecutionID, d.ExecutionID)
	return err
}

// DocumentData is the data of the event of a knowledge base's document. Its form
// follows the API's conventions; it is not documented. Every field may be
// missing, and is zero then.
type DocumentData struct {
	// DocumentID is the document's DocumentID.
	DocumentID string `json:"id,omitzero"`
	// Name is its file name.
	Name string `json:"name,omitzero"`
	// Status is how far it has been processed, such as agents.DocumentStatusReady.
	Status api.DocumentStatus `json:"status,omitzero"`
	// Error says why it could not be read.
	Error string `json:"error,omitzero"`
	// Size is its size in bytes.
	Size int64 `json:"size,omitzero"`
	// CreatedAt is when it was uploaded.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

func (d *DocumentData) read(raw json.RawMessage) error {
	var w struct {
		DocumentData
		DocumentID string `json:"document_id"`
	}
	err := wire.Unmarshal(raw, &w)
	*d = w.DocumentData
	d.DocumentID = cmp.Or(w.DocumentID, d.DocumentID)
	return err
}

// ContactData is the data of the contact events, as far as it is known. The rest
// is in Event.Data.
type ContactData struct {
	// ContactID is the contact's ID.
	ContactID string `json:"contact_id,omitzero"`
}

func (d *ContactData) read(raw json.RawMessage) error {
	var w struct {
		ContactData
		ID string `json:"id"`
	}
	err := wire.Unmarshal(raw, &w)
	d.ContactID = cmp.Or(w.ContactID, w.ID)
	return err
}

// CampaignData is the data of the campaign events, as far as it is known. The
// rest is in Event.Data.
type CampaignData struct {
	// CampaignID is the campaign's ID.
	CampaignID string `json:"campaign_id,omitzero"`
}

func (d *CampaignData) read(raw json.RawMessage) error {
	var w struct {
		CampaignData
		ID string `json:"id"`
	}
	err := wire.Unmarshal(raw, &w)
	d.CampaignID = cmp.Or(w.CampaignID, w.ID)
	return err
}
