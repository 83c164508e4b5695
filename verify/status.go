package verify

import "github.com/devotel/orbit-go/api"

// Status reports how a verification stands, or whether the code that was
// checked is right. The set is open: an unknown status decodes, compares and
// encodes like a known one.
type Status = api.VerificationStatus

// The documented statuses.
const (
	// StatusPending means that the code may still be checked.
	StatusPending Status = api.VerificationStatusPending
	// StatusApproved means that the code was right. It is final.
	StatusApproved Status = api.VerificationStatusApproved
	// StatusVerified means that the code was right, in the words of older
	// pages. It is final; Approved covers both.
	StatusVerified Status = api.VerificationStatusVerified
	// StatusRejected means that the code was wrong.
	StatusRejected Status = api.VerificationStatusRejected
	// StatusInvalid means that the code was wrong, in the words of a later
	// page.
	StatusInvalid Status = api.VerificationStatusInvalid
	// StatusFailed means that the code was wrong, in the words of a newer
	// guide.
	StatusFailed Status = api.VerificationStatusFailed
	// StatusExpired means that the code was not checked in time. It is final.
	StatusExpired Status = api.VerificationStatusExpired
	// StatusExhausted means that too many wrong codes were checked. It is
	// final.
	StatusExhausted Status = api.VerificationStatusExhausted
	// StatusCanceled means that the code was invalidated. It is final.
	StatusCanceled Status = api.VerificationStatusCanceled
	// StatusCancelled is the other spelling of StatusCanceled; the Canceled
	// method covers both.
	StatusCancelled Status = api.VerificationStatusCancelled
)
