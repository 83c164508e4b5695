package orbittest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// aNumber is one that the inventory has.
const aNumber = "+14155550100"

// buy buys a number and returns its ID.
func buy(t testing.TB, s *orbittest.Server) string {
	t.Helper()
	a := do(t, s, "POST", "/numbers/purchase", `{"number":"`+aNumber+`"}`)
	require.Equal(t, 201, a.status, a.raw)
	return a.id()
}

// TST-2: a number is searched for, bought, listed and given back, and can be had
// again.
func TestNumberFromSearchToRelease(t *testing.T) {
	s := full(t)
	offers := func() []any {
		return do(t, s, "GET", "/numbers/available?country=US&area_code=415&limit=2", "").at("data.numbers").([]any)
	}
	first := offers()[0].(map[string]any)
	assert.Equal(t, map[string]any{
		"id": "did_14155550100", "phoneNumber": aNumber, "country": "US", "type": "local", "region": "415",
		"capabilities": []any{"sms", "voice", "mms", "whatsapp"}, "monthlyRate": 1.15, "currency": "USD", "sms_two_way": true,
	}, first)

	id := buy(t, s)
	assert.Equal(t, "+14155550101", offers()[0].(map[string]any)["phoneNumber"], "what was bought is not offered")
	again := do(t, s, "POST", "/numbers/purchase", `{"number":"`+aNumber+`"}`)
	assert.Equal(t, 409, again.status)
	assert.Equal(t, []string{id}, do(t, s, "GET", "/numbers", "").ids())
	got := do(t, s, "GET", "/numbers/"+id, "")
	assert.Equal(t, aNumber, got.at("data.number"))
	assert.Equal(t, "purchased", got.at("data.status"))
	assert.Equal(t, true, got.at("data.auto_renew"))

	assert.Equal(t, 204, do(t, s, "DELETE", "/numbers/"+id, "").status)
	assert.Equal(t, "released", do(t, s, "GET", "/numbers/"+id, "").at("data.status"))
	assert.Equal(t, 409, do(t, s, "DELETE", "/numbers/"+id, "").status)
	assert.Equal(t, aNumber, offers()[0].(map[string]any)["phoneNumber"], "it can be had again")
	assert.NotEqual(t, id, buy(t, s))
	assert.Len(t, s.Numbers(), 2)
}

// RET-1, RET-9: the same key buys once.
func TestNumberIsBoughtOnce(t *testing.T) {
	s := orbittest.New(t)
	for range 2 {
		a := do(t, s, "POST", "/numbers/purchase", `{"number":"`+aNumber+`","friendly_name":"Desk"}`, aKey, "job-0001")
		assert.Equal(t, 201, a.status)
	}
	require.Len(t, s.Numbers(), 1)
	n := s.Numbers()[0]
	assert.Equal(t, "Desk", n.FriendlyName)
	assert.Equal(t, "job-0001", n.IdempotencyKey)
	assert.Equal(t, []api.NumberCapability{"sms", "voice", "mms", "whatsapp"}, n.Capabilities)
}

func TestPurchaseNeedsItsCountry(t *testing.T) {
	const london = `{"number":"+44205550100"`
	s := orbittest.New(t)
	a := do(t, s, "POST", "/numbers/purchase", london+`}`)
	assert.Equal(t, 422, a.status, "the default is the US")
	assert.Equal(t, "number", a.at("error.details.field"))
	assert.Equal(t, "GB", do(t, s, "POST", "/numbers/purchase", london+`,"country_code":"GB"}`).at("data.country"))

	older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	a = do(t, older, "POST", "/numbers/purchase", london+`}`)
	assert.Equal(t, "GB", a.at("data.country"))
	assert.Equal(t, "+44205550100", a.at("data.number"))
	assert.Equal(t, "1.15", a.at("data.monthly_cost"))
	assert.Equal(t, 422, do(t, older, "POST", "/numbers/purchase", `{"number":"+999"}`).status)
}

func TestPurchaseWithoutPapers(t *testing.T) {
	s := orbittest.New(t)
	a := do(t, s, "POST", "/numbers/purchase", `{"number":"+49305550100","country_code":"DE"}`)
	assert.Equal(t, "pending_compliance", a.at("data.status"))
	s.SetNumberStatus(a.id(), "active")
	assert.Equal(t, "active", do(t, s, "GET", "/numbers/"+a.id(), "").at("data.status"))
	for i, papers := range []string{"compliance_profile_id", "provider_bundle_id"} {
		a = do(t, s, "POST", "/numbers/purchase", `{"number":"+4930555010`+string(rune('1'+i))+`","country_code":"DE","`+papers+`":"x"}`)
		assert.Equal(t, "purchased", a.at("data.status"))
	}
}

func TestSearchFilters(t *testing.T) {
	s := orbittest.New(t)
	count := func(query string) int {
		a := do(t, s, "GET", "/numbers/available?"+query, "")
		require.Equal(t, 200, a.status, a.raw)
		return len(a.at("data.numbers").([]any))
	}
	assert.Equal(t, 25, count("country=US"))
	assert.Equal(t, 500, count("country=US&limit=500"))
	assert.Equal(t, 100, count("country=US&limit=500&area_code=212"))
	assert.Equal(t, 1, count("country=US&limit=500&contains=2125550142"))
	assert.Equal(t, 200, count("country=US&limit=500&type=toll_free"))
	assert.Equal(t, 300, count("country=US&limit=500&capabilities=sms,mms"))
	assert.Zero(t, count("country=US&limit=500&capabilities=sms,mms&type=toll_free"))
	assert.Equal(t, 100, count("country=US&limit=500&type=short_code"))
	assert.Equal(t, 100, count("country=GB&limit=500&type=mobile"))
	assert.Zero(t, count("country=DE&type=short_code"))
	assert.Zero(t, count("country=AQ"))
	for _, query := range []string{"", "country=usa", "country=US&type=satellite", "country=US&capabilities=sms,smell", "country=US&limit=501", "country=US&area_code=x"} {
		assert.Equal(t, 422, do(t, s, "GET", "/numbers/available?"+query, "").status, query)
	}
	older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	row := do(t, older, "GET", "/numbers/available?country=US", "").at("data").([]any)[0].(map[string]any)
	assert.Equal(t, aNumber, row["number"])
	assert.Equal(t, "1.15", row["monthly_cost"])
}

func TestCountries(t *testing.T) {
	s := orbittest.New(t)
	buy(t, s)
	us := do(t, s, "GET", "/numbers/available/countries", "").at("data").([]any)[0]
	assert.Equal(t, map[string]any{"country": "US", "local": 299., "toll_free": 200., "mobile": 0., "short_code": 100.}, us)
	rows := do(t, s, "GET", "/numbers/country-capabilities?country=US", "").at("data").([]any)
	require.Len(t, rows, 1)
	assert.Equal(t, map[string]any{"sms": 299., "voice": 299., "mms": 299., "whatsapp": 299.}, rows[0].(map[string]any)["line_types"].(map[string]any)["local"])
	assert.Len(t, do(t, s, "GET", "/numbers/country-capabilities", "").at("data"), 6)
}

func TestNumberUpdate(t *testing.T) {
	s := orbittest.New(t)
	id := buy(t, s)
	a := do(t, s, "PUT", "/numbers/"+id,
		`{"friendly_name":"Desk","sms_webhook_url":"https://example.com/s","voice_webhook_url":"https://example.com/v","agent_id":"agt_1"}`)
	assert.Equal(t, "Desk", a.at("data.friendly_name"))
	assert.Equal(t, "active", a.at("data.status"))
	assert.NotEmpty(t, a.at("data.assigned_at"))

	do(t, s, "PUT", "/numbers/"+id, `{"agent_id":null,"sms_webhook_url":""}`)
	n := s.Numbers()[0]
	assert.Equal(t, "Desk", n.FriendlyName, "what is not given stays")
	assert.Equal(t, "https://example.com/v", n.VoiceWebhookURL)
	assert.Empty(t, n.AgentID+n.SMSWebhookURL)
	assert.Equal(t, api.NumberStatusPurchased, n.Status)
	assert.Equal(t, "INVALID_WEBHOOK_URL", do(t, s, "PUT", "/numbers/"+id, `{"sms_webhook_url":"http://x"}`).code())
}

func TestNumberAutoRenew(t *testing.T) {
	s := orbittest.New(t)
	id := buy(t, s)
	a := do(t, s, "PATCH", "/numbers/"+id+"/auto-renew", `{"auto_renew":false}`)
	assert.Equal(t, false, a.at("data.auto_renew"))
	assert.Nil(t, a.at("data.next_billing_at"))
	assert.False(t, s.Numbers()[0].AutoRenew)
	assert.Equal(t, "MISSING_REQUIRED_FIELD", do(t, s, "PATCH", "/numbers/"+id+"/auto-renew", `{}`).code())
}

func TestNumberRouting(t *testing.T) {
	s := orbittest.New(t)
	id := buy(t, s)
	path := "/numbers/" + id + "/routing"
	a := do(t, s, "PUT", path, `{"type":"sip_forward","config":{"mode":"inline","sipUri":"sip:a@example.com","sipUsername":"u","sipPassword":"canary"}}`)
	assert.Equal(t, map[string]any{"mode": "inline", "sipUri": "sip:a@example.com", "sipUsername": "u", "sipPassword": "[redacted]"}, a.at("data.config"))
	assert.Equal(t, api.NumberStatusActive, s.Numbers()[0].Status)
	assert.Equal(t, "config.sipUri", do(t, s, "PUT", path, `{"type":"sip_forward","config":{"mode":"inline"}}`).at("error.details.field"))
	assert.Equal(t, "config.mode", do(t, s, "PUT", path, `{"type":"sip_forward"}`).at("error.details.field"))
	assert.Equal(t, 200, do(t, s, "PUT", path, `{"type":"another"}`).status)
}

// The release comes by itself, by the server's clock.
func TestScheduledRelease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		id := buy(t, s)
		path := "/numbers/" + id + "/scheduled-release"
		assert.Nil(t, do(t, s, "GET", path, "").at("data.release_at"))
		assert.Equal(t, 404, do(t, s, "DELETE", path, "").status)

		a := do(t, s, "PUT", path, `{"release_at":"2000-01-02T00:00:00.000Z"}`)
		assert.Equal(t, "2000-01-02T00:00:00.000Z", a.at("data.release_at"))
		assert.Equal(t, "pending", do(t, s, "GET", "/numbers/"+id, "").at("data.release_status"))
		assert.Equal(t, 204, do(t, s, "DELETE", path, "").status)
		assert.Nil(t, do(t, s, "GET", "/numbers/"+id, "").at("data.release_status"))

		do(t, s, "PUT", path, `{"release_at":"2000-01-02T00:00:00.000Z"}`)
		time.Sleep(24*time.Hour - time.Millisecond)
		assert.Equal(t, api.NumberStatusPurchased, s.Numbers()[0].Status)
		time.Sleep(time.Millisecond)
		assert.Equal(t, api.NumberStatusReleased, s.Numbers()[0].Status)
		assert.Nil(t, do(t, s, "GET", "/numbers/"+id, "").at("data.next_billing_at"))
		assert.Equal(t, 409, do(t, s, "DELETE", path, "").status, "it is too late")

		s.SetNumberStatus(id, "released") // stays so
		for _, at := range []string{"2000-01-03T00:00:00Z", "2000-01-03T00:00:00.000+01:00", "tomorrow", "1999-01-01T00:00:00.000Z"} {
			other := s.AddNumber(orbittest.Number{PhoneNumber: "+1415555" + at[:4]})
			a := do(t, s, "PUT", "/numbers/"+other.ID+"/scheduled-release", `{"release_at":"`+at+`"}`)
			assert.Equal(t, 422, a.status, at)
			do(t, s, "DELETE", "/numbers/"+other.ID, "")
		}
	})
}

func TestNumberBilling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		id := buy(t, s)
		next := func() any { return do(t, s, "GET", "/numbers/"+id, "").at("data.next_billing_at") }
		assert.Equal(t, "2000-01-31T00:00:00.000Z", next())
		time.Sleep(31 * 24 * time.Hour)
		assert.Equal(t, "2000-03-01T00:00:00.000Z", next())
	})
}

func TestReassign(t *testing.T) {
	s := orbittest.New(t)
	id := buy(t, s)
	s.SetNumberStatus(id, "parked")
	assert.Equal(t, 409, do(t, s, "POST", "/numbers/"+id+"/reassign", `{"target_org_id":"org_2"}`).status)
	s.SetNumberStatus(id, "purchased")
	assert.Equal(t, id, do(t, s, "POST", "/numbers/"+id+"/reassign", `{"target_org_id":"org_2"}`).id())
	assert.Equal(t, 404, do(t, s, "GET", "/numbers/"+id, "").status, "it is another account's now")
	assert.Equal(t, 409, do(t, s, "POST", "/numbers/purchase", `{"number":"`+aNumber+`"}`).status, "and not for sale")
}

// The older generation answers nothing to a write.
func TestOlderWritesAnswerNothing(t *testing.T) {
	s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	id := buy(t, s)
	for _, w := range []struct{ method, path, body string }{
		{"PUT", "", `{"friendly_name":"x"}`},
		{"PATCH", "/auto-renew", `{"auto_renew":true}`},
		{"PUT", "/scheduled-release", `{"release_at":"2999-01-01T00:00:00.000Z"}`},
		{"PUT", "/emergency-address", `{"line1":"1 Main St","city":"X","postal_code":"94105","country":"US"}`},
		{"PUT", "/cnam", `{"display_name":"X"}`},
		{"POST", "/cnam/dispatch", ""},
		{"POST", "/reassign", `{"target_org_id":"o"}`},
	} {
		a := do(t, s, w.method, "/numbers/"+id+w.path, w.body)
		assert.Equal(t, 204, a.status, "%s %s: %s", w.method, w.path, a.raw)
		assert.Empty(t, a.raw)
	}
}

func TestAddNumber(t *testing.T) {
	s := orbittest.New(t)
	n := s.AddNumber(orbittest.Number{PhoneNumber: "+14155550177", Fields: map[string]any{"tags": []string{"a"}, "status": "brand_new"}})
	assert.Equal(t, n, s.Numbers()[0])
	a := do(t, s, "GET", "/numbers/"+n.ID, "")
	assert.Equal(t, []any{"a"}, a.at("data.tags"))
	assert.Equal(t, "brand_new", a.at("data.status"))
	assert.Equal(t, "US", n.Country)
	assert.Equal(t, []api.NumberCapability{"sms", "voice"}, n.Capabilities)

	tb := &fakeTB{}
	strict := orbittest.New(tb)
	strict.AddNumber(orbittest.Number{ID: "num_x", PhoneNumber: "+14155550177"})
	strict.AddNumber(orbittest.Number{PhoneNumber: "+14155550177"})
	assert.Equal(t, "orbittest: the ID num_1000001, or its phone number, is taken already", tb.fatal)
	strict.SetNumberStatus("nothing", "active")
	assert.Equal(t, "orbittest: there is no number with ID nothing", tb.fatal)
}

func TestNumberList(t *testing.T) {
	s := orbittest.New(t)
	for i := range 60 {
		s.AddNumber(orbittest.Number{PhoneNumber: "+141555501" + string([]byte{byte('0' + i/10), byte('0' + i%10)}), FriendlyName: "Desk"})
	}
	gb := s.AddNumber(orbittest.Number{PhoneNumber: "+447700900001", Country: "GB", Status: "parked"})
	assert.Len(t, do(t, s, "GET", "/numbers", "").ids(), 50)
	assert.Len(t, do(t, s, "GET", "/numbers?limit=200", "").ids(), 61)
	assert.Equal(t, []string{gb.ID}, do(t, s, "GET", "/numbers?country_code=GB", "").ids())
	assert.Equal(t, []string{gb.ID}, do(t, s, "GET", "/numbers?status=parked", "").ids())
	assert.Equal(t, []string{gb.ID}, do(t, s, "GET", "/numbers?search=900001", "").ids())
	assert.Len(t, do(t, s, "GET", "/numbers?search=desk&limit=100", "").ids(), 60)
}

// Every operation of the contract's page has a route.
func TestNumberOperationsOfTheContract(t *testing.T) {
	s := orbittest.New(t)
	for _, operation := range strings.Split(`GET /numbers/available,GET /numbers/available/countries,GET /numbers/country-capabilities,
POST /numbers/purchase,GET /numbers,GET /numbers/{id},PUT /numbers/{id},PUT /numbers/{id}/routing,DELETE /numbers/{id},
PATCH /numbers/{id}/auto-renew,PUT /numbers/{id}/scheduled-release,GET /numbers/{id}/scheduled-release,
DELETE /numbers/{id}/scheduled-release,POST /numbers/{id}/reassign,GET /numbers/export,POST /numbers/lookup,
GET /numbers/lookup/{e164},POST /numbers/bulk-lookup,GET /numbers/{id}/emergency-address,PUT /numbers/{id}/emergency-address,
POST /numbers/{id}/emergency-address/verify,PUT /numbers/{id}/cnam,GET /numbers/{id}/cnam,DELETE /numbers/{id}/cnam,
POST /numbers/{id}/cnam/dispatch,GET /numbers/{id}/cnam/dip,GET /numbers/{id}/warming,GET /numbers/{id}/warming/progression,
GET /numbers/{id}/health,GET /numbers/{id}/reputation`, ",") {
		operation = strings.TrimSpace(operation)
		method, path, _ := strings.Cut(operation, " ")
		a := do(t, s, method, strings.NewReplacer("{id}", "x", "{e164}", "x").Replace(path), "")
		assert.NotEqual(t, 405, a.status, operation)
		assert.NotEqual(t, "There is no such endpoint.", a.at("error.message"), operation)
		assert.Len(t, s.Requests(operation), 1, "the route is called by its template")
		if strings.Contains(path, "{id}") && method != "PUT" && method != "PATCH" && !strings.HasSuffix(path, "reassign") {
			assert.Equal(t, "NOT_FOUND", a.code(), operation)
		}
	}
}
