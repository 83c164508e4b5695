package api

// CallStatus reports how far a call has come. The set is open: an unknown
// status decodes, compares and encodes like a known one.
type CallStatus string

// The statuses. Those from busy on follow the API's conventions and have not
// been seen.
const (
	// CallStatusInitiating means that the call is being set up.
	CallStatusInitiating CallStatus = "initiating"
	// CallStatusRinging means that the call has not been answered yet.
	CallStatusRinging CallStatus = "ringing"
	// CallStatusInProgress means that the call was answered and goes on.
	CallStatusInProgress CallStatus = "in_progress"
	// CallStatusCompleted means that the call was answered and has ended.
	CallStatusCompleted CallStatus = "completed"
	// CallStatusFailed means that the call could not be connected.
	CallStatusFailed CallStatus = "failed"
	// CallStatusBusy means that the line was busy, or that the call was
	// declined.
	CallStatusBusy CallStatus = "busy"
	// CallStatusNoAnswer means that nobody answered.
	CallStatusNoAnswer CallStatus = "no_answer"
	// CallStatusCanceled means that the call was hung up before it was
	// answered.
	CallStatusCanceled CallStatus = "canceled"
	// CallStatusVoicemail means that a machine answered.
	CallStatusVoicemail CallStatus = "voicemail"
)

// Ranks of the statuses: the order in which a call passes through them.
const (
	callNowhere = iota
	callInitiating
	callRinging
	callInProgress
	callFinal
)

func (s CallStatus) rank() int {
	switch s {
	case CallStatusInitiating:
		return callInitiating
	case CallStatusRinging:
		return callRinging
	case CallStatusInProgress:
		return callInProgress
	case CallStatusCompleted, CallStatusFailed, CallStatusBusy, CallStatusNoAnswer, CallStatusCanceled, CallStatusVoicemail:
		return callFinal
	}
	return callNowhere
}

// Known reports whether this version of the SDK has a constant for the status.
func (s CallStatus) Known() bool { return s.rank() != callNowhere }

// IsTerminal reports whether the call has ended, well or badly. A status that the
// SDK does not know is not final.
func (s CallStatus) IsTerminal() bool { return s.rank() == callFinal }

// Succeeded reports whether the call was answered and has ended.
func (s CallStatus) Succeeded() bool { return s == CallStatusCompleted }

// Before reports whether a call passes through s before it comes to other.
// Events may come out of order: [MessageStatus.Before] shows how to ignore a
// late one. A status that the SDK does not know is before every known one.
func (s CallStatus) Before(other CallStatus) bool { return s.rank() < other.rank() }
