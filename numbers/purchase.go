package numbers

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// PurchaseParams is a number to buy.
type PurchaseParams struct {
	// PhoneNumber is the phone number or short code as [Service.Search] gave it.
	// Required.
	PhoneNumber string `json:"number"`
	// Country is the number's country as two letters. The API takes "US" where
	// it is missing: set it for any other country.
	Country string `json:"country_code,omitzero"`
	// Capabilities are what the number is to be used for: sms, voice, whatsapp or
	// rcs.
	Capabilities []Capability `json:"capabilities,omitempty"`
	// ComplianceProfileID is the profile under which the number is to be held,
	// where the country asks for one.
	ComplianceProfileID string `json:"compliance_profile_id,omitzero"`
	// ProviderBundleID is the carrier's bundle of papers, where the country asks
	// for one.
	ProviderBundleID string `json:"provider_bundle_id,omitzero"`
	// FriendlyName is what people are to call it. Its name, like that of the
	// fields below, is an older page's: the server may ignore it.
	FriendlyName string `json:"friendly_name,omitzero"`
	// SMSWebhookURL is to receive the messages that come in. The server may ignore
	// it.
	SMSWebhookURL string `json:"sms_webhook_url,omitzero"`
	// VoiceWebhookURL is to be asked what to do with calls that come in. The server
	// may ignore it.
	VoiceWebhookURL string `json:"voice_webhook_url,omitzero"`
	// AgentID is the AI agent that is to answer it. The server may ignore it.
	AgentID string `json:"agent_id,omitzero"`
}

// Purchase buys a number. It bills at once: an attempt is repeated under the same
// idempotency key only. Where papers are asked for, the answer may be a number
// with [StatusPendingCompliance], which cannot be used yet.
//
// POST /numbers/purchase
func (s *Service) Purchase(ctx context.Context, params PurchaseParams, opts ...api.CallOption) (*Number, error) {
	// Short codes can be bought too: the number need not be E.164.
	route := call.Post("Numbers.Purchase", "/numbers/purchase").Check(check.Required("number", params.PhoneNumber))
	return call.Create[Number, numberWire](ctx, s.core, route, params, opts)
}
