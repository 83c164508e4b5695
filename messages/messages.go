// Package messages sends messages over SMS, MMS, WhatsApp, RCS, Viber, e-mail and
// the social channels, and reads them back. Its [Service] is the Messages field
// of an orbit.Client.
package messages

import (
	"github.com/devotel/orbit-go/internal/call"
)

// core is what every service here embeds.
type core = call.Service

// Service sends and reads messages. It is safe for concurrent use.
type Service struct {
	core
}
