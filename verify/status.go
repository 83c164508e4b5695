package verify

// Status is how a verification stands, or what is to be said of a code that was
// typed. The set is open: an unknown status decodes, compares and encodes like a
// known one.
type Status string

// The documented statuses.
const (
	// StatusPending is a verification whose code may be typed.
	StatusPending Status = "pending"
	// StatusApproved is a right code. It is an end.
	StatusApproved Status = "approved"
	// StatusVerified is a right code, as an older page calls it. It is an end.
	StatusVerified Status = "verified"
	// StatusRejected is a wrong code.
	StatusRejected Status = "rejected"
	// StatusInvalid is a wrong code, under another name.
	StatusInvalid Status = "invalid"
	// StatusFailed is a wrong code, under yet another name.
	StatusFailed Status = "failed"
	// StatusExpired is a code that was not typed in time. It is an end.
	StatusExpired Status = "expired"
	// StatusExhausted is a code after too many wrong ones. It is an end.
	StatusExhausted Status = "exhausted"
	// StatusCancelled is a code that was made worthless. It is an end.
	StatusCancelled Status = "cancelled"
	// StatusCanceled is the other spelling of StatusCancelled.
	StatusCanceled Status = "canceled"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s Status) Known() bool { return s == StatusPending || s.Wrong() || s.IsTerminal() }

// Approved reports whether the right code was typed: it is true for approved and
// verified, and for no other status.
func (s Status) Approved() bool { return s == StatusApproved || s == StatusVerified }

// Wrong reports whether a wrong code was typed, which may be typed again while
// attempts remain.
func (s Status) Wrong() bool {
	return s == StatusRejected || s == StatusInvalid || s == StatusFailed
}

// IsTerminal reports whether the status is an end: no code can be typed any more.
// A status that the SDK does not know is no end.
func (s Status) IsTerminal() bool {
	switch s {
	case StatusApproved, StatusVerified, StatusExpired, StatusExhausted, StatusCancelled, StatusCanceled:
		return true
	}
	return false
}
