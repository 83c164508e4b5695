package numbers

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// UpdateParams is what to change of a number. A field that is not given stays as
// it is; [api.Set] gives it a value and [api.Null] clears it.
type UpdateParams struct {
	// FriendlyName is what people call it.
	FriendlyName api.Opt[string] `json:"friendly_name,omitzero"`
	// SMSWebhookURL receives the messages that come in, such as
	// orbit.Set("https://shop.example/sms").
	SMSWebhookURL api.Opt[string] `json:"sms_webhook_url,omitzero"`
	// VoiceWebhookURL is asked what to do with calls that come in.
	VoiceWebhookURL api.Opt[string] `json:"voice_webhook_url,omitzero"`
	// AgentID is the AI agent that answers it.
	AgentID api.Opt[string] `json:"agent_id,omitzero"`
}

// Update changes the given fields of a number. The capability is documented; the
// path, and null for what is to be cleared, follow the API's conventions. An
// answer without a body gives a Number that holds nothing but its metadata.
//
// PUT /numbers/{id}
func (s *Service) Update(ctx context.Context, id string, params UpdateParams, opts ...api.CallOption) (*Number, error) {
	return call.Do[Number, numberWire](ctx, s.core, call.Put("Numbers.Update", "/numbers/{id}", id).MayBeEmpty(), params, opts)
}

// SetAutoRenewParams says whether a number's rental goes on.
type SetAutoRenewParams struct {
	// AutoRenew tells whether the rental goes on by itself. False is sent too, and
	// lets it end.
	AutoRenew bool `json:"auto_renew"`
}

// SetAutoRenew lets a number's rental go on by itself, or end. An answer without a
// body gives a Number that holds nothing but its metadata.
//
// PATCH /numbers/{id}/auto-renew
func (s *Service) SetAutoRenew(ctx context.Context, id string, params SetAutoRenewParams, opts ...api.CallOption) (*Number, error) {
	route := call.Patch("Numbers.SetAutoRenew", "/numbers/{id}/auto-renew", id).MayBeEmpty()
	return call.Do[Number, numberWire](ctx, s.core, route, params, opts)
}

// Release gives a number back at once. It may never be had again: see
// [Service.ScheduleRelease] for a release that can be called off. The capability
// is documented; the path follows the API's conventions.
//
// DELETE /numbers/{id}
func (s *Service) Release(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Numbers.Release", "/numbers/{id}", id), nil, opts)
}

// ReassignParams says who is to have a number.
type ReassignParams struct {
	// TargetOrgID is the subaccount that is to have it, a sibling of its present
	// one. Required.
	TargetOrgID string `json:"target_org_id"`
}

// Reassign gives a number to a sibling subaccount. Its status must be
// [StatusPurchased]. An answer without a body gives a Number that holds nothing
// but its metadata.
//
// POST /numbers/{id}/reassign
func (s *Service) Reassign(ctx context.Context, id string, params ReassignParams, opts ...api.CallOption) (*Number, error) {
	route := call.Post("Numbers.Reassign", "/numbers/{id}/reassign", id).MayBeEmpty().Check(
		check.Required("target_org_id", params.TargetOrgID))
	return call.Do[Number, numberWire](ctx, s.core, route, params, opts)
}
