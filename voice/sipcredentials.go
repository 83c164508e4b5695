package voice

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/redact"
)

// SIPCredentials lets softphones and desk phones register.
type SIPCredentials struct {
	core
}

// CreateSIPCredentialParams is a phone to let in.
type CreateSIPCredentialParams struct {
	// Label is what people call the phone.
	Label string `json:"label,omitzero"`
	// Extension is the number it is reached under within the account.
	Extension string `json:"extension,omitzero"`
	// AllowedOutbound tells whether the phone may call out; nil leaves it to
	// Orbit.
	AllowedOutbound *bool `json:"allowed_outbound,omitzero"`
}

// UpdateSIPCredentialParams is what to change of a phone's entry.
type UpdateSIPCredentialParams struct {
	// Label is what people call the phone; empty leaves it as it is.
	Label string `json:"label,omitzero"`
	// AllowedOutbound tells whether the phone may call out; nil leaves it as it
	// is.
	AllowedOutbound *bool `json:"allowed_outbound,omitzero"`
}

// SIPCredential is what a phone registers with.
type SIPCredential struct {
	api.Meta `json:"-"`

	// ID is the credential's ID, opaque.
	ID string `json:"id"`
	// Label is what people call the phone.
	Label string `json:"label,omitzero"`
	// Extension is the number it is reached under within the account.
	Extension string `json:"extension,omitzero"`
	// AllowedOutbound reports whether the phone may call out; nil if the response does
	// not say.
	AllowedOutbound *bool `json:"allowed_outbound,omitzero"`
	// SIPUsername is the user name to enter at the phone.
	SIPUsername string `json:"sip_username,omitzero"`
	// SIPPassword is the password to enter at the phone. Only the answers to
	// Create and Rotate hold it: keep it then.
	SIPPassword api.Secret `json:"sip_password,omitzero"`
	// SIPServer is the host to register at.
	SIPServer string `json:"sip_server,omitzero"`
	// SIPPort is the port to register at.
	SIPPort int `json:"sip_port,omitzero"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// LogValue keeps the password out of slog, also out of a handler that writes JSON.
func (c SIPCredential) LogValue() slog.Value { return redact.LogValue(c) }

// sipCredentialWire is a SIPCredential as all generations of the API write it.
type sipCredentialWire struct {
	SIPCredential

	CredentialID string `json:"credential_id"`
}

// Public returns the credential under the names of the newest generation.
func (w *sipCredentialWire) Public(info *api.ResponseInfo) *SIPCredential {
	w.Info = info
	w.ID = w.Identity()
	return &w.SIPCredential
}

// Identity is the credential's ID under whichever name it came.
func (w *sipCredentialWire) Identity() string { return cmp.Or(w.ID, w.CredentialID) }

// Create makes a credential. Its answer is the only one, but for that of
// [SIPCredentials.Rotate], that holds the password.
//
// POST /sip-credentials/
func (s *SIPCredentials) Create(ctx context.Context, params CreateSIPCredentialParams, opts ...api.CallOption) (*SIPCredential, error) {
	route := call.Post("Voice.SIPCredentials.Create", "/sip-credentials/")
	return call.Create[SIPCredential, sipCredentialWire](ctx, s.core, route, params, opts)
}

// ListSIPCredentialsParams says which credentials to list. That the list has
// pages follows the API's conventions: a server that does not know them ignores
// both fields and lists everything.
type ListSIPCredentialsParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. The server may
	// ignore it.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of credentials a page, not of the list. 0 leaves it to
	// the API. The server may ignore it.
	Limit int `url:"limit,omitempty"`
}

func (p ListSIPCredentialsParams) route() *call.Route {
	return call.Get("Voice.SIPCredentials.List", "/sip-credentials/").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of credentials, which may be all of them. The path is
// documented; that the list has pages follows the API's conventions.
//
// GET /sip-credentials/
func (s *SIPCredentials) List(ctx context.Context, params ListSIPCredentialsParams, opts ...api.CallOption) (*api.Page[SIPCredential], error) {
	return call.List[SIPCredential, sipCredentialWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. The
// path is documented; that the list has pages follows the API's conventions.
//
// GET /sip-credentials/
func (s *SIPCredentials) Pages(ctx context.Context, params ListSIPCredentialsParams, opts ...api.CallOption) iter.Seq2[*api.Page[SIPCredential], error] {
	return call.Pages[SIPCredential, sipCredentialWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the credentials of the list, fetching each page when it is
// needed. An error ends it. The path is documented; that the list has pages
// follows the API's conventions.
//
// GET /sip-credentials/
func (s *SIPCredentials) All(ctx context.Context, params ListSIPCredentialsParams, opts ...api.CallOption) iter.Seq2[SIPCredential, error] {
	return call.All[SIPCredential, sipCredentialWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one credential, without its password. The path is documented; the
// answer follows the API's conventions.
//
// GET /sip-credentials/{id}
func (s *SIPCredentials) Get(ctx context.Context, id string, opts ...api.CallOption) (*SIPCredential, error) {
	route := call.Get("Voice.SIPCredentials.Get", "/sip-credentials/{id}", id)
	return call.Do[SIPCredential, sipCredentialWire](ctx, s.core, route, nil, opts)
}

// Update changes the given fields of a credential. The path is documented; the
// answer follows the API's conventions.
//
// PATCH /sip-credentials/{id}
func (s *SIPCredentials) Update(ctx context.Context, id string, params UpdateSIPCredentialParams, opts ...api.CallOption) (*SIPCredential, error) {
	route := call.Patch("Voice.SIPCredentials.Update", "/sip-credentials/{id}", id)
	return call.Do[SIPCredential, sipCredentialWire](ctx, s.core, route, params, opts)
}

// Delete removes a credential: its phone can register no more. The path is
// documented; the answer follows the API's conventions.
//
// DELETE /sip-credentials/{id}
func (s *SIPCredentials) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Voice.SIPCredentials.Delete", "/sip-credentials/{id}", id), nil, opts)
}

// Rotate gives a credential a new password, which only this answer holds. The
// path is documented; the answer follows the API's conventions.
//
// POST /sip-credentials/{id}/rotate
func (s *SIPCredentials) Rotate(ctx context.Context, id string, opts ...api.CallOption) (*SIPCredential, error) {
	route := call.Post("Voice.SIPCredentials.Rotate", "/sip-credentials/{id}/rotate", id)
	return call.Do[SIPCredential, sipCredentialWire](ctx, s.core, route, nil, opts)
}

// Unregister drops all sessions that phones have registered with a credential.
// The path is documented; that it takes no body follows the API's conventions.
//
// POST /sip-credentials/{id}/unregister
func (s *SIPCredentials) Unregister(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Post("Voice.SIPCredentials.Unregister", "/sip-credentials/{id}/unregister", id), nil, opts)
}
