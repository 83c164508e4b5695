package numbers

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// LookupBasicParams is a number to look up.
type LookupBasicParams struct {
	// PhoneNumber is the number. Whether it is one at all is for the API to say.
	// Required.
	PhoneNumber string `json:"phone"`
}

// BasicLookup is what the digits of a number tell.
type BasicLookup struct {
	api.Meta `json:"-"`

	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number,omitzero"`
	// Valid reports whether there can be such a number; nil if that is not known.
	Valid *bool `json:"valid,omitzero"`
	// Country is the country it belongs to as two letters, such as "US".
	Country string `json:"country,omitzero"`
	// LineType is the kind of line, in the API's words.
	LineType string `json:"line_type,omitzero"`
	// Raw is the data of the answer as it came, since the names in it are not
	// documented.
	Raw json.RawMessage `json:"-"`
}

// LookupBasic tells whether a number can exist, its country and its line type. It
// bills: an attempt of unknown fate is not repeated, unless asked for with
// orbit.WithRetry(orbit.RetryDefault). The names in the answer follow the API's
// conventions.
//
// POST /numbers/lookup
func (s *Service) LookupBasic(ctx context.Context, params LookupBasicParams, opts ...api.CallOption) (*BasicLookup, error) {
	route := call.Post("Numbers.LookupBasic", "/numbers/lookup").Once().Check(check.Required("phone", params.PhoneNumber))
	return call.Do[BasicLookup, basicLookupWire](ctx, s.core, route, params, opts)
}

// basicLookupWire is a BasicLookup with the names that its fields might have.
type basicLookupWire struct {
	BasicLookup

	Phone         string `json:"phone"`
	IsValid       *bool  `json:"is_valid"`
	CountryCode   string `json:"country_code"`
	ShortLineType string `json:"type"`
	raw           json.RawMessage
}

// UnmarshalJSON reads the answer and keeps it.
func (w *basicLookupWire) UnmarshalJSON(data []byte) error {
	type plain basicLookupWire
	return wire.Keep(data, (*plain)(w), &w.raw)
}

// Public returns the lookup with the raw answer.
func (w *basicLookupWire) Public(info *api.ResponseInfo) *BasicLookup {
	w.Info, w.Raw = info, w.raw
	w.PhoneNumber = cmp.Or(w.PhoneNumber, w.Phone)
	w.Valid = cmp.Or(w.Valid, w.IsValid)
	w.Country = cmp.Or(w.Country, w.CountryCode)
	w.LineType = cmp.Or(w.LineType, w.ShortLineType)
	return &w.BasicLookup
}

// LookupParams says what to find out about a number.
type LookupParams struct {
	// Fields are what to find out, at most 16; each may bill. None leaves it to the
	// API. It refuses one that it does not know.
	Fields []LookupField `url:"fields,comma,omitempty"`
}

// LookupField is something to find out about a number. The set is open.
type LookupField string

// The documented fields.
const (
	// LookupFieldLineType is the kind of line.
	LookupFieldLineType LookupField = "line_type_intelligence"
	// LookupFieldOperatorName is the network.
	LookupFieldOperatorName LookupField = "operator_name"
	// LookupFieldQualityScore is how good the number is for use.
	LookupFieldQualityScore LookupField = "phone_number_quality_score"
	// LookupFieldSIMSwap is whether the SIM was changed lately.
	LookupFieldSIMSwap LookupField = "sim_swap"
	// LookupFieldCallerName is the name of who calls from the number.
	LookupFieldCallerName LookupField = "caller_name"
	// LookupFieldCNAM is the name that carriers show for it.
	LookupFieldCNAM LookupField = "cnam"
	// LookupFieldIdentityMatch is whether it belongs to a certain person.
	LookupFieldIdentityMatch LookupField = "identity_match"
	// LookupFieldCallForwarding is whether calls are passed on.
	LookupFieldCallForwarding LookupField = "call_forwarding"
	// LookupFieldReputation is what those who are called think of it.
	LookupFieldReputation LookupField = "number_reputation"
)

// Known reports whether this version of the SDK has a constant for the field.
func (f LookupField) Known() bool {
	switch f {
	case LookupFieldLineType, LookupFieldOperatorName, LookupFieldQualityScore, LookupFieldSIMSwap, LookupFieldCallerName, LookupFieldCNAM,
		LookupFieldIdentityMatch, LookupFieldCallForwarding, LookupFieldReputation:
		return true
	}
	return false
}

// Lookup is what is known of a number. What was not asked for, or could not be
// found out, is zero. A *bool that is nil means "not known", which is not false: do
// not take a SIM for unchanged because SIMSwap.Swapped is nil.
type Lookup struct {
	api.Meta `json:"-"`

	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phoneNumber,omitzero"`
	// Valid reports whether there can be such a number; nil if that is not known.
	Valid *bool `json:"valid,omitzero"`
	// Country is the country it belongs to as two letters, such as "US".
	Country string `json:"callingCountryCode,omitzero"`
	// NationalFormat is the number as it is written within its country.
	NationalFormat string `json:"nationalFormat,omitzero"`
	// Carrier is the network that the number belongs to.
	Carrier Carrier `json:"carrier,omitzero"`
	// Portability reports whether it was taken to another network.
	Portability Portability `json:"portability,omitzero"`
	// SIMSwap reports whether its SIM was changed recently.
	SIMSwap SIMSwap `json:"simSwap,omitzero"`
	// Roaming reports where it is used.
	Roaming Roaming `json:"roaming,omitzero"`
	// LiveStatus is the state of the line, in the API's words, such as "yes".
	LiveStatus string `json:"liveStatus,omitzero"`
	// Reachable reports whether the phone can be reached now; nil if that is not
	// known.
	Reachable *bool `json:"reachable,omitzero"`
	// Cached tells whether the answer is from an earlier lookup.
	Cached bool `json:"cached,omitzero"`
	// DataPackages are the results of what was asked for, by the name of the field.
	DataPackages map[LookupField]DataPackage `json:"dataPackages,omitzero"`
}

// Carrier is a network.
type Carrier struct {
	// Name is what it is called.
	Name string `json:"name,omitzero"`
	// Type is the kind of line, in the API's words.
	Type string `json:"type,omitzero"`
	// MCC is the mobile country code, three digits.
	MCC string `json:"mcc,omitzero"`
	// MNC is the mobile network code, two or three digits.
	MNC string `json:"mnc,omitzero"`
}

// Portability reports whether a number was taken to another network.
type Portability struct {
	// Ported reports whether it was; nil if that is not known.
	Ported *bool `json:"ported,omitzero"`
	// OriginalCarrier is the network that it came from.
	OriginalCarrier string `json:"mnp_original_carrier,omitzero"`
}

// SIMSwap reports whether the SIM of a number was changed recently.
type SIMSwap struct {
	// Swapped reports whether it was; nil if that is not known, which is no sign that
	// it was not.
	Swapped *bool `json:"swapped,omitzero"`
	// LastSwapDate is when it was changed last; zero where that is not known.
	LastSwapDate time.Time `json:"lastSwapDate,omitzero"`
	// RiskLevel is how much care that asks for, in the API's words.
	RiskLevel string `json:"riskLevel,omitzero"`
}

// Roaming reports where a number is used.
type Roaming struct {
	// Roaming reports whether it is used on another network than its own; nil if
	// that is not known.
	Roaming *bool `json:"roaming,omitzero"`
	// ServingMCC is the mobile country code of the network that it is used on.
	ServingMCC string `json:"servingMcc,omitzero"`
	// HomeMCC is the mobile country code of its own network.
	HomeMCC string `json:"homeMcc,omitzero"`
	// ServingCountry is the country that it is used in, such as "FR".
	ServingCountry string `json:"servingCountry,omitzero"`
}

// DataPackage is the result of one field of a lookup.
type DataPackage struct {
	// Status tells whether there is a result.
	Status DataPackageStatus `json:"status,omitzero"`
	// Data is the result as the API writes it. Its shape depends on the field and
	// is not documented.
	Data json.RawMessage `json:"data,omitzero"`
	// Reason says why there is none.
	Reason string `json:"reason,omitzero"`
}

// DataPackageStatus tells whether a field of a lookup has a result. The set is
// open.
type DataPackageStatus string

// The documented statuses.
const (
	// DataPackageStatusAvailable is a field with a result.
	DataPackageStatusAvailable DataPackageStatus = "available"
	// DataPackageStatusComingSoon is a field that the API will have.
	DataPackageStatusComingSoon DataPackageStatus = "coming_soon"
	// DataPackageStatusNotImplemented is a field that the API does not have for the
	// number's country or network.
	DataPackageStatusNotImplemented DataPackageStatus = "not_implemented"
	// DataPackageStatusError is a field whose source failed.
	DataPackageStatusError DataPackageStatus = "error"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s DataPackageStatus) Known() bool {
	switch s {
	case DataPackageStatusAvailable, DataPackageStatusComingSoon, DataPackageStatusNotImplemented, DataPackageStatusError:
		return true
	}
	return false
}

// Lookup tells what is known of a number, which must be in E.164 form. It bills:
// an attempt of unknown fate is not repeated.
//
// GET /numbers/lookup/{e164}
func (s *Service) Lookup(ctx context.Context, e164 string, params LookupParams, opts ...api.CallOption) (*Lookup, error) {
	route := call.Get("Numbers.Lookup", "/numbers/lookup/{e164}", e164).Billed().Check(check.E164("e164", e164))
	return call.Do[Lookup, lookupWire](ctx, s.core, route, params, opts)
}

// LookupBulkParams are numbers to look up.
type LookupBulkParams struct {
	// PhoneNumbers are 1 to 100 numbers. Whether each is one at all is for the API to
	// say. Required.
	PhoneNumbers []string `json:"numbers"`
}

// LookupBulk looks several numbers up. Items has one row for each number, in
// their order. It bills: an attempt of unknown fate is not repeated, unless asked
// for with orbit.WithRetry(orbit.RetryDefault). The rows follow the API's
// conventions.
//
// POST /numbers/bulk-lookup
func (s *Service) LookupBulk(ctx context.Context, params LookupBulkParams, opts ...api.CallOption) (*api.Page[Lookup], error) {
	route := call.Post("Numbers.LookupBulk", "/numbers/bulk-lookup").Once().Check(
		check.That(len(params.PhoneNumbers) > 0 && !slices.Contains(params.PhoneNumbers, ""), "numbers", "must hold at least one number, and no empty one"))
	return call.List[Lookup, lookupWire](ctx, s.core, route, params, opts)
}

// lookupWire is a Lookup on the wire.
type lookupWire struct{ Lookup }

// Public returns the lookup.
func (w *lookupWire) Public(info *api.ResponseInfo) *Lookup {
	w.Info = info
	return &w.Lookup
}
