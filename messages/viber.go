package messages

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SendViberParams is a Viber message.
type SendViberParams struct {
	// To is the recipient in E.164 form. Required.
	To string `json:"to"`
	// Body is the text. Required.
	Body string `json:"body"`
	// From is a sender that Viber allowed for the account, up to 11 characters.
	From string `json:"from,omitzero"`
	// MediaURL is the https address of a picture, for two-way accounts only.
	MediaURL string `json:"media_url,omitzero"`
}

// SendViber sends a Viber message.
//
// POST /messages/viber
func (s *Service) SendViber(ctx context.Context, params SendViberParams, opts ...api.CallOption) (*Message, error) {
	route := call.Post("Messages.SendViber", "/messages/viber").Check(
		check.E164("to", params.To), check.Required("body", params.Body))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}
