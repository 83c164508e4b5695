package voice

import "github.com/devotel/orbit-go/api"

// CallStatus reports how far a call has come. The set is open: an unknown
// status decodes, compares and encodes like a known one.
type CallStatus = api.CallStatus

// The statuses. Those from busy on follow the API's conventions and have not
// been seen.
const (
	// CallStatusInitiating means that the call is being set up.
	CallStatusInitiating CallStatus = api.CallStatusInitiating
	// CallStatusRinging means that the call has not been answered yet.
	CallStatusRinging CallStatus = api.CallStatusRinging
	// CallStatusInProgress means that the call was answered and goes on.
	CallStatusInProgress CallStatus = api.CallStatusInProgress
	// CallStatusCompleted means that the call was answered and has ended.
	CallStatusCompleted CallStatus = api.CallStatusCompleted
	// CallStatusFailed means that the call could not be connected.
	CallStatusFailed CallStatus = api.CallStatusFailed
	// CallStatusBusy means that the line was busy, or that the call was
	// declined.
	CallStatusBusy CallStatus = api.CallStatusBusy
	// CallStatusNoAnswer means that nobody answered.
	CallStatusNoAnswer CallStatus = api.CallStatusNoAnswer
	// CallStatusCanceled means that the call was hung up before it was
	// answered.
	CallStatusCanceled CallStatus = api.CallStatusCanceled
	// CallStatusVoicemail means that a machine answered.
	CallStatusVoicemail CallStatus = api.CallStatusVoicemail
)

// Direction tells what the account sent or dialled from what it received.
type Direction = api.Direction

// The directions. Their names follow the API's conventions.
const (
	// DirectionInbound is a message or call that the account received.
	DirectionInbound Direction = api.DirectionInbound
	// DirectionOutbound is a message or call that the account made.
	DirectionOutbound Direction = api.DirectionOutbound
)
