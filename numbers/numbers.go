// Package numbers searches, buys and keeps phone numbers, and looks up those of
// others. Its [Service] is the Numbers field of an orbit.Client.
//
// Retrying a failed release, reclaiming and repairing a number, attaching a
// compliance profile, spam labels, usage, branded calling and porting have no
// documented path: use the Call method of the client where an account has them.
package numbers

import (
	"github.com/devotel/orbit-go/internal/call"
)

// core is what every service here embeds.
type core = call.Service

// Service searches, buys and keeps phone numbers. It is safe for concurrent use.
type Service struct {
	// EmergencyAddresses keeps where the callers of a number are, for emergency
	// calls.
	EmergencyAddresses *EmergencyAddresses
	// CNAMs keeps the name that those who are called from a number see.
	CNAMs *CNAMs

	core
}
