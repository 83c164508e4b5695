package messages

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SendSMSParams is an SMS, or an MMS if it has media.
type SendSMSParams struct {
	// To is the recipient in E.164 form, such as +14155552671. Required.
	To string `json:"to"`
	// Body is the text, 1 to 1600 characters. Required unless media is given.
	// [Segments] tells how many SMS it is billed as.
	Body string `json:"body"`
	// From is the sender: a number of the account, a short code, or a name of up
	// to 11 letters where the country allows one. The default is the account's.
	From string `json:"from,omitzero"`
	// MediaURLs are up to 10 https addresses of media, which make it an MMS: for
	// +1 numbers only.
	MediaURLs []string `json:"media_urls,omitempty"`
	// WebhookURL receives the delivery reports of this message. Whether they
	// carry the event envelope and a signature is not documented.
	WebhookURL string `json:"webhook_url,omitzero"`
	// Metadata comes back with the message and in its events.
	Metadata api.Metadata `json:"metadata,omitempty"`
}

// SendSMS sends an SMS, or an MMS if the params have media. The answer tells that
// Orbit accepted the message, not that it arrived: see [Service.Wait].
//
// POST /messages/sms
func (s *Service) SendSMS(ctx context.Context, params SendSMSParams, opts ...api.CallOption) (*Message, error) {
	route := call.Post("Messages.SendSMS", "/messages/sms").Check(
		check.E164("to", params.To), checkBody(params.Body, params.MediaURLs))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}

// checkBody refuses a message that says nothing.
func checkBody(body string, mediaURLs []string) *check.Problem {
	return check.That(body != "" || len(mediaURLs) > 0, "body", "must not be empty, unless media_urls are given")
}
