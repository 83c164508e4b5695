package api

// VerificationStatus reports how a verification stands, or whether the code
// that was checked is right. The set is open: an unknown status decodes,
// compares and encodes like a known one.
type VerificationStatus string

// The documented statuses.
const (
	// VerificationStatusPending means that the code may still be checked.
	VerificationStatusPending VerificationStatus = "pending"
	// VerificationStatusApproved means that the code was right. It is final.
	VerificationStatusApproved VerificationStatus = "approved"
	// VerificationStatusVerified means that the code was right, in the words of
	// older pages. It is final; Approved covers both.
	VerificationStatusVerified VerificationStatus = "verified"
	// VerificationStatusRejected means that the code was wrong.
	VerificationStatusRejected VerificationStatus = "rejected"
	// VerificationStatusInvalid means that the code was wrong, in the words of
	// a later page.
	VerificationStatusInvalid VerificationStatus = "invalid"
	// VerificationStatusFailed means that the code was wrong, in the words of a
	// newer guide.
	VerificationStatusFailed VerificationStatus = "failed"
	// VerificationStatusExpired means that the code was not checked in time. It
	// is final.
	VerificationStatusExpired VerificationStatus = "expired"
	// VerificationStatusExhausted means that too many wrong codes were checked.
	// It is final.
	VerificationStatusExhausted VerificationStatus = "exhausted"
	// VerificationStatusCanceled means that the code was invalidated. It is
	// final.
	VerificationStatusCanceled VerificationStatus = "canceled"
	// VerificationStatusCancelled is the other spelling of
	// VerificationStatusCanceled; the Canceled method covers both.
	VerificationStatusCancelled VerificationStatus = "cancelled"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s VerificationStatus) Known() bool {
	return s == VerificationStatusPending || s.Wrong() || s.IsTerminal()
}

// Approved reports whether the right code was checked: it is true for approved and
// verified, and for no other status.
func (s VerificationStatus) Approved() bool {
	return s == VerificationStatusApproved || s == VerificationStatusVerified
}

// Wrong reports whether a wrong code was checked. Another may be checked while
// attempts remain.
func (s VerificationStatus) Wrong() bool {
	return s == VerificationStatusRejected || s == VerificationStatusInvalid || s == VerificationStatusFailed
}

// Canceled reports whether the code was invalidated, in either spelling.
func (s VerificationStatus) Canceled() bool {
	return s == VerificationStatusCanceled || s == VerificationStatusCancelled
}

// IsTerminal reports whether the status is final: no code can be checked any more.
// A status that the SDK does not know is not final.
func (s VerificationStatus) IsTerminal() bool {
	return s.Approved() || s.Canceled() || s == VerificationStatusExpired || s == VerificationStatusExhausted
}

// Succeeded reports whether the status is final and good, as Approved does.
func (s VerificationStatus) Succeeded() bool { return s.Approved() }

// Before reports whether a verification passes through s before it comes to
// other: pending, then a wrong code, then a final status. Events may come out of
// order: [MessageStatus.Before] shows how to ignore a late one. A status that
// the SDK does not know is before every known one.
func (s VerificationStatus) Before(other VerificationStatus) bool { return s.rank() < other.rank() }

func (s VerificationStatus) rank() int {
	switch {
	case s == VerificationStatusPending:
		return 1
	case s.Wrong():
		return 2
	case s.IsTerminal():
		return 3
	}
	return 0
}
