package voice

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/redact"
)

// SIPTrunks connects carriers of the account's own. Newer pages route all
// outbound calls through Orbit's own switch: outbound trunks may be gone there.
type SIPTrunks struct {
	core
}

// SIPEncryption says how a trunk is encrypted.
type SIPEncryption string

// The encryptions.
const (
	// SIPEncryptionTLSSRTP encrypts signalling and sound.
	SIPEncryptionTLSSRTP SIPEncryption = "tls_srtp"
	// SIPEncryptionTLS encrypts signalling alone.
	SIPEncryptionTLS SIPEncryption = "tls"
	// SIPEncryptionNone encrypts nothing.
	SIPEncryptionNone SIPEncryption = "none"
)

// Known reports whether this version of the SDK has a constant for the
// encryption.
func (e SIPEncryption) Known() bool {
	return e == SIPEncryptionTLSSRTP || e == SIPEncryptionTLS || e == SIPEncryptionNone
}

// CreateSIPTrunkParams is a trunk to add.
type CreateSIPTrunkParams struct {
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// OutboundURI is where outbound calls go, such as "sip:pbx.example.com:5060".
	OutboundURI string `json:"outbound_uri,omitzero"`
	// InboundURIs are where inbound calls may come from.
	InboundURIs []string `json:"inbound_uris,omitempty"`
	// Username is the name that Orbit registers with.
	Username string `json:"username,omitzero"`
	// Password is the password to it. No answer ever holds it.
	Password api.Secret `json:"password,omitzero"`
	// Codecs are the names of the codecs, the preferred one first.
	Codecs []string `json:"codecs,omitempty"`
	// Encryption says how the trunk is encrypted.
	Encryption SIPEncryption `json:"encryption,omitzero"`
}

// LogValue keeps the password out of slog, also out of a handler that writes JSON.
func (p CreateSIPTrunkParams) LogValue() slog.Value { return redact.LogValue(p) }

// ReplaceSIPTrunkParams is a whole trunk. Begin with [SIPTrunk.ReplaceParams]: what
// is not given is not kept.
type ReplaceSIPTrunkParams struct {
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// OutboundURI is where outbound calls go, such as "sip:pbx.example.com:5060".
	OutboundURI string `json:"outbound_uri,omitzero"`
	// InboundURIs are where inbound calls may come from.
	InboundURIs []string `json:"inbound_uris,omitempty"`
	// Username is the name that Orbit registers with.
	Username string `json:"username,omitzero"`
	// Password is the password to it. Whether Orbit keeps the old one if it is
	// left out is not documented: give it each time.
	Password api.Secret `json:"password,omitzero"`
	// Codecs are the names of the codecs, the preferred one first.
	Codecs []string `json:"codecs,omitempty"`
	// Encryption says how the trunk is encrypted.
	Encryption SIPEncryption `json:"encryption,omitzero"`
}

// LogValue keeps the password out of slog, also out of a handler that writes JSON.
func (p ReplaceSIPTrunkParams) LogValue() slog.Value { return redact.LogValue(p) }

// SIPTrunk is a connection to a carrier. Its password is never given back.
type SIPTrunk struct {
	api.Meta `json:"-"`

	// ID is the trunk's ID, opaque.
	ID string `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// OutboundURI is where outbound calls go.
	OutboundURI string `json:"outbound_uri,omitzero"`
	// InboundURIs are where inbound calls may come from.
	InboundURIs []string `json:"inbound_uris,omitzero"`
	// Username is the name that Orbit registers with.
	Username string `json:"username,omitzero"`
	// Codecs are the names of the codecs, the preferred one first.
	Codecs []string `json:"codecs,omitzero"`
	// Encryption says how the trunk is encrypted.
	Encryption SIPEncryption `json:"encryption,omitzero"`
	// Status is the state of the trunk, in Orbit's words: they are not
	// documented.
	Status string `json:"status,omitzero"`
	// CreatedAt is when it was added.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// ReplaceParams returns the trunk as params for [SIPTrunks.Replace]: change what is
// to be changed and send the whole. The password is not in it, since no response
// holds it: set it. The params share no memory with the trunk.
func (t *SIPTrunk) ReplaceParams() ReplaceSIPTrunkParams {
	return ReplaceSIPTrunkParams{
		Name: t.Name, OutboundURI: t.OutboundURI, InboundURIs: slices.Clone(t.InboundURIs), Username: t.Username,
		Codecs: slices.Clone(t.Codecs), Encryption: t.Encryption,
	}
}

// sipTrunkWire is a SIPTrunk as all generations of the API write it.
type sipTrunkWire struct {
	SIPTrunk

	TrunkID string `json:"trunk_id"`
}

// Public returns the trunk under the names of the newest generation.
func (w *sipTrunkWire) Public(info *api.ResponseInfo) *SIPTrunk {
	w.Info = info
	w.ID = w.Identity()
	return &w.SIPTrunk
}

// Identity is the trunk's ID under whichever name it came.
func (w *sipTrunkWire) Identity() string { return cmp.Or(w.ID, w.TrunkID) }

// Create adds a trunk. The path is documented; the answer follows the API's
// conventions.
//
// POST /voice/sip-trunks
func (s *SIPTrunks) Create(ctx context.Context, params CreateSIPTrunkParams, opts ...api.CallOption) (*SIPTrunk, error) {
	return call.Create[SIPTrunk, sipTrunkWire](ctx, s.core, call.Post("Voice.SIPTrunks.Create", "/voice/sip-trunks"), params, opts)
}

// ListSIPTrunksParams says which trunks to list. That the list has pages follows
// the API's conventions: a server that does not know them ignores both fields and
// lists everything.
type ListSIPTrunksParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. The server may
	// ignore it.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of trunks a page, not of the list. 0 leaves it to the
	// API. The server may ignore it.
	Limit int `url:"limit,omitempty"`
}

func (p ListSIPTrunksParams) route() *call.Route {
	return call.Get("Voice.SIPTrunks.List", "/voice/sip-trunks").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of trunks, which may be all of them. The path is
// documented; that the list has pages follows the API's conventions.
//
// GET /voice/sip-trunks
func (s *SIPTrunks) List(ctx context.Context, params ListSIPTrunksParams, opts ...api.CallOption) (*api.Page[SIPTrunk], error) {
	return call.List[SIPTrunk, sipTrunkWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. The
// path is documented; that the list has pages follows the API's conventions.
//
// GET /voice/sip-trunks
func (s *SIPTrunks) Pages(ctx context.Context, params ListSIPTrunksParams, opts ...api.CallOption) iter.Seq2[*api.Page[SIPTrunk], error] {
	return call.Pages[SIPTrunk, sipTrunkWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the trunks of the list, fetching each page when it is needed.
// An error ends it. The path is documented; that the list has pages follows the
// API's conventions.
//
// GET /voice/sip-trunks
func (s *SIPTrunks) All(ctx context.Context, params ListSIPTrunksParams, opts ...api.CallOption) iter.Seq2[SIPTrunk, error] {
	return call.All[SIPTrunk, sipTrunkWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one trunk. The path is documented; the answer follows the API's
// conventions.
//
// GET /voice/sip-trunks/{id}
func (s *SIPTrunks) Get(ctx context.Context, id string, opts ...api.CallOption) (*SIPTrunk, error) {
	return call.Do[SIPTrunk, sipTrunkWire](ctx, s.core, call.Get("Voice.SIPTrunks.Get", "/voice/sip-trunks/{id}", id), nil, opts)
}

// Replace replaces a whole trunk: begin with [SIPTrunk.ReplaceParams]. The path is documented; the answer follows the API's
// conventions. Whether Orbit keeps the old password where none is given is not
// documented.
//
// PUT /voice/sip-trunks/{id}
func (s *SIPTrunks) Replace(ctx context.Context, id string, params ReplaceSIPTrunkParams, opts ...api.CallOption) (*SIPTrunk, error) {
	return call.Do[SIPTrunk, sipTrunkWire](ctx, s.core, call.Put("Voice.SIPTrunks.Replace", "/voice/sip-trunks/{id}", id), params, opts)
}

// Delete removes a trunk. The path is documented; the answer follows the API's
// conventions.
//
// DELETE /voice/sip-trunks/{id}
func (s *SIPTrunks) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Voice.SIPTrunks.Delete", "/voice/sip-trunks/{id}", id), nil, opts)
}
