package orbittest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const wholeAgent = `{"name":"Support","type":"chatbot","model":"m-1","system_prompt":"Be kind."}`

func createAgent(t testing.TB, s *orbittest.Server, body string) answer {
	t.Helper()
	a := do(t, s, "POST", "/agents", body)
	require.Equal(t, 201, a.status, a.raw)
	return a
}

// Every operation of the contract has a route, with and without a slash at the
// roots.
func TestAgentOperationsOfTheContract(t *testing.T) {
	s := orbittest.New(t)
	for _, operation := range []string{
		"POST /agents", "GET /agents", "GET /agents/{id}", "PUT /agents/{id}", "PATCH /agents/{id}", "DELETE /agents/{id}",
		"POST /agents/{id}/deploy", "POST /agents/{id}/chat", "GET /agents/tools",
		"POST /knowledge-bases", "GET /knowledge-bases", "GET /knowledge-bases/{id}", "PUT /knowledge-bases/{id}",
		"DELETE /knowledge-bases/{id}", "POST /knowledge-bases/{id}/search", "POST /knowledge-bases/{id}/documents",
		"GET /knowledge-bases/{id}/documents", "DELETE /knowledge-bases/{id}/documents/{docId}",
		"POST /knowledge-bases/{id}/documents/{docId}/retry",
	} {
		method, path, _ := strings.Cut(operation, " ")
		a := do(t, s, method, strings.NewReplacer("{id}", "x", "{docId}", "y").Replace(path), "")
		assert.NotEqual(t, 405, a.status, operation)
		assert.NotEqual(t, "There is no such endpoint.", a.at("error.message"), operation)
		assert.Len(t, s.Requests(operation), 1, "the route is called by its template")
	}
	assert.Equal(t, 200, do(t, s, "GET", "/agents/", "").status)
	assert.Equal(t, 200, do(t, s, "GET", "/knowledge-bases/", "").status)
}

func TestNewAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		a := createAgent(t, s, `{"name":"Support","channels":["sms"],"temperature":0}`)
		assert.Equal(t, map[string]any{
			"id": a.id(), "name": "Support", "system_prompt": nil, "type": "custom", "status": "draft", "channels": []any{}, "tools": []any{}, "tools_count": 0.,
			"knowledge_base_ids": []any{}, "temperature": 0., "max_tokens": 4096., "max_cost_per_run_cents": nil,
			"max_cost_per_conversation_cents": nil, "max_api_calls_per_run": 25.,
			"created_at": "2000-01-01T00:00:00.000Z", "updated_at": "2000-01-01T00:00:00.000Z",
		}, a.at("data"))
		assert.Equal(t, a.at("data"), do(t, s, "GET", "/agents/"+a.id(), "").at("data"))
	})
}

// The older generation asks for more, takes channels, and is active at once.
func TestOlderAgent(t *testing.T) {
	s := full(t, orbittest.WithGeneration(orbittest.Older))
	for field, body := range map[string]string{
		"type":          `{"name":"x","model":"m","system_prompt":"p"}`,
		"model":         `{"name":"x","type":"task","system_prompt":"p"}`,
		"system_prompt": `{"name":"x","type":"task","model":"m"}`,
	} {
		a := do(t, s, "POST", "/agents", body)
		assert.Equal(t, "MISSING_REQUIRED_FIELD", a.code())
		assert.Equal(t, field, a.at("error.details.field"))
	}
	a := createAgent(t, s, strings.Replace(wholeAgent, "{", `{"channels":["sms"],"temperature":0.5,`, 1))
	assert.Equal(t, 0.5, a.at("data.temperature"))
	assert.Equal(t, "active", a.at("data.status"))
	assert.Equal(t, []any{"sms"}, a.at("data.channels"))
}

// TST-2
func TestRefusedAgents(t *testing.T) {
	const miss, invalid = "MISSING_REQUIRED_FIELD", "VALIDATION_ERROR"
	s := orbittest.New(t, orbittest.WithoutLimits())
	id := createAgent(t, s, `{"name":"Blank"}`).id()
	for _, test := range []struct{ method, path, body, code, field string }{
		{"POST", "/agents", `{}`, miss, "name"},
		{"POST", "/agents", `{"name":""}`, miss, "name"},
		{"POST", "/agents", `{"name":"x","type":"spy"}`, invalid, "type"},
		{"POST", "/agents", `{"name":"x","temperature":2.1}`, invalid, "temperature"},
		{"POST", "/agents", `{"name":"x","temperature":-0.1}`, invalid, "temperature"},
		{"POST", "/agents", `{"name":"x","temperature":1e999}`, invalid, "temperature"},
		{"POST", "/agents", `{"name":"x","temperature":"1"}`, invalid, "temperature"},
		{"POST", "/agents", `{"name":"x","max_tokens":0}`, invalid, "max_tokens"},
		{"POST", "/agents", `{"name":"x","max_cost_per_run_cents":-1}`, invalid, "max_cost_per_run_cents"},
		{"POST", "/agents", `{"name":"x","max_cost_per_conversation_cents":0.5}`, invalid, "max_cost_per_conversation_cents"},
		{"POST", "/agents", `{"name":"x","max_api_calls_per_run":26}`, invalid, "max_api_calls_per_run"},
		{"POST", "/agents", `{"name":"x","tools":[{"description":"d"}]}`, miss, "tools[0].name"},
		{"POST", "/agents", `{"name":"x","tools":["send_sms",7]}`, invalid, "tools[1]"},
		{"POST", "/agents", `{"name":"x","tools":"send_sms"}`, invalid, "tools"},
		{"POST", "/agents", `{"name":"x","guardrails":[]}`, invalid, "guardrails"},
		{"PUT", "/agents/" + id, `{"description":"x"}`, miss, "name"},
		{"PATCH", "/agents/" + id, `{"status":"asleep"}`, invalid, "status"},
		{"PATCH", "/agents/" + id, `{"tools":[null]}`, miss, "tools[0]"},
		{"POST", "/agents/" + id + "/deploy", `{}`, miss, "channel"},
		{"POST", "/agents/" + id + "/deploy", `{"channel":"sms"}`, miss, "system_prompt"},
		{"POST", "/agents/" + id + "/chat", `{"message":""}`, miss, "message"},
		{"GET", "/agents?status=asleep", "", invalid, "status"},
		{"GET", "/agents?sort=name", "", invalid, "sort"},
	} {
		a := do(t, s, test.method, test.path, test.body)
		assert.Equal(t, 422, a.status, test.body)
		assert.Equal(t, test.code, a.code(), test.body)
		assert.Equal(t, test.field, a.at("error.details.field"), test.body)
	}
	assert.Len(t, do(t, s, "GET", "/agents", "").ids(), 1)
	assert.Equal(t, "draft", do(t, s, "GET", "/agents/"+id, "").at("data.status"))
}

func TestUnknownFieldsOfAgents(t *testing.T) {
	s := orbittest.New(t, orbittest.AllowUnknownFields())
	createAgent(t, s, `{"name":"x","status":"active","colour":"red","tools":[{"name":"a","strict":true}],"guardrails":{"any":"thing"}}`)
	assert.Equal(t, []string{"colour", "status", "tools[0].strict"}, s.Requests()[0].UnknownFields)
}

func TestUnknownAgent(t *testing.T) {
	s := orbittest.New(t)
	for _, test := range []struct{ method, path, body string }{
		{"GET", "/agents/x", ""},
		{"PUT", "/agents/x", `{"name":"x"}`},
		{"PATCH", "/agents/x", `{}`},
		{"DELETE", "/agents/x", ""},
		{"POST", "/agents/x/deploy", `{"channel":"sms"}`},
		{"POST", "/agents/x/chat", `{"message":"x"}`},
	} {
		a := do(t, s, test.method, test.path, test.body)
		assert.Equal(t, 404, a.status, "%s %s", test.method, test.path)
		assert.Equal(t, "NOT_FOUND", a.code())
	}
}

// A deployment stays when the agent is replaced; PATCH changes what it names, and
// null takes it away.
func TestChangedAgent(t *testing.T) {
	s := orbittest.New(t)
	id := createAgent(t, s, strings.Replace(wholeAgent, "{", `{"max_cost_per_run_cents":10,"description":"d",`, 1)).id()
	for range 2 {
		a := do(t, s, "POST", "/agents/"+id+"/deploy", `{"channel":"sms"}`)
		assert.Equal(t, 200, a.status)
		assert.Equal(t, "active", a.at("data.status"))
		assert.Equal(t, []any{"sms"}, a.at("data.channels"), "once")
	}
	a := do(t, s, "PATCH", "/agents/"+id, `{"max_cost_per_run_cents":null,"max_api_calls_per_run":3}`)
	assert.Nil(t, a.at("data.max_cost_per_run_cents"))
	assert.Equal(t, 3., a.at("data.max_api_calls_per_run"))
	assert.Equal(t, "d", a.at("data.description"))

	a = do(t, s, "PATCH", "/agents/"+id, `{"max_api_calls_per_run":null,"description":null}`)
	assert.Equal(t, 25., a.at("data.max_api_calls_per_run"), "null brings the default back")
	assert.Nil(t, a.at("data.description"))

	a = do(t, s, "PUT", "/agents/"+id, `{"name":"Other","channels":["voice"]}`)
	assert.Equal(t, "Other", a.at("data.name"))
	assert.Nil(t, a.at("data.description"))
	assert.Equal(t, 25., a.at("data.max_api_calls_per_run"))
	assert.Equal(t, "active", a.at("data.status"))
	assert.Equal(t, []any{"sms"}, a.at("data.channels"), "the newer generation ignores channels")

	assert.Equal(t, "paused", do(t, s, "PATCH", "/agents/"+id, `{"status":"paused"}`).at("data.status"))
	assert.Equal(t, 204, do(t, s, "DELETE", "/agents/"+id, "").status)
	assert.Equal(t, 404, do(t, s, "GET", "/agents/"+id, "").status)
}

func TestChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		id := createAgent(t, s, `{"name":"Support"}`).id()
		chat := func(body string, header ...string) answer {
			return do(t, s, "POST", "/agents/"+id+"/chat", body, header...)
		}
		first := chat(`{"message":"Hello there","metadata":{"a":1}}`)
		require.Equal(t, 200, first.status, first.raw)
		assert.Equal(t, "Hello there", first.at("data.response"))
		assert.Equal(t, 4., first.at("data.usage.total_tokens"))
		talk, _ := first.at("data.conversation_id").(string)
		assert.NotEmpty(t, talk)
		assert.Equal(t, 404, chat(`{"message":"x","conversation_id":"conv_x"}`).status)

		s.ReplyNext(orbittest.AgentReply{Message: "One"}, orbittest.AgentReply{Message: "Two", Fields: map[string]any{"usage": nil, "tool_calls": []int{1}}})
		one := chat(`{"message":"x","conversation_id":"`+talk+`"}`, aKey, "key-of-chat")
		assert.Equal(t, "One", one.at("data.response"))
		assert.Equal(t, talk, one.at("data.conversation_id"))
		assert.Equal(t, one.raw, chat(`{"message":"x","conversation_id":"`+talk+`"}`, aKey, "key-of-chat").raw, "a repeat uses up no reply")
		two := chat(`{"message":"x"}`)
		assert.Equal(t, "Two", two.at("data.response"))
		assert.Nil(t, two.at("data.usage"))
		assert.Equal(t, []any{1.}, two.at("data.tool_calls"))
		assert.Equal(t, "x", chat(`{"message":"x"}`).at("data.response"))

		listed := func() map[string]any {
			return do(t, s, "GET", "/agents", "").at("data").([]any)[0].(map[string]any)
		}
		assert.Equal(t, 3., listed()["conversation_count"])
		assert.Equal(t, 3., listed()["active_conversations"])
		assert.Equal(t, 10., listed()["total_tokens"]) // 4, 2, 2, 2 words
		assert.Equal(t, "2000-01-01T00:00:00.000Z", listed()["last_active_at"])
		time.Sleep(time.Hour)
		assert.Equal(t, 0., listed()["active_conversations"])

		older := full(t, orbittest.WithGeneration(orbittest.Older))
		id = createAgent(t, older, wholeAgent).id()
		assert.Equal(t, "Hi", do(t, older, "POST", "/agents/"+id+"/chat", `{"message":"Hi"}`).at("data.message"))
	})
}

// The published limits: 20 a minute for chats and new agents, 60 for lists.
func TestAgentLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		for route, limit := range map[string]string{
			"POST /agents": "20", "POST /agents/x/chat": "20", "GET /agents": "60", "GET /agents/x": "600", "GET /knowledge-bases": "600",
		} {
			method, path, _ := strings.Cut(route, " ")
			assert.Equal(t, limit, do(t, s, method, path, "").header.Get("X-RateLimit-Limit"), route)
		}
	})
}

func TestAgentScopes(t *testing.T) {
	const key = "dv_test_sk_reader"
	s := orbittest.New(t, orbittest.WithScopes(key, "agents:read"))
	assert.Equal(t, 200, do(t, s, "GET", "/agents", "", "X-API-Key", key).status)
	assert.Equal(t, 403, do(t, s, "POST", "/agents", `{"name":"x"}`, "X-API-Key", key).status)
}

func TestTools(t *testing.T) {
	a := do(t, orbittest.New(t), "GET", "/agents/tools", "")
	assert.Equal(t, []string{
		"send_sms", "send_whatsapp", "send_email", "lookup_contact", "check_balance", "create_ticket", "search_knowledge", "transfer_agent",
	}, a.ids())
}
