package orbittest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

const liveKey = "dv_live_sk_x"

// makeCall makes a call and returns its ID.
func makeCall(t testing.TB, s *orbittest.Server, body string, header ...string) string {
	t.Helper()
	a := do(t, s, "POST", "/voice/calls", body, header...)
	require.Equal(t, 201, a.status, a.raw)
	return a.id()
}

// TST-2: the last digit decides how a call goes.
func TestCallsMove(t *testing.T) {
	for _, test := range []struct {
		name, to, key string
		moves         []string // the status, at each of the moments
		at            []time.Duration
	}{
		{"rings on", "+15005550001", "", []string{"initiating", "ringing", "ringing"}, []time.Duration{0, 50, 3600_000}},
		{"completed", "+15005550002", "", []string{"initiating", "ringing", "in_progress", "completed"}, []time.Duration{49, 99, 100, 250}},
		{"no answer", "+15005550003", "", []string{"ringing", "no_answer"}, []time.Duration{999, 1000}},
		{"failed", "+15005550004", "", []string{"initiating", "failed"}, []time.Duration{99, 100}},
		{"busy", "+15005550005", "", []string{"ringing", "busy"}, []time.Duration{99, 100}},
		{"voicemail", "+15005550006", "", []string{"in_progress", "voicemail"}, []time.Duration{249, 250}},
		{"live", "+15005550001", liveKey, []string{"initiating", "ringing", "in_progress", "completed"}, []time.Duration{999, 1000, 5000, 35_000}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := orbittest.New(t, bothKeys())
				key := test.key
				if key == "" {
					key = orbittest.DefaultAPIKey
				}
				id := makeCall(t, s, `{"to":"`+test.to+`"}`, "X-API-Key", key)
				started := time.Now()
				for i, status := range test.moves {
					time.Sleep(time.Until(started.Add(test.at[i] * time.Millisecond)))
					assert.Equal(t, status, do(t, s, "GET", "/voice/calls/"+id, "").at("data.status"), test.at[i])
					assert.EqualValues(t, status, s.Calls()[0].Status)
				}
			})
		})
	}
}

func TestCallInAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		const body = `{"to":"+15005550002","from":"+14155550100","agent_id":"agt_1","ivr_id":"ivr_1","record":true,"amd":true,` +
			`"direction":"outbound","max_duration":60,"webhook_url":"https://example.com/hook","metadata":{"n":1},` +
			`"campaignId":"camp_1","orgTimezone":"Europe/Paris"}`
		id := makeCall(t, s, body, "Idempotency-Key", "job-0001")
		assert.Equal(t, map[string]any{
			"id": id, "to": "+15005550002", "from": "+14155550100", "direction": "outbound", "agent_id": "agt_1",
			"status": "initiating", "record": true, "metadata": map[string]any{"n": 1.}, "created_at": "2000-01-01T00:00:00.000Z",
		}, do(t, s, "GET", "/voice/calls/"+id, "").at("data"))

		time.Sleep(time.Second)
		ended := do(t, s, "GET", "/voice/calls/"+id, "").at("data").(map[string]any)
		assert.Equal(t, "2000-01-01T00:00:00.100Z", ended["answered_at"])
		assert.Equal(t, "2000-01-01T00:00:00.250Z", ended["ended_at"])
		assert.Equal(t, 1., ended["duration_seconds"])
		assert.Equal(t, "resolved", ended["summary"].(map[string]any)["outcome"])
		assert.Contains(t, ended["recording_url"], "https://"+orbittest.StorageHost+"/recordings/"+id+".wav?")

		var fields map[string]any
		require.NoError(t, json.Unmarshal([]byte(body), &fields))
		fields["max_duration"], fields["metadata"] = json.Number("60"), map[string]any{"n": json.Number("1")}
		assert.Equal(t, []orbittest.Call{{
			ID: id, Account: "account_1", To: "+15005550002", From: "+14155550100", Direction: "outbound", Status: "completed", Record: true,
			IdempotencyKey: "job-0001", CreatedAt: bubbleStart().Local(), Fields: fields,
		}}, s.Calls())
	})
}

func TestOlderCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
		id := makeCall(t, s, `{"to":"+15005550002"}`)
		time.Sleep(time.Second)
		a := do(t, s, "GET", "/voice/calls/"+id, "")
		assert.Equal(t, 1., a.at("data.duration_seconds"))
		assert.Equal(t, "2000-01-01T00:00:00Z", a.at("data.ended_at"))
	})
}

func TestRefusedCalls(t *testing.T) {
	s := orbittest.New(t)
	for _, test := range []struct{ body, code, field string }{
		{`{}`, "MISSING_REQUIRED_FIELD", "to"},
		{`{"to":"x"}`, "INVALID_PHONE_NUMBER", "to"},
		{`{"to":"+15005550002","from":"?"}`, "VALIDATION_ERROR", "from"},
		{`{"to":"+15005550002","record":"yes"}`, "VALIDATION_ERROR", "record"},
		{`{"to":"+15005550002","max_duration":0}`, "VALIDATION_ERROR", "max_duration"},
		{`{"to":"+15005550002","direction":"sideways"}`, "VALIDATION_ERROR", "direction"},
		{`{"to":"+15005550002","webhook_url":"http://example.com"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{`{"to":"+15005550002","metadata":1}`, "VALIDATION_ERROR", "metadata"},
	} {
		a := do(t, s, "POST", "/voice/calls", test.body)
		assert.Equal(t, 422, a.status, test.body)
		assert.Equal(t, test.code, a.code(), test.body)
		assert.Equal(t, test.field, a.at("error.details.field"))
	}
	assert.Empty(t, s.Calls())
}

func TestEmergencyCalls(t *testing.T) {
	s := orbittest.New(t)
	for number, code := range map[string]string{
		"911": emergency, "112": emergency, "999": emergency, "000": emergency, "+911": emergency, "1911": emergency, "+1911": emergency,
		"1-911": emergency, "0112": emergency, "00112": emergency, "011911": emergency, "(911)": emergency, "9-1-1": emergency,
		"912": "INVALID_PHONE_NUMBER", "9111": "INVALID_PHONE_NUMBER", "+9112": "INVALID_PHONE_NUMBER",
	} {
		a := do(t, s, "POST", "/voice/calls", `{"to":"`+number+`"}`)
		assert.Equal(t, 422, a.status, number)
		assert.Equal(t, code, a.code(), number)
	}
	assert.Empty(t, s.Calls())
	assert.Equal(t, 201, do(t, s, "POST", "/voice/calls", `{"to":"+19115551234"}`).status, "it only begins so")
	assert.Equal(t, "INVALID_PHONE_NUMBER", do(t, s, "POST", "/messages/sms", `{"to":"911","body":"Hi"}`).code(), "of calls only")
}

const emergency = "EMERGENCY_CALLING_NOT_SUPPORTED"

func TestListCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		one := makeCall(t, s, `{"to":"+15005550001","from":"+14155550100"}`)
		two := makeCall(t, s, `{"to":"+15005550002"}`)
		time.Sleep(time.Second)
		list := func(query string) []string { return do(t, s, "GET", "/voice/calls"+query, "").ids() }
		assert.Equal(t, []string{two, one}, list(""))
		assert.Equal(t, []string{one}, list("?from=%2B14155550100"))
		assert.Equal(t, []string{two}, list("?to=%2B15005550002"))
		assert.Equal(t, []string{one}, list("?status=ringing"))
		assert.Empty(t, list("?status=never_heard_of"))
		a := do(t, s, "GET", "/voice/calls?limit=1", "")
		assert.Equal(t, []string{one}, list("?limit=1&cursor="+a.at("meta.pagination.cursor").(string)))
	})
}

// What can be done to a call depends on where it is.
func TestCallControl(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		act := func(id, verb string) answer { return do(t, s, "POST", "/voice/calls/"+id+"/"+verb, "") }

		in := s.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199"}).ID
		assert.Equal(t, 409, act(in, "mute").status)
		assert.Equal(t, "in_progress", act(in, "accept").at("data.status"))
		assert.Equal(t, 409, act(in, "accept").status)
		act(in, "mute")
		assert.True(t, s.Calls()[0].Muted)
		act(in, "unmute")
		assert.False(t, s.Calls()[0].Muted)
		time.Sleep(1500 * time.Millisecond)
		a := act(in, "hangup")
		assert.Equal(t, "completed", a.at("data.status"))
		assert.Equal(t, 2., a.at("data.duration_seconds"))
		assert.Equal(t, 409, act(in, "hangup").status)
		assert.Equal(t, 409, act(in, "decline").status)

		declined := s.AddCall(orbittest.Call{}).ID
		assert.Equal(t, "busy", act(declined, "decline").at("data.status"))
		given := s.AddCall(orbittest.Call{Status: "in_progress"}).ID
		assert.Equal(t, "completed", act(given, "hangup").at("data.status"))

		out := makeCall(t, s, `{"to":"+15005550001"}`)
		time.Sleep(time.Second)
		assert.Equal(t, 409, act(out, "accept").status, "the other side answers")
		assert.Equal(t, 409, act(out, "decline").status)
		a = act(out, "hangup")
		assert.Equal(t, "canceled", a.at("data.status"))
		assert.Nil(t, a.at("data.answered_at"))
		assert.Nil(t, a.at("data.duration_seconds"))
	})
	t.Run("older", func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
		a := do(t, s, "POST", "/voice/calls/"+makeCall(t, s, `{"to":"+15005550002"}`)+"/hangup", "")
		assert.Equal(t, 204, a.status)
		assert.Empty(t, a.raw)
	})
}

func TestAddCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		added := s.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199", Fields: map[string]any{"agent_id": "agt_1", "summary": []int{1}}})
		assert.Equal(t, added, s.Calls()[0])
		assert.Equal(t, map[string]any{
			"id": added.ID, "to": "+14155550199", "from": "+14155550100", "direction": "inbound", "status": "ringing",
			"record": false, "created_at": "2000-01-01T00:00:00.000Z", "agent_id": "agt_1", "summary": []any{1.},
		}, do(t, s, "GET", "/voice/calls/"+added.ID, "").at("data"))
		s.AddCall(orbittest.Call{ID: "mine", CreatedAt: bubbleStart().Add(-time.Hour)})
		assert.Equal(t, "mine", s.Calls()[0].ID, "in order of creation")
		time.Sleep(time.Hour)
		assert.Equal(t, api.CallStatusRinging, s.Calls()[0].Status, "it stays")
		s.SetCallStatus("mine", "never_heard_of")
		assert.Equal(t, api.CallStatus("never_heard_of"), s.Calls()[0].Status)
		s.Calls()[1].Fields["agent_id"] = "changed"
		assert.Equal(t, "agt_1", s.Calls()[1].Fields["agent_id"])
	})
}

func TestMisusedCalls(t *testing.T) {
	tb := &fakeTB{}
	s := orbittest.New(tb)
	s.AddCall(orbittest.Call{ID: "x"})
	s.AddCall(orbittest.Call{ID: "x"})
	assert.Equal(t, "orbittest: there is a call with ID x already", tb.fatal)
	assert.Len(t, s.Calls(), 1)
	for _, misuse := range []func(){
		func() { s.SetCallStatus("y", "busy") },
		func() { s.SetRecording("y", orbittest.Recording{}) },
	} {
		tb.fatal = ""
		misuse()
		assert.Equal(t, "orbittest: there is no call with ID y", tb.fatal)
	}
}

func TestSIPTrunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		const body = `{"name":"Office","outbound_uri":"sip:pbx.example.com:5060","inbound_uris":["sips:a.example.com"],` +
			`"username":"orbit","password":"canary","codecs":["opus","PCMU"],"encryption":"tls_srtp"}`
		a := do(t, s, "POST", "/voice/sip-trunks", body)
		assert.Equal(t, 201, a.status)
		assert.NotContains(t, a.raw, "canary")
		assert.Equal(t, map[string]any{
			"id": a.id(), "name": "Office", "outbound_uri": "sip:pbx.example.com:5060", "inbound_uris": []any{"sips:a.example.com"},
			"username": "orbit", "codecs": []any{"opus", "PCMU"}, "encryption": "tls_srtp", "status": "active",
			"created_at": "2000-01-01T00:00:00.000Z", "updated_at": "2000-01-01T00:00:00.000Z",
		}, a.at("data"))
		path := "/voice/sip-trunks/" + a.id()
		time.Sleep(time.Second)
		a = do(t, s, "PUT", path, `{"name":"New"}`)
		assert.Equal(t, "New", a.at("data.name"))
		assert.Nil(t, a.at("data.codecs"), "it replaces everything")
		assert.Equal(t, "2000-01-01T00:00:01.000Z", a.at("data.updated_at"))
		assert.Equal(t, a.at("data"), do(t, s, "GET", path, "").at("data"))
		assert.Len(t, do(t, s, "GET", "/voice/sip-trunks?limit=5", "").ids(), 1)
		assert.Equal(t, "VALIDATION_ERROR", do(t, s, "PUT", path, `{"encryption":"rot13"}`).code())
		assert.Equal(t, "VALIDATION_ERROR", do(t, s, "PUT", path, `{"outbound_uri":"pbx"}`).code())
		assert.Equal(t, 204, do(t, s, "DELETE", path, "").status)
		assert.Equal(t, 404, do(t, s, "GET", path, "").status)
	})
}

func TestSIPCredentials(t *testing.T) {
	s := orbittest.New(t)
	a := do(t, s, "POST", "/sip-credentials/", `{"label":"Desk","extension":"2001","allowed_outbound":false}`)
	assert.Equal(t, 201, a.status)
	password := a.at("data.sip_password")
	assert.NotEmpty(t, password)
	assert.Equal(t, false, a.at("data.allowed_outbound"))
	path := "/sip-credentials/" + a.id()

	got := do(t, s, "GET", path, "")
	assert.Nil(t, got.at("data.sip_password"), "it is told once")
	assert.Equal(t, "Desk", got.at("data.label"))
	assert.Equal(t, "2001", got.at("data.extension"))
	assert.Equal(t, 5061., got.at("data.sip_port"))
	assert.Equal(t, true, do(t, s, "PATCH", path, `{"allowed_outbound":true}`).at("data.allowed_outbound"))
	assert.Equal(t, "Hall", do(t, s, "PATCH", path, `{"label":"Hall"}`).at("data.label"))
	rotated := do(t, s, "POST", path+"/rotate", "").at("data.sip_password")
	assert.NotEmpty(t, rotated)
	assert.NotEqual(t, password, rotated)
	assert.Equal(t, 204, do(t, s, "POST", path+"/unregister", "").status)

	other := do(t, s, "POST", "/sip-credentials", `{}`)
	assert.Equal(t, true, other.at("data.allowed_outbound"))
	assert.Equal(t, []string{other.id(), got.id()}, do(t, s, "GET", "/sip-credentials/", "").ids())
	assert.Len(t, s.Requests("GET /sip-credentials/"), 1)
	assert.Equal(t, 204, do(t, s, "DELETE", path, "").status)
}

func TestIVRIntents(t *testing.T) {
	s := orbittest.New(t)
	create := func(body string) answer { return do(t, s, "POST", "/voice/ivr-intents", body) }
	a := create(`{"name":"billing","description":"Asks about an invoice","target_queue_id":"q_1"}`)
	assert.Equal(t, 201, a.status)
	assert.Equal(t, true, a.at("data.active"))
	assert.Nil(t, a.at("data.target_agent_id"))
	path := "/voice/ivr-intents/" + a.id()

	assert.Equal(t, 409, create(`{"name":"billing"}`).status, "names are unique")
	assert.Equal(t, "MISSING_REQUIRED_FIELD", create(`{}`).code())
	for _, body := range []string{
		`{"name":"Billing"}`, `{"name":` + quoted(65, "a") + `}`, `{"name":"x","description":` + quoted(501, "a") + `}`,
		`{"name":"x","target_queue_id":"q","target_agent_id":"a"}`,
	} {
		assert.Equal(t, "VALIDATION_ERROR", create(body).code(), body)
	}
	assert.Equal(t, "VALIDATION_ERROR", do(t, s, "PATCH", path, `{"target_agent_id":"agt_1"}`).code(), "the queue is still there")
	moved := do(t, s, "PATCH", path, `{"target_queue_id":null,"target_agent_id":"agt_1"}`)
	assert.Nil(t, moved.at("data.target_queue_id"))
	assert.Equal(t, "agt_1", moved.at("data.target_agent_id"))

	test := func(said string) answer {
		return do(t, s, "POST", "/voice/ivr-intents/test", `{"utterance":"`+said+`"}`)
	}
	assert.Equal(t, a.id(), test("My invoice is wrong!").at("data.intent.id"))
	assert.Equal(t, .9, test("My invoice is wrong!").at("data.confidence"))
	assert.Nil(t, test("Good morning").at("data.intent"))
	do(t, s, "PATCH", path, `{"active":false}`)
	assert.Nil(t, test("My invoice is wrong!").at("data.intent"))

	list := do(t, s, "GET", "/voice/ivr-intents", "")
	assert.Equal(t, []string{a.id()}, list.ids())
	assert.Nil(t, list.at("meta.pagination"), "it holds all")
	assert.Equal(t, 204, do(t, s, "DELETE", path, "").status)
	assert.Empty(t, do(t, s, "GET", "/voice/ivr-intents", "").ids())
}

func TestQueues(t *testing.T) {
	for _, g := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		s := orbittest.New(t, orbittest.WithGeneration(g))
		b := s.AddQueueScript("q_1", "B", map[string]any{"steps": []string{"Greet"}})
		a := s.AddQueueScript("q_1", "A", nil)
		list := do(t, s, "GET", "/voice/queues/q_1/scripts", "")
		assert.Equal(t, []string{a, b}, list.ids(), "by name")
		assert.Equal(t, []any{"Greet"}, list.at("data").([]any)[1].(map[string]any)["steps"])
		assert.Equal(t, "[]", rawData(t, do(t, s, "GET", "/voice/queues/q_2/scripts", "")))

		id := s.AddCall(orbittest.Call{}).ID
		assert.Less(t, do(t, s, "POST", "/voice/queues/q_1/calls/"+id+"/disposition", `{"disposition":"resolved","note":"n"}`).status, 300)
		assert.Equal(t, "resolved", s.Calls()[0].Disposition)
		none := do(t, s, "POST", "/voice/queues/q_1/calls/x/disposition", `{"disposition":"resolved"}`)
		assert.Equal(t, 404, none.status)
		assert.Equal(t, "NOT_OWNING_AGENT", none.code())
		assert.Equal(t, "MISSING_REQUIRED_FIELD", do(t, s, "POST", "/voice/queues/q_1/calls/x/disposition", `{}`).code())
	}
}

func rawData(t *testing.T, a answer) string {
	t.Helper()
	var envelope struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(a.raw), &envelope))
	return string(envelope.Data)
}

func TestUnknownInVoice(t *testing.T) {
	s := orbittest.New(t)
	for _, test := range []struct{ method, path, body string }{
		{"GET", "/voice/calls/x", ""},
		{"POST", "/voice/calls/x/hangup", ""},
		{"POST", "/voice/calls/x/accept", ""},
		{"POST", "/voice/calls/x/decline", ""},
		{"POST", "/voice/calls/x/mute", ""},
		{"POST", "/voice/calls/x/unmute", ""},
		{"GET", "/voice/sip-trunks/x", ""},
		{"PUT", "/voice/sip-trunks/x", "{}"},
		{"DELETE", "/voice/sip-trunks/x", ""},
		{"GET", "/sip-credentials/x", ""},
		{"PATCH", "/sip-credentials/x", "{}"},
		{"DELETE", "/sip-credentials/x", ""},
		{"POST", "/sip-credentials/x/rotate", ""},
		{"POST", "/sip-credentials/x/unregister", ""},
		{"PATCH", "/voice/ivr-intents/x", "{}"},
		{"DELETE", "/voice/ivr-intents/x", ""},
	} {
		a := do(t, s, test.method, test.path, test.body)
		assert.Equal(t, 404, a.status, "%s %s", test.method, test.path)
		assert.Equal(t, "NOT_FOUND", a.code())
		assert.NotEqual(t, "There is no such endpoint.", a.at("error.message"), "%s %s", test.method, test.path)
	}
}

// The limits and scopes of the contract.
func TestVoiceLimitsAndScopes(t *testing.T) {
	s := orbittest.New(t, orbittest.WithScopes("dv_test_sk_reader", "voice:read"))
	limit := func(method, path, body string) string {
		return do(t, s, method, path, body).header.Get("X-RateLimit-Limit")
	}
	id := makeCall(t, s, `{"to":"+15005550002"}`)
	assert.Equal(t, "60", limit("POST", "/voice/calls", `{"to":"+15005550002"}`))
	assert.Equal(t, "60", limit("POST", "/voice/calls/"+id+"/hangup", ""))
	assert.Equal(t, "120", limit("GET", "/voice/calls", ""))
	for path, status := range map[string]int{"GET /voice/calls": 200, "GET /sip-credentials/": 200, "POST /voice/calls": 403, "POST /voice/sip-trunks": 403} {
		method, path, _ := strings.Cut(path, " ")
		assert.Equal(t, status, do(t, s, method, path, "", "X-API-Key", "dv_test_sk_reader").status, path)
	}
}
