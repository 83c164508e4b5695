// Package voice makes phone calls, downloads their recordings, and keeps SIP
// trunks, SIP credentials and IVR intents. Its [Service] is the Voice field of an
// orbit.Client; [ParseAnswerRequest] reads what Orbit asks of a program's own
// server when a call comes in.
package voice

import "github.com/devotel/orbit-go/internal/call"

// core is what every service here embeds.
type core = call.Service

// Service groups what belongs to phone calls. It is safe for concurrent use.
type Service struct {
	// Calls makes calls, follows them and acts on them.
	Calls *Calls
	// Recordings downloads what was recorded of calls.
	Recordings *Recordings
	// SIPTrunks connects carriers of the account's own.
	SIPTrunks *SIPTrunks
	// SIPCredentials lets softphones and desk phones register.
	SIPCredentials *SIPCredentials
	// IVRIntents keeps what callers may ask for, and where that leads.
	IVRIntents *IVRIntents
	// Queues serves the agents of a call queue.
	Queues *Queues
}
