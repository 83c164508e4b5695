package voice

// CallStatus is how far a call has come. The set is open: an unknown status
// decodes, compares and encodes like a known one.
type CallStatus string

// The statuses. Those from busy on follow the API's conventions and have not been
// seen.
const (
	// CallStatusInitiating is a call that is being set up.
	CallStatusInitiating CallStatus = "initiating"
	// CallStatusRinging is a call that waits to be answered.
	CallStatusRinging CallStatus = "ringing"
	// CallStatusInProgress is a call that was answered and goes on.
	CallStatusInProgress CallStatus = "in_progress"
	// CallStatusCompleted is a call that was answered and has ended.
	CallStatusCompleted CallStatus = "completed"
	// CallStatusFailed is a call that could not be put through.
	CallStatusFailed CallStatus = "failed"
	// CallStatusBusy is a call to a line that was busy, or that refused it.
	CallStatusBusy CallStatus = "busy"
	// CallStatusNoAnswer is a call that nobody took.
	CallStatusNoAnswer CallStatus = "no_answer"
	// CallStatusCanceled is a call that was hung up before it was answered.
	CallStatusCanceled CallStatus = "canceled"
	// CallStatusVoicemail is a call that a machine answered.
	CallStatusVoicemail CallStatus = "voicemail"
)

// Ranks of the statuses: the order in which a call passes through them.
const (
	rankUnknown = iota
	rankInitiating
	rankRinging
	rankInProgress
	rankEnd
)

func (s CallStatus) rank() int {
	switch s {
	case CallStatusInitiating:
		return rankInitiating
	case CallStatusRinging:
		return rankRinging
	case CallStatusInProgress:
		return rankInProgress
	case CallStatusCompleted, CallStatusFailed, CallStatusBusy, CallStatusNoAnswer, CallStatusCanceled, CallStatusVoicemail:
		return rankEnd
	}
	return rankUnknown
}

// Known reports whether this version of the SDK has a constant for the status.
func (s CallStatus) Known() bool { return s.rank() != rankUnknown }

// IsTerminal reports whether the call has ended, well or badly. A status that the
// SDK does not know is no end.
func (s CallStatus) IsTerminal() bool { return s.rank() == rankEnd }

// Succeeded reports whether the call was answered and has ended.
func (s CallStatus) Succeeded() bool { return s == CallStatusCompleted }

// Before reports whether a call passes through s before it comes to other. Events
// may come out of order; this ignores a late one:
//
//	if event.Status.Before(known.Status) {
//		return
//	}
//
// A status that the SDK does not know is before every known one, so that it
// never replaces one.
func (s CallStatus) Before(other CallStatus) bool { return s.rank() < other.rank() }

// Direction tells who calls whom.
type Direction string

// The directions.
const (
	// DirectionInbound is a call that somebody makes to the account.
	DirectionInbound Direction = "inbound"
	// DirectionOutbound is a call that the account makes.
	DirectionOutbound Direction = "outbound"
)

// Known reports whether this version of the SDK has a constant for the
// direction.
func (d Direction) Known() bool { return d == DirectionInbound || d == DirectionOutbound }
