package numbers

import (
	"context"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ScheduleReleaseParams says when a number is to be given back.
type ScheduleReleaseParams struct {
	// ReleaseAt is when, in the future. It is sent in whole milliseconds, what is
	// below cut off. Required.
	ReleaseAt time.Time
}

// scheduledAt is the request of a release: the API wants milliseconds, which
// time.Time leaves out where they are zero.
type scheduledAt struct {
	ReleaseAt string `json:"release_at"`
}

// ScheduledRelease is when a number is to be given back.
type ScheduledRelease struct {
	api.Meta `json:"-"`

	// ID is the number's ID, where the answer names it.
	ID string `json:"id,omitzero"`
	// ReleaseAt is when; zero where no release is scheduled.
	ReleaseAt time.Time `json:"release_at,omitzero"`
}

// ScheduleRelease has a number given back at a time, unless it is called off with
// [Service.CancelScheduledRelease] before that. That the answer is the scheduled
// release follows the API's conventions; one without a body gives a
// ScheduledRelease that holds nothing but its metadata.
//
// PUT /numbers/{id}/scheduled-release
func (s *Service) ScheduleRelease(ctx context.Context, id string, params ScheduleReleaseParams, opts ...api.CallOption) (*ScheduledRelease, error) {
	route := call.Put("Numbers.ScheduleRelease", scheduledReleasePath, id).MayBeEmpty().Check(
		check.That(!params.ReleaseAt.IsZero(), "release_at", "must be given"))
	body := scheduledAt{params.ReleaseAt.UTC().Format("2006-01-02T15:04:05.000Z")}
	return call.Do[ScheduledRelease, scheduledReleaseWire](ctx, s.core, route, body, opts)
}

// GetScheduledRelease tells when a number is to be given back. Where no release is
// scheduled, ReleaseAt is zero, or the call fails with orbit.ErrNotFound: which of
// them is not documented.
//
// GET /numbers/{id}/scheduled-release
func (s *Service) GetScheduledRelease(ctx context.Context, id string, opts ...api.CallOption) (*ScheduledRelease, error) {
	route := call.Get("Numbers.GetScheduledRelease", scheduledReleasePath, id)
	return call.Do[ScheduledRelease, scheduledReleaseWire](ctx, s.core, route, nil, opts)
}

// CancelScheduledRelease calls a scheduled release off: the number stays.
//
// DELETE /numbers/{id}/scheduled-release
func (s *Service) CancelScheduledRelease(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Numbers.CancelScheduledRelease", scheduledReleasePath, id), nil, opts)
}

const scheduledReleasePath = "/numbers/{id}/scheduled-release"

// scheduledReleaseWire is a ScheduledRelease on the wire.
type scheduledReleaseWire struct{ ScheduledRelease }

// Public returns the scheduled release.
func (w *scheduledReleaseWire) Public(info *api.ResponseInfo) *ScheduledRelease {
	w.Info = info
	return &w.ScheduledRelease
}
