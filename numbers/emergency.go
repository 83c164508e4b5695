package numbers

import (
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// EmergencyAddresses keeps where the callers of a number are, for emergency
// calls. It is safe for concurrent use.
type EmergencyAddresses struct {
	core
}

// Address is a place that help can be sent to.
type Address struct {
	// Line1 is house number and street.
	Line1 string `json:"line1,omitzero"`
	// City is the town.
	City string `json:"city,omitzero"`
	// Region is the state or province, such as "CA".
	Region string `json:"region,omitzero"`
	// PostalCode is the postal code, such as "94105".
	PostalCode string `json:"postal_code,omitzero"`
	// Country is the country as two letters, such as "US".
	Country string `json:"country,omitzero"`
}

// EmergencyAddress is where the callers of a number are.
type EmergencyAddress struct {
	api.Meta `json:"-"`

	// ID is the number's ID.
	ID string `json:"id,omitzero"`
	// Address is the place; nil where none was set.
	Address *Address `json:"address,omitzero"`
}

// Get returns the emergency address of a number. It is a result without an
// address where none was set.
//
// GET /numbers/{id}/emergency-address
func (s *EmergencyAddresses) Get(ctx context.Context, id string, opts ...api.CallOption) (*EmergencyAddress, error) {
	route := call.Get("Numbers.EmergencyAddresses.Get", emergencyPath, id)
	return call.Do[EmergencyAddress, emergencyWire](ctx, s.core, route, nil, opts)
}

// SetEmergencyAddressParams is where the callers of a number are. An [Address]
// that was read can be converted to it.
type SetEmergencyAddressParams struct {
	// Line1 is house number and street. Required.
	Line1 string `json:"line1"`
	// City is the town. Required.
	City string `json:"city"`
	// Region is the state or province, such as "CA".
	Region string `json:"region,omitzero"`
	// PostalCode is the postal code. Required.
	PostalCode string `json:"postal_code"`
	// Country is the country as two letters, such as "US". Required.
	Country string `json:"country"`
}

// Set says where the callers of a number are. Have it looked at with
// [EmergencyAddresses.Verify] then. That the answer is the address follows
// the API's conventions; one without a body gives an EmergencyAddress that holds
// nothing but its metadata.
//
// PUT /numbers/{id}/emergency-address
func (s *EmergencyAddresses) Set(ctx context.Context, id string, params SetEmergencyAddressParams, opts ...api.CallOption) (*EmergencyAddress, error) {
	route := call.Put("Numbers.EmergencyAddresses.Set", emergencyPath, id).MayBeEmpty().Check(
		check.Required("line1", params.Line1), check.Required("city", params.City),
		check.Required("postal_code", params.PostalCode), check.Required("country", params.Country))
	return call.Do[EmergencyAddress, emergencyWire](ctx, s.core, route, params, opts)
}

const emergencyPath = "/numbers/{id}/emergency-address"

// emergencyWire is an EmergencyAddress, whether its address stands in a member of
// its own or not.
type emergencyWire struct {
	EmergencyAddress

	Line1      string `json:"line1"`
	City       string `json:"city"`
	Region     string `json:"region"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
}

// Public returns the emergency address with the address in its place.
func (w *emergencyWire) Public(info *api.ResponseInfo) *EmergencyAddress {
	w.Info = info
	flat := Address{Line1: w.Line1, City: w.City, Region: w.Region, PostalCode: w.PostalCode, Country: w.Country}
	if w.Address == nil && flat.Line1 != "" {
		w.Address = &flat
	}
	return &w.EmergencyAddress
}

// EmergencyVerification is what a look at an emergency address found.
type EmergencyVerification struct {
	api.Meta `json:"-"`

	// ValidationStatus tells whether help would find the place, in the API's
	// words.
	ValidationStatus string `json:"validation_status,omitzero"`
	// ValidationIssues are what is wrong with it.
	ValidationIssues []ValidationIssue `json:"validation_issues,omitzero"`
}

// ValidationIssue is what is wrong with an address: a text, or the JSON of it
// where the API writes more than a text.
type ValidationIssue string

// UnmarshalJSON reads a text as it is, and keeps anything else as JSON.
func (v *ValidationIssue) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*v = ValidationIssue(text)
	return nil
}

// Verify has the emergency address of a number looked at.
//
// POST /numbers/{id}/emergency-address/verify
func (s *EmergencyAddresses) Verify(ctx context.Context, id string, opts ...api.CallOption) (*EmergencyVerification, error) {
	route := call.Post("Numbers.EmergencyAddresses.Verify", emergencyPath+"/verify", id)
	return call.Do[EmergencyVerification, verificationWire](ctx, s.core, route, nil, opts)
}

// verificationWire is an EmergencyVerification on the wire.
type verificationWire struct{ EmergencyVerification }

// Public returns the verification.
func (w *verificationWire) Public(info *api.ResponseInfo) *EmergencyVerification {
	w.Info = info
	return &w.EmergencyVerification
}
