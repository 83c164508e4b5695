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

// Profiles keeps sets of settings for sending codes. It is safe for concurrent
// use.
type Profiles struct {
	core
}

// CreateProfileParams is a new profile.
type CreateProfileParams struct {
	// Name is what people call it. Required.
	Name string `json:"name"`
	// Channel is the way to send codes.
	Channel Channel `json:"channel,omitzero"`
	// CodeLength is the number of digits, 4 to 8. 0 leaves it to the API.
	CodeLength int `json:"code_length,omitzero"`
	// ExpiresInSeconds is how long codes are good for. 0 leaves it to the API.
	ExpiresInSeconds int `json:"expires_in_seconds,omitzero"`
	// Locale is the language of the messages, such as "en" or "pt-BR".
	Locale string `json:"locale,omitzero"`
	// Sender is the number or name that codes come from.
	Sender string `json:"sender,omitzero"`
}

// UpdateProfileParams is what is to change of a profile. What is not given stays.
type UpdateProfileParams struct {
	// Name is what people call it from now on.
	Name string `json:"name,omitzero"`
	// Channel is the way to send codes.
	Channel Channel `json:"channel,omitzero"`
	// CodeLength is the number of digits, 4 to 8.
	CodeLength int `json:"code_length,omitzero"`
	// ExpiresInSeconds is how long codes are good for.
	ExpiresInSeconds int `json:"expires_in_seconds,omitzero"`
	// Locale is the language of the messages.
	Locale string `json:"locale,omitzero"`
	// Sender is the number or name that codes come from.
	Sender string `json:"sender,omitzero"`
}

// ListProfilesParams says which profiles to list.
type ListProfilesParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// at the start.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of profiles a page, not of the list. 0 leaves it to the
	// API.
	Limit int `url:"limit,omitempty"`
}

// Profile is a set of settings for sending codes.
type Profile struct {
	api.Meta `json:"-"`

	// ID is the profile's ID, opaque.
	ID string `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// Channel is the way codes are sent.
	Channel Channel `json:"channel,omitzero"`
	// CodeLength is the number of digits.
	CodeLength int `json:"code_length,omitzero"`
	// ExpiresInSeconds is how long codes are good for.
	ExpiresInSeconds int `json:"expires_in_seconds,omitzero"`
	// Locale is the language of the messages.
	Locale string `json:"locale,omitzero"`
	// Sender is the number or name that codes come from.
	Sender string `json:"sender,omitzero"`
	// CreatedAt is when it was created.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// ExpiresIn is ExpiresInSeconds as a time.Duration.
func (p *Profile) ExpiresIn() time.Duration { return time.Duration(p.ExpiresInSeconds) * time.Second }

// profileWire is a Profile with the name that its ID has in a verification.
type profileWire struct {
	Profile

	ProfileID string `json:"profile_id"`
}

// Public returns the profile under the newest names.
func (w *profileWire) Public(info *api.ResponseInfo) *Profile {
	w.Info = info
	w.ID = w.Identity()
	return &w.Profile
}

// Identity is the profile's ID under whichever name it came.
func (w *profileWire) Identity() string { return cmp.Or(w.ID, w.ProfileID) }

// Create makes a profile. The path is documented; names in the request follow the
// API's conventions.
//
// POST /verify/profiles
func (s *Profiles) Create(ctx context.Context, params CreateProfileParams, opts ...api.CallOption) (*Profile, error) {
	route := call.Post("Verify.Profiles.Create", "/verify/profiles").Check(check.Required("name", params.Name))
	return call.Create[Profile, profileWire](ctx, s.core, route, params, opts)
}

func (p ListProfilesParams) route() *call.Route {
	return call.Get("Verify.Profiles.List", "/verify/profiles").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of profiles. The path is documented; the fields of the
// answer follow the API's conventions.
//
// GET /verify/profiles
func (s *Profiles) List(ctx context.Context, params ListProfilesParams, opts ...api.CallOption) (*api.Page[Profile], error) {
	return call.List[Profile, profileWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it. The path is
// documented; the fields of the answer follow the API's conventions.
//
// GET /verify/profiles
func (s *Profiles) Pages(ctx context.Context, params ListProfilesParams, opts ...api.CallOption) iter.Seq2[*api.Page[Profile], error] {
	return call.Pages[Profile, profileWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the profiles of the list, fetching each page when it is needed.
// An error ends it. The path is documented; the fields of the answer follow the
// API's conventions.
//
// GET /verify/profiles
func (s *Profiles) All(ctx context.Context, params ListProfilesParams, opts ...api.CallOption) iter.Seq2[Profile, error] {
	return call.All[Profile, profileWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one profile. It fails with orbit.ErrNotFound if there is none of
// that ID. The path is documented; the fields of the answer follow the API's
// conventions.
//
// GET /verify/profiles/{id}
func (s *Profiles) Get(ctx context.Context, id string, opts ...api.CallOption) (*Profile, error) {
	return call.Do[Profile, profileWire](ctx, s.core, call.Get("Verify.Profiles.Get", "/verify/profiles/{id}", id), nil, opts)
}

// Update changes what is given of a profile. The path is documented; names in the
// request follow the API's conventions.
//
// PATCH /verify/profiles/{id}
func (s *Profiles) Update(ctx context.Context, id string, params UpdateProfileParams, opts ...api.CallOption) (*Profile, error) {
	return call.Do[Profile, profileWire](ctx, s.core, call.Patch("Verify.Profiles.Update", "/verify/profiles/{id}", id), params, opts)
}

// Delete deletes a profile. The path is documented; the answer follows the API's
// conventions.
//
// DELETE /verify/profiles/{id}
func (s *Profiles) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Verify.Profiles.Delete", "/verify/profiles/{id}", id), nil, opts)
}
