package numbers

import (
	"context"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// CNAMs keeps the name that those who are called from a number see. A name
// is set, then handed to the carriers with Dispatch. It is safe for concurrent
// use.
type CNAMs struct {
	core
}

// CNAM is the name that a number shows, and how far it has come.
type CNAM struct {
	api.Meta `json:"-"`

	// DisplayName is the name that is shown.
	DisplayName string `json:"display_name,omitzero"`
	// Status is how far it has come.
	Status CNAMStatus `json:"status,omitzero"`
	// SubmittedAt is when it was handed to the carriers.
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
}

// CNAMStatus is how far a name has come. The set is open.
type CNAMStatus string

// The documented statuses.
const (
	// CNAMStatusPending is a name that was not handed to the carriers yet.
	CNAMStatusPending CNAMStatus = "pending"
	// CNAMStatusSubmitted is a name that the carriers look at.
	CNAMStatusSubmitted CNAMStatus = "submitted"
	// CNAMStatusActive is a name that is shown.
	CNAMStatusActive CNAMStatus = "active"
	// CNAMStatusFailed means that the carriers rejected the name.
	CNAMStatusFailed CNAMStatus = "failed"
	// CNAMStatusComingSoon means that the API does not ask the carriers yet.
	CNAMStatusComingSoon CNAMStatus = "coming_soon"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s CNAMStatus) Known() bool {
	switch s {
	case CNAMStatusPending, CNAMStatusSubmitted, CNAMStatusActive, CNAMStatusFailed, CNAMStatusComingSoon:
		return true
	}
	return false
}

// SetCNAMParams is the name to show.
type SetCNAMParams struct {
	// DisplayName is the name. Required.
	DisplayName string `json:"display_name"`
}

// Set sets the name that a number is to show. Nothing is shown before
// [CNAMs.Dispatch]. That the answer is the name follows the API's
// conventions; one without a body gives a CNAM that holds nothing but its
// metadata.
//
// PUT /numbers/{id}/cnam
func (s *CNAMs) Set(ctx context.Context, id string, params SetCNAMParams, opts ...api.CallOption) (*CNAM, error) {
	route := call.Put("Numbers.CNAMs.Set", cnamPath, id).MayBeEmpty().Check(check.Required("display_name", params.DisplayName))
	return call.Do[CNAM, cnamWire](ctx, s.core, route, params, opts)
}

// Get returns the name that was set for a number.
//
// GET /numbers/{id}/cnam
func (s *CNAMs) Get(ctx context.Context, id string, opts ...api.CallOption) (*CNAM, error) {
	return call.Do[CNAM, cnamWire](ctx, s.core, call.Get("Numbers.CNAMs.Get", cnamPath, id), nil, opts)
}

// Delete takes the name of a number away.
//
// DELETE /numbers/{id}/cnam
func (s *CNAMs) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Numbers.CNAMs.Delete", cnamPath, id), nil, opts)
}

// Dispatch hands the name of a number to the carriers. It fails with
// orbit.ErrNotFound if none was set, and with orbit.ErrConflict if it was handed
// over before. That the answer is the name follows the API's conventions; one
// without a body gives a CNAM that holds nothing but its metadata.
//
// POST /numbers/{id}/cnam/dispatch
func (s *CNAMs) Dispatch(ctx context.Context, id string, opts ...api.CallOption) (*CNAM, error) {
	route := call.Post("Numbers.CNAMs.Dispatch", cnamPath+"/dispatch", id).MayBeEmpty()
	return call.Do[CNAM, cnamWire](ctx, s.core, route, nil, opts)
}

const cnamPath = "/numbers/{id}/cnam"

// cnamWire is a CNAM on the wire.
type cnamWire struct{ CNAM }

// Public returns the name.
func (w *cnamWire) Public(info *api.ResponseInfo) *CNAM {
	w.Info = info
	return &w.CNAM
}

// CNAMDip is what the carriers show for a number.
type CNAMDip struct {
	api.Meta `json:"-"`

	// Status is how far the name has come: today always [CNAMStatusComingSoon].
	Status CNAMStatus `json:"status,omitzero"`
	// CarrierRegisteredName is the name that the carriers hold; empty where that is
	// not known, as today.
	CarrierRegisteredName string `json:"carrier_registered_name,omitzero"`
}

// Dip asks the carriers which name they show for a number, whether or not one was
// set. Orbit announces it as coming soon. It bills: an attempt of unknown fate is
// not repeated.
//
// GET /numbers/{id}/cnam/dip
func (s *CNAMs) Dip(ctx context.Context, id string, opts ...api.CallOption) (*CNAMDip, error) {
	route := call.Get("Numbers.CNAMs.Dip", cnamPath+"/dip", id).Billed()
	return call.Do[CNAMDip, dipWire](ctx, s.core, route, nil, opts)
}

// dipWire is a CNAMDip on the wire.
type dipWire struct{ CNAMDip }

// Public returns what the carriers show.
func (w *dipWire) Public(info *api.ResponseInfo) *CNAMDip {
	w.Info = info
	return &w.CNAMDip
}
