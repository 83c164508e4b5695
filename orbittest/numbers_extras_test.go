package orbittest_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

func TestExport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t, orbittest.WithExportLimit(2))
		do(t, s, "POST", "/numbers/purchase", `{"number":"`+aNumber+`","friendly_name":"a \"b\"\n, c","agent_id":"agt_1"}`)
		a := do(t, s, "GET", "/numbers/export", "")
		assert.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
		assert.Equal(t, "1", a.header.Get("X-Row-Count"))
		assert.Equal(t, `attachment; filename="phone-numbers-export-2000-01-01.csv"`, a.header.Get("Content-Disposition"))
		assert.Empty(t, a.header.Get("X-Truncated"))
		assert.Empty(t, a.header.Get("X-Truncated-At"))
		rows, err := csv.NewReader(strings.NewReader(a.raw)).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		assert.Equal(t, []string{"e164", "country_code", "area_code", "status", "number_type", "capabilities", "label"}, rows[0][:7])
		assert.Equal(t, []string{aNumber, "US", "415", "active", "local", "sms,voice,mms,whatsapp", "a \"b\"\n, c"}, rows[1][:7])
		assert.Contains(t, rows[1], "1.15")
		assert.Contains(t, rows[1], "2000-01-01T00:00:00.000Z")

		s.AddNumber(orbittest.Number{PhoneNumber: "+14155550177", Status: "parked"})
		s.AddNumber(orbittest.Number{PhoneNumber: "+14155550178", Country: "GB"})
		a = do(t, s, "GET", "/numbers/export?format=json&status=all", "")
		assert.Equal(t, "application/json", a.header.Get("Content-Type"))
		assert.Equal(t, "2", a.header.Get("X-Row-Count"))
		assert.Equal(t, "true", a.header.Get("X-Truncated"))
		assert.Equal(t, "2", a.header.Get("X-Truncated-At"))
		var items []map[string]any
		require.NoError(t, json.Unmarshal([]byte(a.raw), &items), "a bare array")
		require.Len(t, items, 2)
		assert.Equal(t, aNumber, items[0]["e164"], "oldest first")
		for _, query := range []string{"status=parked", "country_code=GB", "search=0178"} {
			assert.Equal(t, "1", do(t, s, "GET", "/numbers/export?"+query, "").header.Get("X-Row-Count"), query)
		}
		assert.Equal(t, 422, do(t, s, "GET", "/numbers/export?format=xml", "").status)
	})
	older := full(t, orbittest.WithGeneration(orbittest.Older))
	buy(t, older)
	assert.Contains(t, do(t, older, "GET", "/numbers/export?format=json", "").raw, `"monthly_cost":"1.15"`)
}

func TestLookups(t *testing.T) {
	s := orbittest.New(t)
	basic := func(phone string) any {
		return do(t, s, "POST", "/numbers/lookup", `{"phone":"`+phone+`"}`).at("data")
	}
	assert.Equal(t, map[string]any{"phoneNumber": "+447700555012", "valid": true, "country": "GB", "lineType": "mobile"}, basic("+447700555012"))
	assert.Equal(t, map[string]any{"phoneNumber": "+14155550100", "valid": true, "country": "US", "lineType": "local"}, basic("+14155550100"))
	assert.Equal(t, map[string]any{"phoneNumber": "call me", "valid": false}, basic("call me"))
	assert.Equal(t, map[string]any{"phoneNumber": "+99912345678", "valid": true, "lineType": "unknown"}, basic("+99912345678"))

	const path = "/numbers/lookup/%2B14155552671"
	a := do(t, s, "GET", path, "")
	assert.Equal(t, "(415) 555-2671", a.at("data.nationalFormat"))
	assert.Equal(t, "US", a.at("data.callingCountryCode"))
	assert.Equal(t, "yes", a.at("data.liveStatus"))
	assert.Equal(t, map[string]any{"swapped": nil, "lastSwapDate": nil, "riskLevel": "unknown"}, a.at("data.simSwap"), "nobody asked")
	assert.Equal(t, false, a.at("data.cached"))
	assert.Nil(t, a.at("data.dataPackages"))
	a = do(t, s, "GET", path+"?fields=sim_swap,call_forwarding,identity_match,caller_name,line_type_intelligence,phone_number_quality_score,cnam", "")
	assert.Equal(t, true, a.at("data.cached"), "somebody has looked before")
	assert.Equal(t, true, a.at("data.simSwap.swapped"))
	for name, status := range map[string]string{
		"sim_swap": "available", "call_forwarding": "coming_soon", "identity_match": "coming_soon", "caller_name": "not_implemented",
		"line_type_intelligence": "available", "phone_number_quality_score": "available", "cnam": "coming_soon",
	} {
		assert.Equal(t, status, a.at("data.dataPackages."+name+".status"), name)
	}
	assert.Equal(t, false, do(t, s, "GET", "/numbers/lookup/%2B14155552672?fields=sim_swap", "").at("data.simSwap.swapped"))
	assert.Nil(t, do(t, s, "GET", "/numbers/lookup/%2B14155552676?fields=sim_swap", "").at("data.simSwap.swapped"), "no provider has it")
	assert.Equal(t, "error", do(t, s, "GET", "/numbers/lookup/%2B14155552674?fields=operator_name", "").at("data.dataPackages.operator_name.status"))
	for _, fields := range []string{"CNAM,Sim_Swap,cnam", "%5B%22cnam%22,%22SIM_SWAP%22%5D"} {
		assert.Len(t, do(t, s, "GET", path+"?fields="+fields, "").at("data.dataPackages"), 2, fields)
	}

	assert.Equal(t, 400, do(t, s, "GET", path+"?fields=cnam,shoe_size", "").status)
	assert.Equal(t, 200, do(t, s, "GET", path+"?fields="+strings.Repeat("cnam,", 16)+"cnam", "").status, "each counts once")
	assert.Equal(t, 200, do(t, s, "GET", "/numbers/lookup/+14155552671", "").status, "a plus that is not escaped")
	assert.Equal(t, "INVALID_PHONE_NUMBER", do(t, s, "GET", "/numbers/lookup/4155552671", "").code())

	older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	assert.Equal(t, map[string]any{"phone": "+33655501234", "valid": true, "country": "FR", "line_type": "mobile"},
		do(t, older, "POST", "/numbers/lookup", `{"phone":"+33655501234"}`).at("data"))
}

func TestBulkLookup(t *testing.T) {
	s := orbittest.New(t)
	rows := do(t, s, "POST", "/numbers/bulk-lookup", `{"numbers":["+14155552673","x","+14155552671"]}`).at("data").([]any)
	var order []any
	for _, row := range rows {
		order = append(order, row.(map[string]any)["phoneNumber"], row.(map[string]any)["valid"])
	}
	assert.Equal(t, []any{"+14155552673", true, "x", false, "+14155552671", true}, order)
	assert.Equal(t, 422, do(t, s, "POST", "/numbers/bulk-lookup", `{"numbers":`+listOf(101, `"+14155552671"`)+`}`).status)
	assert.Equal(t, 422, do(t, s, "POST", "/numbers/bulk-lookup", `{"numbers":[]}`).status)
}

func TestEmergencyAddress(t *testing.T) {
	s := orbittest.New(t)
	path := "/numbers/" + buy(t, s) + "/emergency-address"
	empty := do(t, s, "GET", path, "")
	assert.Contains(t, empty.body, "address")
	assert.Nil(t, empty.body["address"])
	assert.Equal(t, 404, do(t, s, "POST", path+"/verify", "").status)

	a := do(t, s, "PUT", path, `{"line1":"1 Main St","city":"San Francisco","region":"CA","postal_code":"9410","country":"US"}`)
	assert.Equal(t, "1 Main St", a.at("data.address.line1"))
	assert.Equal(t, a.at("data"), any(do(t, s, "GET", path, "").body))
	a = do(t, s, "POST", path+"/verify", "")
	assert.Equal(t, "invalid", a.at("data.validation_status"))
	assert.Len(t, a.at("data.validation_issues"), 1)

	do(t, s, "PUT", path, `{"line1":"1 Main St","city":"San Francisco","postal_code":"94105","country":"US"}`)
	a = do(t, s, "POST", path+"/verify", "")
	assert.Equal(t, "valid", a.at("data.validation_status"))
	assert.Empty(t, a.at("data.validation_issues"))
	for _, name := range []string{"line1", "city", "postal_code", "country"} {
		body := strings.ReplaceAll(`{"line1":"a","city":"b","postal_code":"c","country":"US"}`, `"`+name+`":`, `"region":`)
		assert.Equal(t, name, do(t, s, "PUT", path, body).at("error.details.field"))
	}
}

func TestCNAM(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		path := "/numbers/" + buy(t, s) + "/cnam"
		for _, call := range []struct{ method, path string }{{"GET", ""}, {"DELETE", ""}, {"POST", "/dispatch"}} {
			assert.Equal(t, 404, do(t, s, call.method, path+call.path, "").status, call.path)
		}
		assert.Equal(t, map[string]any{"status": "coming_soon", "carrier_registered_name": nil}, do(t, s, "GET", path+"/dip", "").at("data"))
		assert.Equal(t, "pending", do(t, s, "PUT", path, `{"display_name":"ACME"}`).at("data.status"))
		a := do(t, s, "POST", path+"/dispatch", "")
		assert.Equal(t, "submitted", a.at("data.status"))
		assert.Equal(t, "2000-01-01T00:00:00.000Z", a.at("data.submitted_at"))
		assert.Equal(t, 409, do(t, s, "POST", path+"/dispatch", "").status)
		dip := do(t, s, "GET", path+"/dip", "")
		assert.Equal(t, "coming_soon", dip.at("data.status"))
		assert.Equal(t, "ACME", dip.at("data.registration.display_name"))
		time.Sleep(time.Minute)
		assert.Equal(t, "active", do(t, s, "GET", path, "").at("data.status"))

		do(t, s, "PUT", path, `{"display_name":"ACME 2"}`)
		assert.Equal(t, "pending", do(t, s, "GET", path, "").at("data.status"), "another name starts over")
		assert.Equal(t, 204, do(t, s, "DELETE", path, "").status)
		assert.Equal(t, 404, do(t, s, "GET", path, "").status)
	})
}

func TestWarming(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		path := "/numbers/" + buy(t, s) + "/warming"
		do(t, s, "POST", "/messages/sms", `{"to":"+15005550002","from":"`+aNumber+`","body":"Hi"}`)
		do(t, s, "POST", "/messages/sms", `{"to":"+15005550002","from":"+14155550199","body":"Hi"}`)
		assert.Equal(t, map[string]any{
			"daily_cap": 200., "current_day_count": 1., "warming_phase": "initial", "trust_score": 0.25, "warming_started_at": "2000-01-01T00:00:00.000Z",
		}, do(t, s, "GET", path, "").at("data"))
		for _, step := range []struct {
			days  time.Duration
			phase string
		}{{7, "ramp"}, {7, "steady"}, {16, "verified"}} {
			time.Sleep(step.days * 24 * time.Hour)
			a := do(t, s, "GET", path, "")
			assert.Equal(t, step.phase, a.at("data.warming_phase"))
			assert.Equal(t, 0., a.at("data.current_day_count"), "a day begins anew")
			assert.Equal(t, step.phase, do(t, s, "GET", path+"/progression", "").at("data.warming_state"))
		}
		assert.NotEmpty(t, do(t, s, "GET", path+"/progression", "").at("data.forecast"))
	})
}

// Numbers that are not used for 10DLC need no warming: each generation says so in
// a way of its own.
func TestNoWarming(t *testing.T) {
	for g, want := range map[orbittest.Generation]any{
		orbittest.Newer: map[string]any{
			"daily_cap": nil, "current_day_count": nil, "warming_phase": nil, "trust_score": nil, "warming_started_at": nil,
		},
		orbittest.Older: nil,
	} {
		s := orbittest.New(t, orbittest.WithGeneration(g))
		n := s.AddNumber(orbittest.Number{PhoneNumber: "+447700900001", Country: "GB", Type: "mobile"})
		a := do(t, s, "GET", "/numbers/"+n.ID+"/warming", "")
		assert.Equal(t, want, a.at("data"))
		assert.Contains(t, a.raw, `"data":`)
		assert.Nil(t, do(t, s, "GET", "/numbers/"+n.ID+"/warming/progression", "").at("data"))
		assert.Equal(t, false, do(t, s, "GET", "/numbers/"+n.ID+"/reputation", "").at("data.monitored"))
	}
}

func TestStanding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		id := buy(t, s)
		assert.Equal(t, "healthy", do(t, s, "GET", "/numbers/"+id+"/health", "").at("data.status"))
		reputation := func() any { return do(t, s, "GET", "/numbers/"+id+"/reputation", "").at("data") }
		assert.Equal(t, map[string]any{"monitored": false, "status": "unknown"}, reputation(), "it was not probed yet")
		time.Sleep(24 * time.Hour)
		assert.Equal(t, map[string]any{"monitored": true, "status": "clean"}, reputation())
	})
}
