package numbers_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
)

// plain takes the answer's metadata off a number.
func plain(n numbers.Number) numbers.Number {
	n.Info = nil
	return n
}

// numberForms are a number as each generation writes it, and what it is.
func numberForms() map[string]struct {
	body string
	want numbers.Number
} {
	full := numbers.Number{
		ID: "num_01HV", PhoneNumber: "+14155552671", FriendlyName: "Desk", Country: "US", Type: numbers.TypeLocal,
		Capabilities: []numbers.Capability{numbers.CapabilitySMS, numbers.CapabilityVoice}, Status: numbers.StatusActive,
		ReleaseStatus: numbers.ReleaseStatusPending, AgentID: "agt_1", SMSWebhookURL: "https://example.com/s", VoiceWebhookURL: "https://example.com/v",
		ForwardingNumber: "+14155552672", AreaCode: "415", AssignedTo: "Support", Provider: "carrier", TFVStatus: "approved",
		ComplianceProfileID: "cp_1", AutoRenew: orbit.Ptr(false), MonthlyCost: "1.150", Currency: "USD", Tags: []string{"a", "b"},
		CreatedAt: noon(123 * time.Millisecond), AssignedAt: noon(time.Second), NextBillingAt: noon(time.Hour),
	}
	rest := `"capabilities":["sms","voice"],"status":"active","release_status":"pending","agent_id":"agt_1",` +
		`"sms_webhook_url":"https://example.com/s","voice_webhook_url":"https://example.com/v","forwarding_number":"+14155552672",` +
		`"assigned_to":"Support","provider":"carrier","tfv_status":"approved","compliance_profile_id":"cp_1","currency":"USD","tags":["a","b"],`
	return map[string]struct {
		body string
		want numbers.Number
	}{
		"newer": {`{"data":{"id":"num_01HV","number":"+14155552671","friendly_name":"Desk","country":"US","type":"local",` + rest +
			`"area_code":"415","auto_renew":false,"monthly_cost":1.150,"created_at":"2026-03-08T12:00:00.123Z",` +
			`"assigned_at":"2026-03-08T12:00:01Z","next_billing_at":"2026-03-08T13:00:00.000Z"},"meta":{"request_id":"req_1"}}`, full},
		"older": {`{"data":{"id":"num_01HV","phone_number":"+14155552671","label":"Desk","country_code":"US","number_type":"local",` + rest +
			`"area_code":415,"auto_renew":"false","monthly_cost":"1.150","created_at":1772971200123,` +
			`"assigned_at":"2026-03-08 12:00:01","next_billing_at":"2026-03-08T14:00:00+01:00"},"meta":{"request_id":"req_1"}}`, full},
		"e164, bare": {`{"id":"num_1","e164":"+14155552671","auto_renew":true,"tags":null,"monthly_cost":null}`, numbers.Number{
			ID: "num_1", PhoneNumber: "+14155552671", AutoRenew: orbit.Ptr(true),
		}},
		"hardly anything": {`{"data":{"id":7}}`, numbers.Number{ID: "7"}},
	}
}

// TestNumberForms reads every generation's answers into the same Go value, and
// what was read can be written and read again.
func TestNumberForms(t *testing.T) { // FWD-1, FWD-4, FWD-5, ERG-3, ERG-4
	t.Parallel()
	for name, form := range numberForms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, http.StatusOK, form.body).Get(t.Context(), "num_01HV")
			require.NoError(t, err)
			assert.NotNil(t, got.Info)
			n := plain(*got)
			for _, at := range []*time.Time{&n.CreatedAt, &n.AssignedAt, &n.NextBillingAt} {
				*at = at.UTC()
			}
			assert.Equal(t, form.want, n)
			encoded, err := json.Marshal(n)
			require.NoError(t, err)
			var again numbers.Number
			require.NoError(t, json.Unmarshal(encoded, &again))
			assert.Equal(t, n, again)
		})
	}
}

// TestMoneyIsExact keeps every digit that the API writes, as a number or a text.
func TestMoneyIsExact(t *testing.T) { // FWD-5
	t.Parallel()
	for _, digits := range []string{"0.10", "1.150", "0.30000000000000004", "9007199254740993.01", "0"} {
		for _, written := range []string{digits, `"` + digits + `"`} {
			n, err := answering(t, http.StatusOK, `{"data":{"id":"num_1","monthly_cost":`+written+`}}`).Get(t.Context(), "num_1")
			require.NoError(t, err, written)
			assert.Equal(t, orbit.Decimal(digits), n.MonthlyCost)
			for _, name := range []string{"monthlyRate", "monthly_cost"} {
				page, err := answering(t, http.StatusOK, `{"data":{"numbers":[{"number":"x","`+name+`":`+written+`}]}}`).
					Search(t.Context(), numbers.SearchParams{Country: "US"})
				require.NoError(t, err, written)
				assert.Equal(t, orbit.Decimal(digits), page.Items[0].MonthlyCost)
			}
		}
	}
}

// TestFieldsOfTheContract proves that the Go types have the contract's fields
// under the contract's names, no more and no fewer.
func TestFieldsOfTheContract(t *testing.T) { // ERG-5
	t.Parallel()
	for _, c := range []struct {
		value any
		names string
	}{
		{numbers.Number{}, `id number friendly_name country type capabilities status release_status agent_id sms_webhook_url voice_webhook_url
			forwarding_number area_code assigned_to provider tfv_status compliance_profile_id auto_renew monthly_cost currency tags
			created_at assigned_at next_billing_at`},
		{numbers.AvailableNumber{}, "id number country type region capabilities monthly_cost currency sms_two_way"},
		{numbers.SearchParams{}, "country type capabilities area_code contains limit"},
		{numbers.PurchaseParams{}, `number provider_bundle_id country_code capabilities compliance_profile_id friendly_name sms_webhook_url
			voice_webhook_url agent_id`},
		{numbers.ListParams{}, "cursor limit status country_code search"},
		{numbers.UpdateParams{}, "friendly_name sms_webhook_url voice_webhook_url agent_id"},
		{numbers.SetRoutingParams{}, "type config"},
		{numbers.RoutingConfig{}, "mode sipUri sipUsername sipPassword"},
		{numbers.Routing{}, "type config"},
		{numbers.SetAutoRenewParams{}, "auto_renew"},
		{numbers.ScheduledRelease{}, "id release_at"},
		{numbers.ReassignParams{}, "target_org_id"},
		{numbers.ExportParams{}, "format status country_code search"},
		{numbers.LookupBasicParams{}, "phone"},
		{numbers.LookupParams{}, "fields"},
		{numbers.LookupBulkParams{}, "numbers"},
		{numbers.Lookup{}, `phoneNumber valid callingCountryCode nationalFormat carrier portability simSwap roaming liveStatus reachable cached
			dataPackages`},
		{numbers.Carrier{}, "name type mcc mnc"},
		{numbers.Portability{}, "ported mnp_original_carrier"},
		{numbers.SIMSwap{}, "swapped lastSwapDate riskLevel"},
		{numbers.Roaming{}, "roaming servingMcc homeMcc servingCountry"},
		{numbers.DataPackage{}, "status data reason"},
		{numbers.SetEmergencyAddressParams{}, "line1 city region postal_code country"},
		{numbers.Address{}, "line1 city region postal_code country"},
		{numbers.EmergencyAddress{}, "id address"},
		{numbers.EmergencyVerification{}, "validation_status validation_issues"},
		{numbers.SetCNAMParams{}, "display_name"},
		{numbers.CNAM{}, "display_name status submitted_at"},
		{numbers.CNAMDip{}, "status carrier_registered_name"},
		{numbers.Warming{}, "daily_cap current_day_count warming_phase trust_score warming_started_at"},
		{numbers.WarmingProgression{}, "warming_state warming_started_at warming_max_daily_sms forecast"},
		{numbers.Reputation{}, "monitored status"},
	} {
		var names []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(c.value)) {
			if name, _, _ := strings.Cut(f.Tag.Get("json")+f.Tag.Get("url"), ","); name != "-" {
				names = append(names, name)
			}
		}
		assert.ElementsMatch(t, strings.Fields(c.names), names, "%T", c.value)
	}
}

// TestWhatIsMissingIsLeftOut writes nothing for what an answer does not have.
func TestWhatIsMissingIsLeftOut(t *testing.T) {
	t.Parallel()
	for want, values := range map[string][]any{
		`{"id":""}`:           {numbers.Number{}},
		`{"number":""}`:       {numbers.AvailableNumber{}},
		`{"monitored":false}`: {numbers.Reputation{}},
		`{}`: {
			numbers.Routing{}, numbers.RoutingConfig{}, numbers.ScheduledRelease{}, numbers.Carrier{}, numbers.DataPackage{}, numbers.Address{},
			numbers.EmergencyAddress{}, numbers.EmergencyVerification{}, numbers.CNAM{}, numbers.CNAMDip{}, numbers.Warming{},
			numbers.WarmingProgression{}, numbers.Lookup{}, numbers.BasicLookup{}, numbers.Portability{}, numbers.SIMSwap{}, numbers.Roaming{},
		},
	} {
		for _, v := range values {
			encoded, err := json.Marshal(v)
			require.NoError(t, err)
			assert.Equal(t, want, string(encoded), "%T", v)
		}
	}
}

// TestNameOfTheOwnGenerationCounts decides between names that come at once.
func TestNameOfTheOwnGenerationCounts(t *testing.T) {
	t.Parallel()
	n, err := answering(t, http.StatusOK, `{"id":"a","number":"1","e164":"2","phone_number":"3","friendly_name":"4","label":"5",`+
		`"country":"6","country_code":"7","type":"8","number_type":"9"}`).Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, "1 4 6 8", join(n.PhoneNumber, n.FriendlyName, n.Country, n.Type))
	page, err := answering(t, http.StatusOK, `[{"number":"1","phoneNumber":"2","monthly_cost":3,"monthlyRate":4}]`).
		Search(t.Context(), numbers.SearchParams{Country: "US"})
	require.NoError(t, err)
	assert.Equal(t, "1 3", join(page.Items[0].PhoneNumber, page.Items[0].MonthlyCost))
	basic, err := answering(t, http.StatusOK, `{"phone_number":"1","phoneNumber":"2","phone":"3","country":"4","country_code":"5","countryCode":"6",`+
		`"line_type":"7","lineType":"8","type":"9"}`).LookupBasic(t.Context(), numbers.LookupBasicParams{PhoneNumber: "x"})
	require.NoError(t, err)
	assert.Equal(t, "1 4 7", join(basic.PhoneNumber, basic.Country, basic.LineType))
}

// TestEnums proves that known words are known, and that new ones come through
// unchanged.
func TestEnums(t *testing.T) { // FWD-2
	t.Parallel()
	type word interface{ Known() bool }
	for _, known := range []word{
		numbers.TypeLocal, numbers.TypeTollFree, numbers.TypeMobile, numbers.TypeShortCode,
		numbers.CapabilitySMS, numbers.CapabilityVoice, numbers.CapabilityMMS, numbers.CapabilityWhatsApp, numbers.CapabilityRCS,
		numbers.StatusActive, numbers.StatusPurchased, numbers.StatusPendingCompliance, numbers.StatusParked, numbers.StatusReleased,
		numbers.ReleaseStatusPending, numbers.ReleaseStatusFailed, numbers.RoutingTypeSIPForward, numbers.ExportFormatCSV, numbers.ExportFormatJSON,
		numbers.LookupFieldLineType, numbers.LookupFieldOperatorName, numbers.LookupFieldQualityScore, numbers.LookupFieldSIMSwap, numbers.LookupFieldCallerName,
		numbers.LookupFieldCNAM, numbers.LookupFieldIdentityMatch, numbers.LookupFieldCallForwarding, numbers.LookupFieldReputation,
		numbers.RoutingModeInline, numbers.CNAMStatusComingSoon, numbers.DataPackageStatusAvailable, numbers.DataPackageStatusComingSoon,
		numbers.DataPackageStatusNotImplemented, numbers.DataPackageStatusError, numbers.CNAMStatusPending, numbers.CNAMStatusSubmitted, numbers.CNAMStatusActive,
		numbers.CNAMStatusFailed, numbers.WarmingPhaseInitial, numbers.WarmingPhaseRamp, numbers.WarmingPhaseSteady, numbers.WarmingPhaseVerified,
	} {
		assert.True(t, known.Known(), known)
		fresh := reflect.New(reflect.TypeOf(known)).Elem()
		fresh.SetString("brand_new")
		assert.False(t, fresh.Interface().(word).Known(), "%T", known)
	}
	n, err := answering(t, http.StatusOK, `{"id":"a","type":"orbital","status":"dreaming","release_status":"maybe","capabilities":["smell"]}`).
		Get(t.Context(), "a")
	require.NoError(t, err)
	encoded, err := json.Marshal(n)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"a","type":"orbital","status":"dreaming","release_status":"maybe","capabilities":["smell"]}`, string(encoded))
}

// TestPurchaseWithNumberID takes the name that a guide gives to the ID of a number
// that was bought, and paid for.
func TestPurchaseWithNumberID(t *testing.T) { // ERR-7
	t.Parallel()
	bought, err := answering(t, http.StatusOK, `{"data":{"number_id":"num_1","number":"+14155550100"}}`).
		Purchase(t.Context(), numbers.PurchaseParams{PhoneNumber: aNumber})
	require.NoError(t, err)
	assert.Equal(t, "num_1", bought.ID)
}

// TestPurchaseWithoutID is an error: nobody could say what was bought.
func TestPurchaseWithoutID(t *testing.T) { // ERR-7
	t.Parallel()
	for _, body := range []string{`{"data":{"number":"+14155552671"}}`, `{"data":null}`, `{"data":{"id":""}}`, "", "<html>"} {
		_, err := answering(t, http.StatusOK, body).Purchase(t.Context(), numbers.PurchaseParams{PhoneNumber: aNumber})
		var unreadable *orbit.DecodeError
		require.ErrorAs(t, err, &unreadable, body)
		assert.True(t, orbit.MaybeSent(err))
		assert.NotEmpty(t, unreadable.IdempotencyKey, "to repeat it with")
	}
	n, err := answering(t, http.StatusOK, `{"data":{"id":"num_1","status":"pending_compliance"}}`).
		Purchase(t.Context(), numbers.PurchaseParams{PhoneNumber: aNumber})
	require.NoError(t, err)
	assert.Equal(t, numbers.StatusPendingCompliance, n.Status)
}

// TestSearchForms reads the answers of both generations.
func TestSearchForms(t *testing.T) { // FWD-1
	t.Parallel()
	want := numbers.AvailableNumber{
		ID: "did_1", PhoneNumber: "+14155552671", Country: "US", Type: numbers.TypeLocal, Region: "CA",
		Capabilities: []numbers.Capability{"sms"}, MonthlyCost: "1.10", Currency: "USD", SMSTwoWay: orbit.Ptr(false),
	}
	rest := `"country":"US","type":"local","region":"CA","capabilities":["sms"],"currency":"USD","sms_two_way":false}`
	older := `{"id":"did_1","number":"+14155552671","monthly_cost":"1.10",` + rest
	newer := `{"id":"did_1","phoneNumber":"+14155552671","monthlyRate":1.10,` + rest
	for name, body := range map[string]string{
		"older":          `{"data":[` + older + `],"meta":{"request_id":"req_1"}}`,
		"newer":          `{"data":{"numbers":[` + newer + `]},"meta":{"request_id":"req_1"}}`,
		"newer, no meta": `{"data":{"numbers":[` + newer + `]}}`,
		"bare":           `[` + older + `]`,
	} {
		page, err := answering(t, http.StatusOK, body).Search(t.Context(), numbers.SearchParams{Country: "US"})
		require.NoError(t, err, name)
		require.Len(t, page.Items, 1, name)
		got := page.Items[0]
		got.Info = nil
		assert.Equal(t, want, got, name)
		assert.False(t, page.HasMore, name)
	}
	page, err := answering(t, http.StatusOK, `{"data":{"numbers":[]}}`).Search(t.Context(), numbers.SearchParams{Country: "US"})
	require.NoError(t, err)
	assert.Empty(t, page.Items)
}

// TestOpenAnswers keeps what is not documented as it came.
func TestOpenAnswers(t *testing.T) { // FWD-5
	t.Parallel()
	page, err := answering(t, http.StatusOK, `{"data":[{"country":"US","counts":{"local":9007199254740993}},{"country_code":"GB"},{}]}`).
		ListCountries(t.Context())
	require.NoError(t, err)
	require.Len(t, page.Items, 3)
	assert.Equal(t, "US", page.Items[0].Country)
	assert.Equal(t, map[string]any{"local": json.Number("9007199254740993")}, page.Items[0].Fields["counts"])
	assert.Equal(t, "GB", page.Items[1].Country)
	assert.Empty(t, page.Items[2].Country)

	for _, data := range []string{`{"local": {"sms": 12.50}}`, `[{"country": "US"}]`} {
		counts, err := answering(t, http.StatusOK, `{"data":`+data+`}`).GetCountryCapabilities(t.Context(), numbers.GetCountryCapabilitiesParams{})
		require.NoError(t, err)
		assert.Equal(t, data, string(counts.Raw))
		health, err := answering(t, http.StatusOK, `{"data":`+data+`,"meta":{"request_id":"req_1"}}`).GetHealth(t.Context(), "num_1")
		require.NoError(t, err)
		assert.Equal(t, data, string(health.Raw))
		assert.Equal(t, "req_1", health.RequestID())
	}
}

// TestWritesWithoutAnAnswer succeed, with nothing but the answer's metadata.
func TestWritesWithoutAnAnswer(t *testing.T) { // ERR-1
	t.Parallel()
	writes := []string{
		"Update", "SetRouting", "SetAutoRenew", "ScheduleRelease", "Reassign", "EmergencyAddresses.Set", "CNAMs.Set", "CNAMs.Dispatch",
		"Release", "CancelScheduledRelease", "CNAMs.Delete",
	}
	warmings := []string{"GetWarming", "GetWarmingProgression"} // null for numbers that need none
	for _, c := range goldens() {
		if strings.HasPrefix(c.op, "Export") {
			continue // which have tests of their own
		}
		may := false
		for _, op := range append(writes, warmings...) {
			may = may || op == c.op
		}
		for body, status := range map[string]int{"": http.StatusNoContent, `{"data":null}`: http.StatusOK, "{}": http.StatusAccepted} {
			err := c.call(t.Context(), answering(t, status, body))
			assert.Equal(t, may, err == nil, "%s %q: %v", c.op, body, err)
		}
	}
	n, err := answering(t, http.StatusNoContent, "").Update(t.Context(), "num_1", numbers.UpdateParams{})
	require.NoError(t, err)
	assert.Empty(t, n.ID)
	assert.Equal(t, http.StatusNoContent, n.Info.StatusCode)
}

// TestPasswordIsNotPrinted shows the params of a routing without its password.
func TestPasswordIsNotPrinted(t *testing.T) { // SEC-2
	t.Parallel()
	routing, err := answering(t, http.StatusOK, `{"data":{"type":"sip_forward","config":{"mode":"inline","sipUri":"sip:a@b.example","sipUsername":"u","sipPassword":"canary"}}}`).
		SetRouting(t.Context(), "num_1", numbers.SetRoutingParams{Type: "x"})
	require.NoError(t, err)
	assert.Equal(t, orbit.Secret("canary"), routing.Config.SIPPassword)
	assert.Equal(t, "sip:a@b.example", routing.Config.SIPURI)
	assert.Equal(t, "u", routing.Config.SIPUsername)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, sprintf(format, *routing), "canary")
	}
}
