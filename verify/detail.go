package verify

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/wire"
)

// Detail is all that is known of a verification: how its code was sent, over
// which channels, and how often it was typed. Every field but the ID may be
// missing in an answer and is zero then.
type Detail struct {
	api.Meta `json:"-"`

	// ID is the verification's ID, opaque.
	ID string `json:"id"`
	// To is the recipient of the code.
	To string `json:"recipient,omitzero"`
	// Channel is the way it was sent.
	Channel Channel `json:"channel,omitzero"`
	// Status is how it stands.
	Status Status `json:"status,omitzero"`
	// ProfileID is the profile that the settings came from.
	ProfileID string `json:"profileId,omitzero"`
	// ProfileName is what people call that profile.
	ProfileName string `json:"profileName,omitzero"`
	// CreatedAt is when the code was sent.
	CreatedAt time.Time `json:"createdAt,omitzero"`
	// UpdatedAt is when the verification last changed.
	UpdatedAt time.Time `json:"updatedAt,omitzero"`
	// ExpiresAt is until when the code is good.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	// VerifiedAt is when the right code was typed.
	VerifiedAt time.Time `json:"verifiedAt,omitzero"`
	// Attempts is how often a code was typed.
	Attempts int `json:"attempts,omitzero"`
	// MaxAttempts is how often one may be typed.
	MaxAttempts int `json:"maxAttempts,omitzero"`
	// ResendsCount is how often the code was sent again.
	ResendsCount int `json:"resendsCount,omitzero"`
	// CurrentChannelIndex counts, from 0, the channels that were tried.
	CurrentChannelIndex int `json:"currentChannelIndex,omitzero"`
	// NextAttemptAt is when the next channel is tried, zero where none is.
	NextAttemptAt time.Time `json:"nextAttemptAt,omitzero"`
	// ExpirationCountdownSeconds is for how many seconds more the code is good.
	ExpirationCountdownSeconds int `json:"expirationCountdownSec,omitzero"`
	// ChannelAttempts are the messages that carried the code.
	ChannelAttempts []ChannelAttempt `json:"channelAttempts,omitzero"`
	// FallbackChain is what became of each channel, in the order of trial.
	FallbackChain []Fallback `json:"fallbackChain,omitzero"`
	// ConfigSnapshot is the settings as they were when the code was sent, as JSON.
	// The name of the field follows the API's conventions.
	ConfigSnapshot json.RawMessage `json:"configSnapshot,omitzero"`
	// AttemptLog is what was typed and when, masked, as JSON. The name of the field
	// follows the API's conventions.
	AttemptLog json.RawMessage `json:"attemptLog,omitzero"`
	// Raw is the answer as it came, since a part of it is not documented.
	Raw json.RawMessage `json:"-"`
}

// ExpirationCountdown is ExpirationCountdownSeconds as a time.Duration.
func (d *Detail) ExpirationCountdown() time.Duration {
	return time.Duration(d.ExpirationCountdownSeconds) * time.Second
}

// ChannelAttempt is one message that carried a code.
type ChannelAttempt struct {
	// Channel is the way it went.
	Channel Channel `json:"channel,omitzero"`
	// Provider is who carried it.
	Provider string `json:"provider,omitzero"`
	// Status is how far it has come, in the provider's words.
	Status string `json:"status,omitzero"`
	// SentAt is when it was sent.
	SentAt time.Time `json:"sentAt,omitzero"`
	// ErrorCode says why it failed, in Orbit's words.
	ErrorCode api.Code `json:"errorCode,omitzero"`
	// ErrorMessage says why it failed, for people.
	ErrorMessage string `json:"errorMessage,omitzero"`
}

// Fallback is what became of one channel of several.
type Fallback struct {
	// Channel is the channel that was, or would be, tried.
	Channel Channel `json:"channel,omitzero"`
	// Outcome is how the trial ended.
	Outcome string `json:"outcome,omitzero"`
	// Reason says why.
	Reason string `json:"reason,omitzero"`
}

// GetDetail returns all that is known of one verification. It fails with
// orbit.ErrNotFound if there is none of that ID, or if it is another account's.
//
// GET /verify/{id}/detail
func (s *Service) GetDetail(ctx context.Context, id string, opts ...api.CallOption) (*Detail, error) {
	return call.Do[Detail, detailWire](ctx, s.core, call.Get("Verify.GetDetail", "/verify/{id}/detail", id), nil, opts)
}

// detailWire is a Detail with the names that a Verification has for the same.
type detailWire struct {
	Detail

	VerificationID string `json:"verification_id"`
	ShortTo        string `json:"to"`
	raw            json.RawMessage
}

// UnmarshalJSON reads the answer and keeps it.
func (w *detailWire) UnmarshalJSON(data []byte) error {
	type plain detailWire
	return wire.Keep(data, (*plain)(w), &w.raw)
}

// Public returns the detail with the raw answer.
func (w *detailWire) Public(info *api.ResponseInfo) *Detail {
	w.Info, w.Raw = info, w.raw
	w.ID = cmp.Or(w.ID, w.VerificationID)
	w.To = cmp.Or(w.To, w.ShortTo)
	return &w.Detail
}
