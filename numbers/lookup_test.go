package numbers_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// TestLookupAnswer reads a whole lookup, its scalars written as either generation
// does, and what was read can be written and read again.
func TestLookupAnswer(t *testing.T) { // FWD-1, FWD-4, ERG-3
	t.Parallel()
	want := numbers.Lookup{
		PhoneNumber: "+14155552671", Valid: orbit.Ptr(true), Country: "US", NationalFormat: "(415) 555-2671",
		Carrier:     numbers.Carrier{Name: "Carrier", Type: "mobile", MCC: "310", MNC: "260"},
		Portability: numbers.Portability{Ported: orbit.Ptr(true), OriginalCarrier: "Another"},
		SIMSwap:     numbers.SIMSwap{Swapped: orbit.Ptr(true), LastSwapDate: noon(-12 * 3600e9), RiskLevel: "high"},
		Roaming:     numbers.Roaming{Roaming: orbit.Ptr(true), ServingMCC: "208", HomeMCC: "310", ServingCountry: "FR"},
		LiveStatus:  "active", Reachable: orbit.Ptr(true), Cached: true,
		DataPackages: map[numbers.LookupField]numbers.DataPackage{
			numbers.LookupFieldCNAM:           {Status: numbers.DataPackageStatusAvailable, Data: json.RawMessage(`{"name": "ACME", "n": 1.50}`)},
			numbers.LookupFieldCallForwarding: {Status: numbers.DataPackageStatusComingSoon, Reason: "later"},
		},
	}
	for name, body := range map[string]string{
		"plain": `{"data":{"phoneNumber":"+14155552671","valid":true,"callingCountryCode":"US","nationalFormat":"(415) 555-2671",
			"carrier":{"name":"Carrier","type":"mobile","mcc":"310","mnc":"260"},"portability":{"ported":true,"mnp_original_carrier":"Another"},
			"simSwap":{"swapped":true,"lastSwapDate":"2026-03-08T00:00:00Z","riskLevel":"high"},
			"roaming":{"roaming":true,"servingMcc":"208","homeMcc":"310","servingCountry":"FR"},
			"liveStatus":"active","reachable":"true","cached":true,
			"dataPackages":{"cnam":{"status":"available","data":{"name": "ACME", "n": 1.50}},"call_forwarding":{"status":"coming_soon","reason":"later"}}}}`,
		"other scalars": `{"phoneNumber":"+14155552671","valid":"true","callingCountryCode":"US","nationalFormat":"(415) 555-2671",
			"carrier":{"name":"Carrier","type":"mobile","mcc":310,"mnc":260},"portability":{"ported":1,"mnp_original_carrier":"Another"},
			"simSwap":{"swapped":"yes","lastSwapDate":"2026-03-08","riskLevel":"high"},
			"roaming":{"roaming":"true","servingMcc":208,"homeMcc":310,"servingCountry":"FR"},
			"liveStatus":"active","reachable":true,"cached":"true",
			"dataPackages":{"cnam":{"status":"available","data":{"name": "ACME", "n": 1.50}},"call_forwarding":{"status":"coming_soon","reason":"later"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, http.StatusOK, body).Lookup(t.Context(), "+14155552671", numbers.LookupParams{})
			require.NoError(t, err)
			got.Info = nil
			assert.Equal(t, want, *got)
			encoded, err := json.Marshal(got)
			require.NoError(t, err)
			var again numbers.Lookup
			require.NoError(t, json.Unmarshal(encoded, &again))
			reencoded, err := json.Marshal(again)
			require.NoError(t, err)
			assert.Equal(t, string(encoded), string(reencoded))
		})
	}
}

// TestLookupThatKnowsLittle tells what was not found out from what is not so.
func TestLookupThatKnowsLittle(t *testing.T) { // ERG-4
	t.Parallel()
	for _, body := range []string{ // DEC-4: null and absence are "not known", not false
		`{"data":{"phoneNumber":"+14155552671"}}`,
		`{"data":{"phoneNumber":"+14155552671","valid":null,"carrier":null,"portability":null,"simSwap":null,"roaming":null,` +
			`"liveStatus":null,"reachable":null,"cached":null,"dataPackages":null}}`,
		`{"data":{"phoneNumber":"+14155552671","portability":{"ported":null,"mnp_original_carrier":null},` +
			`"simSwap":{"swapped":null,"lastSwapDate":null},"roaming":{"roaming":null,"servingMcc":null,"homeMcc":null,"servingCountry":null}}}`,
	} {
		got, err := answering(t, http.StatusOK, body).Lookup(t.Context(), "+14155552671", numbers.LookupParams{})
		require.NoError(t, err)
		got.Info = nil
		assert.Equal(t, numbers.Lookup{PhoneNumber: "+14155552671"}, *got)
	}
	got, err := answering(t, http.StatusOK, `{"data":{"phoneNumber":"+14155552671","simSwap":{"swapped":false},"reachable":false}}`).
		Lookup(t.Context(), "+14155552671", numbers.LookupParams{})
	require.NoError(t, err)
	assert.Equal(t, numbers.SIMSwap{Swapped: orbit.Ptr(false)}, got.SIMSwap)
	assert.Equal(t, orbit.Ptr(false), got.Reachable)
}

// TestBasicLookupForms reads the names that the answer might have.
func TestBasicLookupForms(t *testing.T) { // FWD-1
	t.Parallel()
	for _, data := range []string{
		`{"phone_number":"+14155552671","valid":true,"country":"US","line_type":"mobile"}`,
		`{"phone":"+14155552671","is_valid":true,"country_code":"US","type":"mobile"}`,
		`{"phoneNumber":"+14155552671","valid":"true","countryCode":"US","lineType":"mobile"}`,
	} {
		for _, body := range []string{data, `{"data":` + data + `}`} {
			got, err := answering(t, http.StatusOK, body).LookupBasic(t.Context(), numbers.LookupBasicParams{PhoneNumber: "x"})
			require.NoError(t, err)
			got.Info = nil
			assert.Equal(t, data, string(got.Raw), "nothing of the answer is lost")
			got.Raw = nil
			assert.Equal(t, numbers.BasicLookup{PhoneNumber: "+14155552671", Valid: orbit.Ptr(true), Country: "US", LineType: "mobile"}, *got)
		}
	}
}

// TestBulkLookupKeepsTheOrder gives each input its row, in every form of a list.
func TestBulkLookupKeepsTheOrder(t *testing.T) {
	t.Parallel()
	const rows = `[{"phoneNumber":"+14155552673"},{"phoneNumber":"x","valid":false},{"phoneNumber":"+14155552671"}]`
	for _, body := range []string{rows, `{"data":` + rows + `}`, `{"data":{"results":` + rows + `,"count":3}}`} {
		page, err := answering(t, http.StatusMultiStatus, body).LookupBulk(t.Context(), numbers.LookupBulkParams{PhoneNumbers: []string{"x"}})
		require.NoError(t, err, body)
		require.Len(t, page.Items, 3)
		assert.Equal(t, "+14155552673", page.Items[0].PhoneNumber)
		assert.Equal(t, "x", page.Items[1].PhoneNumber)
		assert.Equal(t, "+14155552671", page.Items[2].PhoneNumber)
		assert.False(t, page.HasMore)
	}
}

// TestLookupFlow looks numbers up in an Orbit in memory. The plus sign arrives: a
// bare one would be a space.
func TestLookupFlow(t *testing.T) { // HTTP-5
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *numbers.Service) {
		ctx := t.Context()
		fields := []numbers.LookupField{numbers.LookupFieldSIMSwap, numbers.LookupFieldCallForwarding, numbers.LookupFieldIdentityMatch, numbers.LookupFieldCallerName}
		got, err := s.Lookup(ctx, "+14155552671", numbers.LookupParams{Fields: fields})
		require.NoError(t, err)
		assert.Equal(t, orbit.Ptr(true), got.Valid)
		assert.False(t, got.Cached)
		assert.Equal(t, orbit.Ptr(true), got.SIMSwap.Swapped)
		assert.Equal(t, "001", got.Carrier.MCC, "digits, not a number")
		assert.Equal(t, numbers.DataPackageStatusAvailable, got.DataPackages[numbers.LookupFieldSIMSwap].Status)
		assert.Equal(t, numbers.DataPackageStatusComingSoon, got.DataPackages[numbers.LookupFieldCallForwarding].Status)
		assert.Equal(t, numbers.DataPackageStatusComingSoon, got.DataPackages[numbers.LookupFieldIdentityMatch].Status)
		assert.Equal(t, numbers.DataPackageStatusNotImplemented, got.DataPackages[numbers.LookupFieldCallerName].Status)
		assert.Equal(t, "/api/v1/numbers/lookup/%2B14155552671", server.Requests()[0].Path)

		_, err = s.Lookup(ctx, "+14155552671", numbers.LookupParams{Fields: []numbers.LookupField{"shoe_size"}})
		var refused *orbit.Error
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, http.StatusBadRequest, refused.StatusCode)

		basic, err := s.LookupBasic(ctx, numbers.LookupBasicParams{PhoneNumber: "+447700900123"})
		require.NoError(t, err)
		assert.Equal(t, "+447700900123 true GB mobile", join(basic.PhoneNumber, *basic.Valid, basic.Country, basic.LineType))

		rows, err := s.LookupBulk(ctx, numbers.LookupBulkParams{PhoneNumbers: []string{"+14155552671", "nonsense"}})
		require.NoError(t, err)
		assert.True(t, *rows.Items[0].Valid && rows.Items[0].Cached)
		assert.False(t, *rows.Items[1].Valid)
	})
}

// TestBilledReadsAreMadeOnce proves that no connection that breaks makes a billed
// call twice, by net/http neither.
func TestBilledReadsAreMadeOnce(t *testing.T) { // RET-3
	t.Parallel()
	for _, fault := range []orbittest.Fault{orbittest.ResetAfter(), orbittest.Truncated(), {Status: http.StatusBadGateway, After: true}} {
		server := orbittest.New(t)
		s := server.Client().Numbers
		server.FailNext("GET /numbers/lookup/{e164}", fault)
		_, err := s.Lookup(t.Context(), "+14155552671", numbers.LookupParams{})
		require.Error(t, err)
		assert.True(t, orbit.MaybeSent(err))
		assert.Len(t, server.Requests(), 1)
	}
	server := orbittest.New(t)
	server.FailNext("GET /numbers/lookup/{e164}", orbittest.Refused())
	_, err := server.Client().Numbers.Lookup(t.Context(), "+14155552671", numbers.LookupParams{})
	require.NoError(t, err, "what was provably not sent is repeated")
}
