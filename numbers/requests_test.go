package numbers_test

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// golden is a call and the exact request that is sent for it.
type golden struct {
	op, name string
	call     operation
	method   string
	path     string // the template: {id} is id_1, {e164} is %2B14155552671
	query    string
	body     string
}

// goldens are all operations, each with the fewest and with all params.
func goldens() []golden {
	return slices.Concat(marketGoldens(), heldGoldens(), lookupGoldens(), partGoldens())
}

type svc = numbers.Service

func marketGoldens() []golden {
	countries := func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
		_, err := s.ListCountries(ctx, opts...)
		return err
	}
	return []golden{
		{"Search", "minimal", whole((*svc).Search, numbers.SearchParams{Country: "US"}), "GET", "/numbers/available", "country=US", ""},
		{
			"Search", "full",
			whole((*svc).Search, numbers.SearchParams{
				Country: "US", Type: numbers.TypeTollFree, Capabilities: []numbers.Capability{numbers.CapabilitySMS, numbers.CapabilityVoice},
				AreaCode: "800", Contains: "55", Limit: 500,
			}),
			"GET", "/numbers/available", "area_code=800&capabilities=sms%2Cvoice&contains=55&country=US&limit=500&type=toll_free", "",
		},
		{"ListCountries", "", countries, "GET", "/numbers/available/countries", "", ""},
		{
			"GetCountryCapabilities", "minimal", whole((*svc).GetCountryCapabilities, numbers.GetCountryCapabilitiesParams{}),
			"GET", "/numbers/country-capabilities", "", "",
		},
		{
			"GetCountryCapabilities", "full", whole((*svc).GetCountryCapabilities, numbers.GetCountryCapabilitiesParams{Country: "GB"}),
			"GET", "/numbers/country-capabilities", "country=GB", "",
		},
		{
			"Purchase", "minimal", whole((*svc).Purchase, numbers.PurchaseParams{PhoneNumber: aNumber}),
			"POST", "/numbers/purchase", "", `{"number":"+14155550100"}`,
		},
		{
			"Purchase", "full",
			whole((*svc).Purchase, numbers.PurchaseParams{
				PhoneNumber: "+44205550100", Country: "GB", Capabilities: []numbers.Capability{numbers.CapabilityWhatsApp, numbers.CapabilityRCS},
				ComplianceProfileID: "cp_1", ProviderBundleID: "bun_1", FriendlyName: "Desk", SMSWebhookURL: "https://example.com/s",
				VoiceWebhookURL: "https://example.com/v", AgentID: "agt_1",
			}),
			"POST", "/numbers/purchase", "",
			`{"number":"+44205550100","country_code":"GB","capabilities":["whatsapp","rcs"],"compliance_profile_id":"cp_1",` +
				`"provider_bundle_id":"bun_1","friendly_name":"Desk","sms_webhook_url":"https://example.com/s",` +
				`"voice_webhook_url":"https://example.com/v","agent_id":"agt_1"}`,
		},
		{ // NUM-3, ERG-2
			"Purchase", "short code", whole((*svc).Purchase, numbers.PurchaseParams{PhoneNumber: "72600", Capabilities: []numbers.Capability{}}),
			"POST", "/numbers/purchase", "", `{"number":"72600"}`,
		},
	}
}

func heldGoldens() []golden {
	const one, release = "/numbers/{id}", "/numbers/{id}/scheduled-release"
	export := func(params numbers.ExportParams) operation {
		return func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
			_, err := s.Export(ctx, params, io.Discard, opts...)
			return err
		}
	}
	exportRows := func(params numbers.ExportRowsParams) operation {
		return func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
			_, err := orbit.Collect(s.ExportRows(ctx, params, opts...), 10)
			return err
		}
	}
	newYork := time.FixedZone("EDT", -4*3600)
	return []golden{
		{"List", "minimal", whole((*svc).List, numbers.ListParams{}), "GET", "/numbers", "", ""},
		{
			"List", "full",
			whole((*svc).List, numbers.ListParams{Cursor: "cur_1=", Limit: 200, Status: numbers.StatusParked, Country: "GB", Search: "a b"}),
			"GET", "/numbers", "country_code=GB&cursor=cur_1%3D&limit=200&search=a+b&status=parked", "",
		},
		{"Get", "", on(top, (*svc).Get), "GET", one, "", ""},
		{"Update", "nothing", with(top, (*svc).Update, numbers.UpdateParams{}), "PUT", one, "", `{}`},
		{
			"Update", "full",
			with(top, (*svc).Update, numbers.UpdateParams{
				FriendlyName: orbit.Set("Desk"), SMSWebhookURL: orbit.Set("https://example.com/s"), VoiceWebhookURL: orbit.Set("https://example.com/v"),
				AgentID: orbit.Set("agt_1"),
			}),
			"PUT", one, "",
			`{"friendly_name":"Desk","sms_webhook_url":"https://example.com/s","voice_webhook_url":"https://example.com/v","agent_id":"agt_1"}`,
		},
		{ // ERG-2
			"Update", "empty",
			with(top, (*svc).Update, numbers.UpdateParams{
				FriendlyName: orbit.Set(""), SMSWebhookURL: orbit.Set(""), VoiceWebhookURL: orbit.Set(""), AgentID: orbit.Set(""),
			}),
			"PUT", one, "", `{"friendly_name":"","sms_webhook_url":"","voice_webhook_url":"","agent_id":""}`,
		},
		{ // ERG-2
			"Update", "nulls",
			with(top, (*svc).Update, numbers.UpdateParams{
				FriendlyName: orbit.Null[string](), SMSWebhookURL: orbit.Null[string](), VoiceWebhookURL: orbit.Null[string](), AgentID: orbit.Null[string](),
			}),
			"PUT", one, "", `{"friendly_name":null,"sms_webhook_url":null,"voice_webhook_url":null,"agent_id":null}`,
		},
		{
			"SetRouting", "minimal",
			with(top, (*svc).SetRouting, numbers.SetRoutingParams{
				Type: numbers.RoutingTypeSIPForward, Config: numbers.RoutingConfig{SIPURI: "sip:desk@pbx.example.com"},
			}),
			"PUT", one + "/routing", "", `{"type":"sip_forward","config":{"mode":"inline","sipUri":"sip:desk@pbx.example.com"}}`,
		},
		{
			"SetRouting", "full",
			with(top, (*svc).SetRouting, numbers.SetRoutingParams{
				Type: numbers.RoutingTypeSIPForward,
				Config: numbers.RoutingConfig{
					Mode: "inline", SIPURI: "sip:desk@pbx.example.com", SIPUsername: "desk", SIPPassword: "a secret",
				},
			}),
			"PUT", one + "/routing", "",
			`{"type":"sip_forward","config":{"mode":"inline","sipUri":"sip:desk@pbx.example.com","sipUsername":"desk","sipPassword":"a secret"}}`,
		},
		{
			"SetRouting", "another mode",
			with(top, (*svc).SetRouting, numbers.SetRoutingParams{
				Type: numbers.RoutingTypeSIPForward, Config: numbers.RoutingConfig{Mode: "registered", SIPURI: "sip:a@b.example"},
			}),
			"PUT", one + "/routing", "", `{"type":"sip_forward","config":{"mode":"registered","sipUri":"sip:a@b.example"}}`,
		},
		{
			"SetRouting", "another kind", with(top, (*svc).SetRouting, numbers.SetRoutingParams{Type: "voicemail"}),
			"PUT", one + "/routing", "", `{"type":"voicemail"}`,
		},
		{"Release", "", act(top, (*svc).Release), "DELETE", one, "", ""},
		{
			"SetAutoRenew", "on", with(top, (*svc).SetAutoRenew, numbers.SetAutoRenewParams{AutoRenew: true}),
			"PATCH", one + "/auto-renew", "", `{"auto_renew":true}`,
		},
		{ // ERG-2
			"SetAutoRenew", "off", with(top, (*svc).SetAutoRenew, numbers.SetAutoRenewParams{}),
			"PATCH", one + "/auto-renew", "", `{"auto_renew":false}`,
		},
		{ // FWD-4
			"ScheduleRelease", "whole seconds in another zone",
			with(top, (*svc).ScheduleRelease, numbers.ScheduleReleaseParams{ReleaseAt: time.Date(2999, 3, 8, 8, 0, 0, 0, newYork)}),
			"PUT", release, "", `{"release_at":"2999-03-08T12:00:00.000Z"}`,
		},
		{
			"ScheduleRelease", "nanoseconds",
			with(top, (*svc).ScheduleRelease, numbers.ScheduleReleaseParams{ReleaseAt: time.Date(2999, 3, 8, 12, 0, 0, 7_999_999, time.UTC)}),
			"PUT", release, "", `{"release_at":"2999-03-08T12:00:00.007Z"}`,
		},
		{"GetScheduledRelease", "", on(top, (*svc).GetScheduledRelease), "GET", release, "", ""},
		{"CancelScheduledRelease", "", act(top, (*svc).CancelScheduledRelease), "DELETE", release, "", ""},
		{
			"Reassign", "", with(top, (*svc).Reassign, numbers.ReassignParams{TargetOrgID: "org_2"}),
			"POST", one + "/reassign", "", `{"target_org_id":"org_2"}`,
		},
		{"Export", "minimal", export(numbers.ExportParams{}), "GET", "/numbers/export", "", ""},
		{
			"Export", "full",
			export(numbers.ExportParams{Format: numbers.ExportFormatJSON, Status: numbers.StatusActive, Country: "US", Search: "desk"}),
			"GET", "/numbers/export", "country_code=US&format=json&search=desk&status=active", "",
		},
		{"ExportRows", "minimal", exportRows(numbers.ExportRowsParams{}), "GET", "/numbers/export", "format=json", ""},
		{
			"ExportRows", "full", exportRows(numbers.ExportRowsParams{Status: numbers.StatusActive, Country: "US", Search: "desk"}),
			"GET", "/numbers/export", "country_code=US&format=json&search=desk&status=active", "",
		},
		{"GetWarming", "", on(top, (*svc).GetWarming), "GET", one + "/warming", "", ""},
		{"GetWarmingProgression", "", on(top, (*svc).GetWarmingProgression), "GET", one + "/warming/progression", "", ""},
		{"GetHealth", "", on(top, (*svc).GetHealth), "GET", one + "/health", "", ""},
		{"GetReputation", "", on(top, (*svc).GetReputation), "GET", one + "/reputation", "", ""},
	}
}

func lookupGoldens() []golden {
	lookup := func(fields ...numbers.LookupField) operation {
		return func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
			_, err := s.Lookup(ctx, "+14155552671", numbers.LookupParams{Fields: fields}, opts...)
			return err
		}
	}
	return []golden{
		{
			"LookupBasic", "", whole((*svc).LookupBasic, numbers.LookupBasicParams{PhoneNumber: "(415) 555-2671"}),
			"POST", "/numbers/lookup", "", `{"phone":"(415) 555-2671"}`,
		},
		{"Lookup", "minimal", lookup(), "GET", "/numbers/lookup/{e164}", "", ""},
		{
			"Lookup", "full", lookup(
				numbers.LookupFieldLineType, numbers.LookupFieldOperatorName, numbers.LookupFieldQualityScore, numbers.LookupFieldSIMSwap, numbers.LookupFieldCallerName,
				numbers.LookupFieldCNAM, numbers.LookupFieldIdentityMatch, numbers.LookupFieldCallForwarding, numbers.LookupFieldReputation),
			"GET", "/numbers/lookup/{e164}",
			"fields=line_type_intelligence%2Coperator_name%2Cphone_number_quality_score%2Csim_swap%2Ccaller_name%2Ccnam" +
				"%2Cidentity_match%2Ccall_forwarding%2Cnumber_reputation", "",
		},
		{
			"LookupBulk", "", whole((*svc).LookupBulk, numbers.LookupBulkParams{PhoneNumbers: []string{"+14155552672", "x", "+14155552671"}}),
			"POST", "/numbers/bulk-lookup", "", `{"numbers":["+14155552672","x","+14155552671"]}`,
		},
	}
}

func partGoldens() []golden {
	const address, name = "/numbers/{id}/emergency-address", "/numbers/{id}/cnam"
	type places = numbers.EmergencyAddresses
	type names = numbers.CNAMs
	place := numbers.SetEmergencyAddressParams{Line1: "1 Main St", City: "San Francisco", PostalCode: "94105", Country: "US"}
	full := place
	full.Region = "CA"
	return []golden{
		{"EmergencyAddresses.Get", "", on(emergency, (*places).Get), "GET", address, "", ""},
		{
			"EmergencyAddresses.Set", "minimal", with(emergency, (*places).Set, place), "PUT", address, "",
			`{"line1":"1 Main St","city":"San Francisco","postal_code":"94105","country":"US"}`,
		},
		{
			"EmergencyAddresses.Set", "full", with(emergency, (*places).Set, full), "PUT", address, "",
			`{"line1":"1 Main St","city":"San Francisco","region":"CA","postal_code":"94105","country":"US"}`,
		},
		{"EmergencyAddresses.Verify", "", on(emergency, (*places).Verify), "POST", address + "/verify", "", ""},
		{"CNAMs.Get", "", on(cnam, (*names).Get), "GET", name, "", ""},
		{"CNAMs.Set", "", with(cnam, (*names).Set, numbers.SetCNAMParams{DisplayName: "ACME"}), "PUT", name, "", `{"display_name":"ACME"}`},
		{"CNAMs.Delete", "", act(cnam, (*names).Delete), "DELETE", name, "", ""},
		{"CNAMs.Dispatch", "", on(cnam, (*names).Dispatch), "POST", name + "/dispatch", "", ""},
		{"CNAMs.Dip", "", on(cnam, (*names).Dip), "GET", name + "/dip", "", ""},
	}
}

// TestRequests compares what each operation sends with the contract: name, HTTP
// method, path, query, body and headers.
func TestRequests(t *testing.T) { // ERG-2, ERG-5, RET-1, HTTP-5
	t.Parallel()
	for _, c := range goldens() {
		t.Run(c.op+" "+c.name, func(t *testing.T) {
			t.Parallel()
			path := strings.NewReplacer("{id}", "id_1", "{e164}", "%2B14155552671").Replace(c.path)
			mock := newMock(t)
			var got request
			mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
			var seen []orbit.CallEvent
			observer := orbit.Observer{CallDone: func(_ context.Context, e orbit.CallEvent) { seen = append(seen, e) }}

			require.NoError(t, c.call(t.Context(), newService(t, mock, orbit.WithObserver(observer))))

			assert.Equal(t, c.method, got.method)
			assert.Equal(t, "/api/v1"+path, got.path)
			assert.Equal(t, c.query, got.query)
			assert.Equal(t, c.body, got.body)
			assert.Equal(t, apiKey, got.header.Get("X-API-Key"))
			contentType := ""
			if c.body != "" {
				contentType = "application/json"
			}
			assert.Equal(t, contentType, got.header.Get("Content-Type"))
			require.Len(t, seen, 1)
			assert.Equal(t, "Numbers."+c.op, seen[0].Op)
			assert.Equal(t, c.path, seen[0].Route)
			// What bills spells the header so that net/http does not repeat it.
			keyed := got.header["Idempotency-Key"] != nil
			if c.op == "LookupBasic" || c.op == "LookupBulk" {
				keyed = got.header["Idempotency-key"] != nil //nolint:staticcheck // the spelling is the point
			}
			assert.Equal(t, c.method != http.MethodGet, keyed)
		})
	}
}

// TestRepeats sees each operation fail with a fate that is not known. What bills
// is not repeated, what reads is, and what writes is under the same key.
func TestRepeats(t *testing.T) { // RET-1, RET-2, RET-3, RET-9
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billed := []string{"Lookup", "LookupBasic", "LookupBulk", "CNAMs.Dip"}
		for _, c := range goldens() {
			mock := newMock(t)
			var got [2]request
			mock.RegisterNoResponder(record(&got[0], http.StatusBadGateway, "<html>").Then(record(&got[1], http.StatusOK, accepted)))
			var opts []orbit.CallOption
			var want []string
			if c.method != http.MethodGet {
				opts, want = append(opts, orbit.WithIdempotencyKey("job-4711")), []string{"job-4711"}
			}
			err := c.call(t.Context(), newService(t, mock), opts...)
			if slices.Contains(billed, c.op) {
				require.Error(t, err, c.op)
				assert.True(t, orbit.MaybeSent(err), c.op)
				assert.Empty(t, got[1].path, c.op)
				continue
			}
			require.NoError(t, err, c.op)
			assert.Equal(t, got[0], got[1], c.op)
			assert.Equal(t, want, got[0].header["Idempotency-Key"], c.op)
		}
	})
}

// TestBilledPostsAreRepeatedWhenAsked leaves it to who knows that keys are
// honoured. A billed GET has no key that would be.
func TestBilledPostsAreRepeatedWhenAsked(t *testing.T) { // RET-3
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range slices.Concat(lookupGoldens(), partGoldens()) {
			if !slices.Contains([]string{"Lookup", "LookupBasic", "LookupBulk", "CNAMs.Dip"}, c.op) {
				continue
			}
			mock := newMock(t)
			mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusBadGateway, "").Then(httpmock.NewStringResponder(http.StatusOK, accepted)))
			err := c.call(t.Context(), newService(t, mock), orbit.WithRetry(orbit.RetryDefault))
			assert.Equal(t, c.method == http.MethodPost, err == nil, c.op)
		}
	})
}

// TestTheFakeKnowsEveryField sends everything to an Orbit in memory, which fails
// the test for a field or path that the contract does not have.
func TestTheFakeKnowsEveryField(t *testing.T) {
	t.Parallel()
	for _, c := range goldens() {
		server := orbittest.New(t)
		server.AddNumber(orbittest.Number{ID: "id_1", PhoneNumber: "+14155550177"})
		err := c.call(t.Context(), server.Client().Numbers)
		assert.Len(t, server.Requests(c.method+" "+c.path), 1, "%s %s", c.op, c.name)
		switch c.op + " " + c.name {
		case "List full":
			require.ErrorIs(t, err, orbit.CodeInvalidCursor)
		case "CNAMs.Get ", "CNAMs.Delete ", "CNAMs.Dispatch ", "CancelScheduledRelease ", "EmergencyAddresses.Verify ":
			require.ErrorIs(t, err, orbit.ErrNotFound, c.op) // nothing was set before
		default:
			require.NoError(t, err, "%s %s", c.op, c.name)
		}
	}
}

// TestGoldensAreComplete proves that the tables leave no operation out: those of
// the iterators are those of List.
func TestGoldensAreComplete(t *testing.T) { // CTX-1
	t.Parallel()
	var methods, tested []string
	for prefix, service := range map[string]reflect.Type{
		"": reflect.TypeFor[*numbers.Service](), "EmergencyAddresses.": reflect.TypeFor[*numbers.EmergencyAddresses](),
		"CNAMs.": reflect.TypeFor[*numbers.CNAMs](),
	} {
		for i := range service.NumMethod() {
			if name := service.Method(i).Name; name != "All" && name != "Pages" {
				methods = append(methods, prefix+name)
			}
		}
	}
	for _, c := range goldens() {
		if !slices.Contains(tested, c.op) {
			tested = append(tested, c.op)
		}
	}
	assert.ElementsMatch(t, methods, tested)
}
