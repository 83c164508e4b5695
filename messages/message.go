package messages

import (
	"cmp"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Message is a message, sent or received. Every field except for the ID may be
// missing in a response, and is zero then. The response to a send holds little: the
// ID, the status and the channel, perhaps the recipient, the creation time, the
// segments of an MMS and the platforms of a push notification. An item of a list may
// hold no more than an ID and a status. Get returns the rest.
type Message struct {
	api.Meta `json:"-"`

	// ID is the message's ID, opaque.
	ID string `json:"id"`
	// Channel is the way it was sent.
	Channel Channel `json:"channel,omitzero"`
	// Status is how far it has come.
	Status Status `json:"status,omitzero"`
	// Direction tells sent from received messages.
	Direction Direction `json:"direction,omitzero"`
	// To is who it is for: one recipient, or several for e-mail.
	To Recipients `json:"to,omitzero"`
	// From is the sender: a number, a short code, a name, an address.
	From string `json:"from,omitzero"`
	// Body is the text.
	Body string `json:"body,omitzero"`
	// Subject is the subject of an e-mail.
	Subject string `json:"subject,omitzero"`
	// Text is the plain text of an e-mail or of a social message.
	Text string `json:"text,omitzero"`
	// HTML is the HTML of an e-mail.
	HTML string `json:"html,omitzero"`
	// Segments is the number of SMS that it was billed as.
	Segments int `json:"segments,omitzero"`
	// Metadata is what the sender attached.
	Metadata api.Metadata `json:"metadata,omitzero"`
	// ProviderID is the ID that the provider behind Orbit gave it, which newer
	// responses call external_id.
	ProviderID string `json:"provider_id,omitzero"`
	// ErrorCode says why it failed, such as orbit.CodeMMSNANPOnly.
	ErrorCode api.Code `json:"error_code,omitzero"`
	// ErrorMessage says why it failed, for people.
	ErrorMessage string `json:"error_message,omitzero"`
	// FailureReason says why a fax failed.
	FailureReason FailureReason `json:"failure_reason,omitzero"`
	// PagesSent is the number of fax pages that went through.
	PagesSent int `json:"pages_sent,omitzero"`
	// TotalPages is the number of pages of the fax.
	TotalPages int `json:"total_pages,omitzero"`
	// Platforms are the platforms that a push message went to.
	Platforms []string `json:"platforms,omitzero"`
	// ConversationID is the conversation that it belongs to.
	ConversationID string `json:"conversation_id,omitzero"`
	// ContactID is the contact that it was sent to or came from.
	ContactID string `json:"contact_id,omitzero"`
	// CampaignID is the campaign that sent it.
	CampaignID string `json:"campaign_id,omitzero"`
	// ScheduledAt is when it is to be sent.
	ScheduledAt time.Time `json:"scheduled_at,omitzero"`
	// CreatedAt is when Orbit accepted it.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// SentAt is when it was handed to the provider.
	SentAt time.Time `json:"sent_at,omitzero"`
	// DeliveredAt is when it reached the recipient.
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	// ReadAt is when the recipient read it.
	ReadAt time.Time `json:"read_at,omitzero"`
}

// messageWire is a Message as all generations of the API write it.
type messageWire struct {
	Message

	MessageID  string `json:"message_id"`
	FaxID      string `json:"fax_id"`
	ExternalID string `json:"external_id"`
}

// Public returns the message under the names of the newest generation.
func (w *messageWire) Public(info *api.ResponseInfo) *Message {
	w.Info = info
	w.ID = w.Identity()
	w.ProviderID = cmp.Or(w.ProviderID, w.ExternalID)
	return &w.Message
}

// Identity is the message's ID under whichever name it came.
func (w *messageWire) Identity() string { return cmp.Or(w.ID, w.MessageID, w.FaxID) }

// FailureReason says why a fax failed. The set is open.
type FailureReason string

// The documented reasons.
const (
	// FailureReasonBusy is a line that was busy.
	FailureReasonBusy FailureReason = "BUSY"
	// FailureReasonNoAnswer is a call that nobody took.
	FailureReasonNoAnswer FailureReason = "NO_ANSWER"
	// FailureReasonNoFaxTone is a number that was answered, but not by a fax machine.
	FailureReasonNoFaxTone FailureReason = "NO_FAX_TONE"
	// FailureReasonBadLineQuality is a line too bad to send over.
	FailureReasonBadLineQuality FailureReason = "BAD_LINE_QUALITY"
	// FailureReasonRecipientRejected is a fax that the other side refused.
	FailureReasonRecipientRejected FailureReason = "RECIPIENT_REJECTED"
)

// Known reports whether this version of the SDK has a constant for the reason.
func (r FailureReason) Known() bool {
	switch r {
	case FailureReasonBusy, FailureReasonNoAnswer, FailureReasonNoFaxTone, FailureReasonBadLineQuality, FailureReasonRecipientRejected:
		return true
	}
	return false
}
