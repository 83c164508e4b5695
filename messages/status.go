package messages

// Status is how far a message has come. The set is open: an unknown status
// decodes, compares and encodes like a known one.
type Status string

// The documented statuses.
const (
	// StatusPending is a message that was not looked at yet.
	StatusPending Status = "pending"
	// StatusQueued is a message that waits for its turn.
	StatusQueued Status = "queued"
	// StatusScheduled is a message that waits for its time.
	StatusScheduled Status = "scheduled"
	// StatusSending is a message on its way to the provider.
	StatusSending Status = "sending"
	// StatusAccepted is a message that the provider took.
	StatusAccepted Status = "accepted"
	// StatusSubmitted is a message that the provider passed on.
	StatusSubmitted Status = "submitted"
	// StatusSent is a message on its way to the recipient. It is not an end.
	StatusSent Status = "sent"
	// StatusDelivered is a message that arrived.
	StatusDelivered Status = "delivered"
	// StatusRead is a message that was read, and so delivered.
	StatusRead Status = "read"
	// StatusSubmittedNoReceipt is a message on a channel that reports no
	// delivery: nothing more will be heard of it.
	StatusSubmittedNoReceipt Status = "submitted_no_receipt"
	// StatusFailed is a message that could not be sent.
	StatusFailed Status = "failed"
	// StatusUndelivered is a message that did not arrive.
	StatusUndelivered Status = "undelivered"
	// StatusExpired is a message that did not arrive in time.
	StatusExpired Status = "expired"
	// StatusRejected is a message that the provider refused.
	StatusRejected Status = "rejected"
	// StatusBlocked is a message that a filter stopped.
	StatusBlocked Status = "blocked"
	// StatusUnknown is a message whose end the provider cannot tell. It is a
	// documented status, and an end; see Known for statuses new to the SDK.
	StatusUnknown Status = "unknown"
)

// Ranks of the statuses: the order in which a message passes through them.
const (
	rankUnknown = iota
	rankPending
	rankQueued
	rankSending
	rankAccepted
	rankSubmitted
	rankSent
	rankEnd
	rankRead
)

func (s Status) rank() int {
	switch s {
	case StatusPending:
		return rankPending
	case StatusQueued, StatusScheduled:
		return rankQueued
	case StatusSending:
		return rankSending
	case StatusAccepted:
		return rankAccepted
	case StatusSubmitted:
		return rankSubmitted
	case StatusSent:
		return rankSent
	case StatusDelivered, StatusSubmittedNoReceipt, StatusFailed, StatusUndelivered, StatusExpired,
		StatusRejected, StatusBlocked, StatusUnknown:
		return rankEnd
	case StatusRead:
		return rankRead
	}
	return rankUnknown
}

// Known reports whether this version of the SDK has a constant for the status.
func (s Status) Known() bool { return s.rank() != rankUnknown }

// IsTerminal reports whether the status is an end: delivered or failed, the
// message moves no more, but that a delivered one may still be read. A status
// that the SDK does not know is no end.
func (s Status) IsTerminal() bool { return s.rank() >= rankEnd }

// Succeeded reports whether the status is a good end.
func (s Status) Succeeded() bool {
	return s == StatusDelivered || s == StatusRead || s == StatusSubmittedNoReceipt
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
func (s Status) Before(other Status) bool { return s.rank() < other.rank() }
