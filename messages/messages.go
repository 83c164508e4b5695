// Package messages sends messages over SMS, MMS, WhatsApp, RCS, Viber, e-mail and
// the social channels, and reads them back. Its [Service] is the Messages field
// of an orbit.Client.
package messages

import (
	"github.com/devotel/orbit-go/internal/call"
)

// Service sends and reads messages. It is safe for concurrent use.
type Service struct {
	core *call.Client
}

// New returns the service of a client. Programs use the Messages field of an
// orbit.Client instead.
func New(core *call.Client) *Service { return &Service{core: core} }
