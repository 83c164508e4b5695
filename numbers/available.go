package numbers

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SearchParams says which numbers are wanted.
type SearchParams struct {
	// Country is the country as two letters, such as "US". Required.
	Country string `url:"country"`
	// Type is the kind of number.
	Type Type `url:"type,omitempty"`
	// Capabilities are uses that the number must have, all of them.
	Capabilities []Capability `url:"capabilities,comma,omitempty"`
	// AreaCode is the area within the country, such as "415".
	AreaCode string `url:"area_code,omitempty"`
	// Contains are digits that must be within the number.
	Contains string `url:"contains,omitempty"`
	// Limit is how many numbers to offer. 0 leaves it to the API; its maximum is
	// 500. There is no page behind them: search for something else to see others.
	Limit int `url:"limit,omitempty"`
}

// AvailableNumber is a number that can be bought.
type AvailableNumber struct {
	api.Meta `json:"-"`

	// ID is the offer's ID, opaque.
	ID string `json:"id,omitzero"`
	// PhoneNumber is the phone number, for [PurchaseParams].
	PhoneNumber string `json:"number"`
	// Country is the country it belongs to, such as "US".
	Country string `json:"country,omitzero"`
	// Type is the kind of number.
	Type Type `json:"type,omitzero"`
	// Region is where in the country it belongs.
	Region string `json:"region,omitzero"`
	// Capabilities are what it can be used for.
	Capabilities []Capability `json:"capabilities,omitzero"`
	// MonthlyCost is the rental for a month, exact.
	MonthlyCost api.Decimal `json:"monthly_cost,omitzero"`
	// Currency is the currency of MonthlyCost, such as "USD". The newer API names
	// none: the cost is in US dollars then.
	Currency string `json:"currency,omitzero"`
	// SMSTwoWay tells whether it can receive text messages too; nil where the
	// answer does not say.
	SMSTwoWay *bool `json:"sms_two_way,omitzero"`
}

// Search returns numbers that can be bought. They are offers, not reserved: a
// number may be gone when it is bought.
//
// GET /numbers/available
func (s *Service) Search(ctx context.Context, params SearchParams, opts ...api.CallOption) (*api.Page[AvailableNumber], error) {
	route := call.Get("Numbers.Search", "/numbers/available").Check(
		check.Required("country", params.Country), check.NotNegative("limit", params.Limit))
	return call.List[AvailableNumber, availableWire](ctx, s.core, route, params, opts)
}

// availableWire is an AvailableNumber under the names of all generations.
type availableWire struct {
	AvailableNumber

	CamelNumber string      `json:"phoneNumber"`
	MonthlyRate api.Decimal `json:"monthlyRate"`
}

// Public returns the number under the names of the older generation, which the
// account's own numbers have as well.
func (w *availableWire) Public(info *api.ResponseInfo) *AvailableNumber {
	w.Info = info
	w.PhoneNumber = cmp.Or(w.PhoneNumber, w.CamelNumber)
	w.MonthlyCost = cmp.Or(w.MonthlyCost, w.MonthlyRate)
	return &w.AvailableNumber
}

// AvailableCountry is a country in which numbers can be bought.
type AvailableCountry struct {
	api.Meta `json:"-"`

	// Country is the country as two letters, such as "US".
	Country string
	// Fields is the whole row as the API writes it, with how many numbers of what
	// kind there are. Its names are not documented.
	Fields api.Metadata
}

// ListCountries returns the countries in which numbers can be bought. The path is
// documented; the rows, but for their country, are not.
//
// GET /numbers/available/countries
func (s *Service) ListCountries(ctx context.Context, opts ...api.CallOption) (*api.Page[AvailableCountry], error) {
	return call.List[AvailableCountry, countryWire](ctx, s.core, call.Get("Numbers.ListCountries", "/numbers/available/countries"), nil, opts)
}

// countryWire is an AvailableCountry with all that the row holds.
type countryWire struct{ fields api.Metadata }

// UnmarshalJSON reads the row.
func (w *countryWire) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &w.fields) }

// Public returns the row with its country.
func (w *countryWire) Public(info *api.ResponseInfo) *AvailableCountry {
	country, ok := w.fields["country"].(string)
	if !ok {
		country, _ = w.fields["country_code"].(string)
	}
	return &AvailableCountry{Meta: api.Meta{Info: info}, Country: country, Fields: w.fields}
}

// GetCountryCapabilitiesParams names a country.
type GetCountryCapabilitiesParams struct {
	// Country is the country as two letters; empty for all. Its name follows the
	// API's conventions: the server may ignore it.
	Country string `url:"country,omitempty"`
}

// CountryCapabilities is how many numbers there are of each line type and
// capability.
type CountryCapabilities struct {
	api.Meta `json:"-"`

	// Raw is the data of the answer as it came, since its shape is not documented.
	Raw json.RawMessage `json:"-"`
}

// GetCountryCapabilities counts the numbers that can be bought by line type and
// capability. The path is documented; the parameter follows the API's
// conventions, and the answer is not documented.
//
// GET /numbers/country-capabilities
func (s *Service) GetCountryCapabilities(ctx context.Context, params GetCountryCapabilitiesParams, opts ...api.CallOption) (*CountryCapabilities, error) {
	route := call.Get("Numbers.GetCountryCapabilities", "/numbers/country-capabilities")
	return call.Do[CountryCapabilities, countryCapabilitiesWire](ctx, s.core, route, params, opts)
}

// countryCapabilitiesWire is CountryCapabilities of any shape.
type countryCapabilitiesWire struct{ rawWire }

// Public returns the raw answer.
func (w *countryCapabilitiesWire) Public(info *api.ResponseInfo) *CountryCapabilities {
	return &CountryCapabilities{Meta: api.Meta{Info: info}, Raw: w.raw}
}
