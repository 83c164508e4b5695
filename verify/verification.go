package verify

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ListParams says which verifications to list. The filters follow the API's
// conventions: a server that does not know one ignores it and lists everything.
type ListParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the newest.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of verifications a page, not of the list. 0 leaves it to
	// the API.
	Limit int `url:"limit,omitempty"`
	// Status keeps those of one status. The server may ignore it.
	Status Status `url:"status,omitempty"`
	// Channel keeps those of one channel. The server may ignore it.
	Channel Channel `url:"channel,omitempty"`
	// To keeps those to one recipient. The server may ignore it.
	To string `url:"to,omitempty"`
}

// Verification is a code on its way to somebody, and what became of it. Every
// field except for the ID may be missing in a response, and is zero then. The
// response to a send may hold the ID, the status, the channel and ExpiresAt only,
// and that to a check no counts.
type Verification struct {
	api.Meta `json:"-"`

	// ID is the verification's ID, opaque.
	ID string `json:"verification_id"`
	// To is whom the code was sent to.
	To string `json:"to,omitzero"`
	// Channel is the way it was sent.
	Channel Channel `json:"channel,omitzero"`
	// Status is how it stands; in the answer of Check, what is to be said of the
	// code that was typed.
	Status Status `json:"status,omitzero"`
	// MaxAttempts is how often a code may be typed.
	MaxAttempts int `json:"max_attempts,omitzero"`
	// Attempts is how often one was typed.
	Attempts int `json:"attempts,omitzero"`
	// AttemptsRemaining is how often one may still be typed, nil where the API
	// does not say.
	AttemptsRemaining *int `json:"attempts_remaining,omitzero"`
	// ProfileID is the profile that the settings came from.
	ProfileID string `json:"profile_id,omitzero"`
	// CreatedAt is when the code was sent.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ExpiresAt is until when it is good.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// VerifiedAt is when the right code was typed.
	VerifiedAt time.Time `json:"verified_at,omitzero"`
	// CheckedAt is when a code was last typed.
	CheckedAt time.Time `json:"checked_at,omitzero"`
}

// Approved reports whether the code is valid: whether the right one was checked. It
// is false for every status
// that this version of the SDK does not know, and for a nil verification, which
// comes with an error.
func (v *Verification) Approved() bool { return v != nil && v.Status.Approved() }

// verificationWire is a Verification with the name that newer answers give its ID.
type verificationWire struct {
	Verification

	NewerID string `json:"id"`
}

// Public returns the verification under one name for its ID.
func (w *verificationWire) Public(info *api.ResponseInfo) *Verification {
	w.Info = info
	w.ID = w.Identity()
	return &w.Verification
}

// Identity is the verification's ID under whichever name it came.
func (w *verificationWire) Identity() string { return cmp.Or(w.ID, w.NewerID) }

func (p ListParams) route() *call.Route {
	return call.Get("Verify.List", "/verify/").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of verifications. The path is documented; the filters
// follow the API's conventions.
//
// GET /verify/
func (s *Service) List(ctx context.Context, params ListParams, opts ...api.CallOption) (*api.Page[Verification], error) {
	return call.List[Verification, verificationWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it. The path is
// documented; the filters follow the API's conventions.
//
// GET /verify/
func (s *Service) Pages(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[*api.Page[Verification], error] {
	return call.Pages[Verification, verificationWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the verifications of the list, fetching each page when it is
// needed. An error ends it. The path is documented; the filters follow the API's
// conventions.
//
// GET /verify/
func (s *Service) All(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[Verification, error] {
	return call.All[Verification, verificationWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one verification. It fails with orbit.ErrNotFound if there is none
// of that ID. The path is documented; the fields of the answer follow the API's
// conventions.
//
// GET /verify/{id}
func (s *Service) Get(ctx context.Context, id string, opts ...api.CallOption) (*Verification, error) {
	return call.Do[Verification, verificationWire](ctx, s.core, call.Get("Verify.Get", "/verify/{id}", id), nil, opts)
}

// Cancel makes a code worthless before it is typed. The path is documented; the
// answer follows the API's conventions.
//
// POST /verify/{id}/cancel
func (s *Service) Cancel(ctx context.Context, id string, opts ...api.CallOption) (*Verification, error) {
	return call.Do[Verification, verificationWire](ctx, s.core, call.Post("Verify.Cancel", "/verify/{id}/cancel", id), nil, opts)
}
