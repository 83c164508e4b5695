package api

// MessageStatus reports how far a message has come. The set is open: an unknown
// status decodes, compares and encodes like a known one.
type MessageStatus string

// The documented statuses. That expired, rejected, blocked and unknown are
// final is inferred.
const (
	// MessageStatusPending means that the message has not been processed yet.
	MessageStatusPending MessageStatus = "pending"
	// MessageStatusQueued means that the message waits for its turn.
	MessageStatusQueued MessageStatus = "queued"
	// MessageStatusScheduled means that the message waits for its time.
	MessageStatusScheduled MessageStatus = "scheduled"
	// MessageStatusSending means that the message is on its way to the
	// provider.
	MessageStatusSending MessageStatus = "sending"
	// MessageStatusAccepted means that the provider accepted the message.
	MessageStatusAccepted MessageStatus = "accepted"
	// MessageStatusSubmitted means that the provider passed the message on.
	MessageStatusSubmitted MessageStatus = "submitted"
	// MessageStatusSent means that the message is on its way to the recipient.
	// It is not final.
	MessageStatusSent MessageStatus = "sent"
	// MessageStatusDelivered means that the message reached the recipient.
	MessageStatusDelivered MessageStatus = "delivered"
	// MessageStatusRead means that the message was read, and so delivered.
	MessageStatusRead MessageStatus = "read"
	// MessageStatusSubmittedNoReceipt means that the message was sent over a
	// channel that reports no delivery. It is final.
	MessageStatusSubmittedNoReceipt MessageStatus = "submitted_no_receipt"
	// MessageStatusFailed means that the message could not be sent.
	MessageStatusFailed MessageStatus = "failed"
	// MessageStatusUndelivered means that the message did not reach the
	// recipient.
	MessageStatusUndelivered MessageStatus = "undelivered"
	// MessageStatusExpired means that the message did not reach the recipient
	// in time.
	MessageStatusExpired MessageStatus = "expired"
	// MessageStatusRejected means that the provider rejected the message.
	MessageStatusRejected MessageStatus = "rejected"
	// MessageStatusBlocked means that a filter stopped the message.
	MessageStatusBlocked MessageStatus = "blocked"
	// MessageStatusUnknown means that the provider does not know what became of
	// the message. It is a documented status, and final; see Known for statuses
	// that are new to the SDK.
	MessageStatusUnknown MessageStatus = "unknown"
)

// Ranks of the statuses: the order in which a message passes through them.
const (
	messageNowhere = iota
	messagePending
	messageQueued
	messageSending
	messageAccepted
	messageSubmitted
	messageSent
	messageFinal
	messageRead
)

func (s MessageStatus) rank() int {
	switch s {
	case MessageStatusPending:
		return messagePending
	case MessageStatusQueued, MessageStatusScheduled:
		return messageQueued
	case MessageStatusSending:
		return messageSending
	case MessageStatusAccepted:
		return messageAccepted
	case MessageStatusSubmitted:
		return messageSubmitted
	case MessageStatusSent:
		return messageSent
	case MessageStatusDelivered, MessageStatusSubmittedNoReceipt, MessageStatusFailed, MessageStatusUndelivered,
		MessageStatusExpired, MessageStatusRejected, MessageStatusBlocked, MessageStatusUnknown:
		return messageFinal
	case MessageStatusRead:
		return messageRead
	}
	return messageNowhere
}

// Known reports whether this version of the SDK has a constant for the status.
func (s MessageStatus) Known() bool { return s.rank() != messageNowhere }

// IsTerminal reports whether the status is final, good or bad. A delivered message
// may still be read. A status that the SDK does not know is not final.
func (s MessageStatus) IsTerminal() bool { return s.rank() >= messageFinal }

// Succeeded reports whether the status is final and good.
func (s MessageStatus) Succeeded() bool {
	return s == MessageStatusDelivered || s == MessageStatusRead || s == MessageStatusSubmittedNoReceipt
}

// Before reports whether a message passes through s before it comes to other.
// Delivery reports may come out of order; this ignores a late one:
//
//	if report.Status.Before(known.Status) {
//		return
//	}
//
// A status that the SDK does not know is before every known one, so that it
// never replaces one.
func (s MessageStatus) Before(other MessageStatus) bool { return s.rank() < other.rank() }
