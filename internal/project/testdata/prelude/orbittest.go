package snippet

import (
	"context"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// Shop is a program that somebody tests.
type Shop struct{ orbit *orbit.Client }

// NewShop is how it is made.
func NewShop(client *orbit.Client) *Shop { return &Shop{client} }

// Welcome sends a message.
func (s *Shop) Welcome(ctx context.Context, number string) {
	_, _ = s.orbit.Messages.SendSMS(ctx, messages.SendSMSParams{To: number, Body: "Welcome!"})
}
