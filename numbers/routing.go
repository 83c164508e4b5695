package numbers

import (
	"cmp"
	"context"
	"log/slog"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/redact"
)

// SetRoutingParams says where calls to a number go.
type SetRoutingParams struct {
	// Type is the kind of routing. Required. For one that the SDK does not know,
	// give its config with orbit.WithBodyField.
	Type RoutingType `json:"type"`
	// Config says where to, for [RoutingTypeSIPForward].
	Config RoutingConfig `json:"config,omitzero"`
}

// LogValue keeps the password out of slog, also out of a handler that writes JSON.
func (p SetRoutingParams) LogValue() slog.Value { return redact.LogValue(p) }

// RoutingType is a kind of routing. The set is open.
type RoutingType string

// RoutingTypeSIPForward passes calls on to a SIP address.
const RoutingTypeSIPForward RoutingType = "sip_forward"

// Known reports whether this version of the SDK has a constant for the type.
func (t RoutingType) Known() bool { return t == RoutingTypeSIPForward }

// RoutingConfig is a SIP address that calls go to.
type RoutingConfig struct {
	// Mode is where the address comes from. The default is RoutingModeInline.
	Mode RoutingMode `json:"mode,omitzero"`
	// SIPURI is the address, such as "sip:desk@pbx.example.com". Required with
	// "inline".
	SIPURI string `json:"sipUri,omitzero"`
	// SIPUsername is the name to log in there with, where it asks for one.
	SIPUsername string `json:"sipUsername,omitzero"`
	// SIPPassword is the password to log in there with. Answers hold something
	// else in its place.
	SIPPassword api.Secret `json:"sipPassword,omitzero"`
}

// LogValue keeps the password out of slog, also out of a handler that writes JSON.
func (r RoutingConfig) LogValue() slog.Value { return redact.LogValue(r) }

// RoutingMode is where the SIP address of a routing comes from. The set is open.
type RoutingMode string

// RoutingModeInline takes the address from RoutingConfig.SIPURI.
const RoutingModeInline RoutingMode = "inline"

// Known reports whether this version of the SDK has a constant for the mode.
func (m RoutingMode) Known() bool { return m == RoutingModeInline }

// Routing is where calls to a number go.
type Routing struct {
	api.Meta `json:"-"`

	// Type is the kind of routing.
	Type RoutingType `json:"type,omitzero"`
	// Config says where to.
	Config RoutingConfig `json:"config,omitzero"`
}

// LogValue keeps the password out of slog, also out of a handler that writes JSON.
func (r Routing) LogValue() slog.Value { return redact.LogValue(r) }

// SetRouting says where calls to a number go. That the answer is the routing
// follows the API's conventions; one without a body gives a Routing that holds
// nothing but its metadata.
//
// PUT /numbers/{id}/routing
func (s *Service) SetRouting(ctx context.Context, id string, params SetRoutingParams, opts ...api.CallOption) (*Routing, error) {
	if params.Type == RoutingTypeSIPForward {
		params.Config.Mode = cmp.Or(params.Config.Mode, RoutingModeInline)
	}
	route := call.Put("Numbers.SetRouting", "/numbers/{id}/routing", id).MayBeEmpty().Check(
		check.Required("type", string(params.Type)),
		check.That(params.Config.Mode != RoutingModeInline || params.Config.SIPURI != "", "config.sipUri", "must not be empty"))
	return call.Do[Routing, routingWire](ctx, s.core, route, params, opts)
}

// routingWire is a Routing on the wire.
type routingWire struct{ Routing }

// Public returns the routing.
func (w *routingWire) Public(info *api.ResponseInfo) *Routing {
	w.Info = info
	return &w.Routing
}
