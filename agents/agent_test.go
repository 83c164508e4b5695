package agents_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
)

// plain takes the answer's metadata off an agent.
func plain(a agents.Agent) agents.Agent {
	a.Info = nil
	return a
}

// agentFixtures are the files, and what stands in them.
func agentFixtures() map[string]agents.Agent {
	return map[string]agents.Agent{
		"agent_newer.json": {
			ID: "agt_01HV", Name: "Support", Description: "Answers", Type: agents.TypeChatbot, Model: "m-1", SystemPrompt: "Be kind.",
			Status: agents.StatusActive, Channels: []agents.Channel{agents.ChannelSMS, agents.ChannelVoice},
			Tools: []agents.Tool{
				{ID: agents.ToolIDSendSMS},
				{Name: "quote", Description: "Quotes a price", Parameters: json.RawMessage(`{"type": "object", "max": 9007199254740993}`)},
			},
			ToolsCount: 2, Guardrails: json.RawMessage(`{"output_checks": ["no_pii"], "limit": 1.50}`), KnowledgeBaseIDs: []string{"kb_1", "kb_2"},
			Temperature: orbit.Ptr(0.2), MaxTokens: 512, MaxCostPerRunCents: orbit.Ptr(10), MaxCostPerConversationCents: orbit.Ptr(50),
			MaxAPICallsPerRun: orbit.Ptr(5), ActiveConversations: 3, ConversationCount: 40, TotalTokens: 5_000_000_000,
			LastActiveAt: noon(3 * time.Second), CreatedAt: noon(123 * time.Millisecond), UpdatedAt: noon(time.Second),
		},
		"agent_older.json": {
			ID: "agt_01HV", Name: "Support", Type: agents.TypeConversational, Model: "m-1", SystemPrompt: "Be kind.", Status: agents.StatusDraft,
			Channels: []agents.Channel{}, Tools: []agents.Tool{},
			Temperature: orbit.Ptr(0.), MaxTokens: 512, MaxCostPerRunCents: orbit.Ptr(0), MaxAPICallsPerRun: orbit.Ptr(25),
			CreatedAt: noon(0), UpdatedAt: noon(time.Second),
		},
		"agent_bare.json": {
			ID: "agt_01HV", Name: "Support", Tools: []agents.Tool{{ID: "7"}, {ID: agents.ToolIDSendSMS, Name: "Send SMS"}},
		},
	}
}

// TestAgentFixtures reads every generation's answers into the same Go values, and
// what was read can be written and read again.
func TestAgentFixtures(t *testing.T) { // FWD-1, FWD-4, FWD-5, ERG-4
	t.Parallel()
	for file, want := range agentFixtures() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, load(t, file)).Get(t.Context(), "agt_01HV")
			require.NoError(t, err)
			assert.Equal(t, want, plain(*got))
			if file != "agent_bare.json" {
				assert.Equal(t, "req_01HV", got.RequestID())
			}

			encoded, err := json.Marshal(got)
			require.NoError(t, err)
			again, err := answering(t, string(encoded)).Get(t.Context(), "agt_01HV")
			require.NoError(t, err)
			encodedAgain, err := json.Marshal(again)
			require.NoError(t, err)
			assert.JSONEq(t, string(encoded), string(encodedAgain))
		})
	}
}

func TestAgentListFixture(t *testing.T) { // PAG-7
	t.Parallel()
	page, err := answering(t, load(t, "agent_list.json")).List(t.Context(), agents.ListParams{})
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	assert.Equal(t, agents.Agent{ID: "agt_1", Name: "One", ToolsCount: 3, ActiveConversations: 1}, plain(page.Items[0]))
	assert.Nil(t, page.Items[0].Tools, "what the answer does not say is told apart from none")
	assert.Equal(t, "cur_2", page.NextCursor)
	assert.True(t, page.HasMore)
	assert.Equal(t, 12, *page.Total)
}

// TestAgentMutations changes each value of an answer in every way that the API's
// generations differ in, one at a time: the answer must be read, and all other
// fields must be as they were.
func TestAgentMutations(t *testing.T) { // FWD-1, FWD-2
	t.Parallel()
	var doc struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	require.NoError(t, json.Unmarshal([]byte(load(t, "agent_newer.json")), &doc))
	read := func(name, value string) map[string]json.RawMessage {
		changed := map[string]json.RawMessage{name: json.RawMessage(value)}
		for n, v := range doc.Data {
			if n != name {
				changed[n] = v
			}
		}
		body, err := json.Marshal(map[string]any{"data": changed})
		require.NoError(t, err)
		got, err := answering(t, string(body)).Get(t.Context(), "agt_01HV")
		require.NoError(t, err, "%s: %s", name, value)
		encoded, err := json.Marshal(got)
		require.NoError(t, err)
		var fields map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(encoded, &fields))
		return fields
	}
	before := read("brand_new", `{"a":1}`)
	count := 0
	for name, value := range doc.Data {
		mutations := map[string]string{"null": ""}
		switch text := string(value); {
		case strings.HasSuffix(name, "_at"):
			mutations[`"2026-03-08 12:00:05"`], mutations["1772971205"] = `"2026-03-08T12:00:05Z"`, `"2026-03-08T12:00:05Z"`
		case text[0] == '"':
			mutations[`"brand_new"`], mutations["7"], mutations["true"] = `"brand_new"`, `"7"`, `"true"`
		case text[0] != '[' && text[0] != '{':
			mutations[`"`+text+`"`] = text
		}
		for mutation, want := range mutations {
			count++
			after := read(name, mutation)
			got := string(after[name])
			if name != "id" || want != "" { // an ID is always written
				assert.Equal(t, want, got, "%s: %s", name, mutation)
			}
			for other := range before {
				if other != name {
					assert.Equal(t, string(before[other]), string(after[other]), "%s: %s changed %s", name, mutation, other)
				}
			}
		}
	}
	assert.Greater(t, count, 50, "the test has something to do")
}

func TestUnknownWords(t *testing.T) { // FWD-2
	t.Parallel()
	got, err := answering(t, `{"data":{"id":"a","type":"swarm","status":"asleep","channels":["telepathy"],"tools":["read_minds"]}}`).Get(t.Context(), "a")
	require.NoError(t, err)
	assert.False(t, got.Type.Known() || got.Status.Known() || got.Channels[0].Known() || got.Tools[0].ID.Known())
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"a","type":"swarm","status":"asleep","channels":["telepathy"],"tools":["read_minds"]}`, string(encoded))
}

func TestKnownWords(t *testing.T) {
	t.Parallel()
	for _, w := range []agents.Type{
		agents.TypeCustom, agents.TypeChatbot, agents.TypeRouter, agents.TypeVoice, agents.TypeWorkflow, agents.TypeConversational, agents.TypeTask,
	} {
		assert.True(t, w.Known(), w)
	}
	for _, w := range []agents.Status{agents.StatusDraft, agents.StatusActive, agents.StatusPaused, agents.StatusArchived} {
		assert.True(t, w.Known(), w)
	}
	for _, w := range []agents.Channel{agents.ChannelWebhook, agents.ChannelSMS, agents.ChannelWhatsApp, agents.ChannelVoice} {
		assert.True(t, w.Known(), w)
	}
	assert.False(t, agents.Type("").Known() || agents.Status("").Known() || agents.Channel("").Known())
}

// contractFields are the fields of an agent as the contract lists them, in its
// order; those that only Orbit sets come last.
const contractFields = `name description type model system_prompt status channels tools guardrails knowledge_base_ids temperature
	max_tokens max_cost_per_run_cents max_cost_per_conversation_cents max_api_calls_per_run
	id tools_count active_conversations conversation_count total_tokens last_active_at created_at updated_at`

// TestFields proves that the Go types have the contract's fields under the
// contract's names, no more and no fewer.
func TestFields(t *testing.T) { // ERG-5
	t.Parallel()
	written, _, _ := strings.Cut(contractFields, "id tools_count")
	for _, c := range []struct {
		value any
		tag   string
		names string
	}{
		{agents.Agent{}, "json", contractFields},
		{agents.CreateParams{}, "json", strings.Replace(written, "status ", "", 1)},
		{agents.ReplaceParams{}, "json", written},
		{agents.UpdateParams{}, "json", strings.Replace(written, "channels ", "", 1)},
		{agents.ListParams{}, "url", "cursor limit status sort search"},
		{agents.DeployParams{}, "json", "channel"},
		{agents.ChatParams{}, "json", "message conversation_id metadata"},
		{agents.ChatReply{}, "json", "conversation_id response tool_calls usage"},
		{agents.ToolInfo{}, "json", "id name description"},
		{agents.KnowledgeBase{}, "json", "id name description document_count created_at updated_at"},
		{agents.CreateKnowledgeBaseParams{}, "json", "name description"},
		{agents.UpdateKnowledgeBaseParams{}, "json", "name description"},
		{agents.ListKnowledgeBasesParams{}, "url", "cursor limit"},
		{agents.Document{}, "json", "id name status error size created_at"},
		{agents.ListDocumentsParams{}, "url", "cursor limit"},
		{agents.SearchParams{}, "json", "query top_k"},
		{agents.SearchHit{}, "json", "document_id score text"},
	} {
		var tags []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(c.value)) {
			if name, _, _ := strings.Cut(f.Tag.Get(c.tag), ","); name != "-" && name != "" {
				tags = append(tags, name)
			}
		}
		assert.ElementsMatch(t, strings.Fields(c.names), tags, "%T", c.value)
	}
}

// TestReplaceParams sends an answer back: nothing that the type has a field for
// is lost, but for what only Orbit sets.
func TestReplaceParams(t *testing.T) { // ERG-3
	t.Parallel()
	for file := range agentFixtures() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			agent, err := answering(t, load(t, file)).Get(t.Context(), "agt_01HV")
			require.NoError(t, err)
			want, err := json.Marshal(agent)
			require.NoError(t, err)
			var fields map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(want, &fields))
			_, readOnly, _ := strings.Cut(contractFields, "max_api_calls_per_run")
			for _, name := range strings.Fields(readOnly) {
				delete(fields, name)
			}
			expected, err := json.Marshal(fields)
			require.NoError(t, err)

			mock := newMock(t)
			var got request
			mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
			params, _ := agent.ReplaceParams()
			_, err = newService(t, mock).Replace(t.Context(), agent.ID, params)
			require.NoError(t, err)
			assert.JSONEq(t, string(expected), got.body)
			for _, exact := range []string{"9007199254740993", "1.50"} { // FWD-5
				assert.Equal(t, strings.Contains(load(t, file), exact), strings.Contains(got.body, exact), exact)
			}
		})
	}
}

// TestReplaceParamsAreACopy changes everything that the params point to.
func TestReplaceParamsAreACopy(t *testing.T) {
	t.Parallel()
	agent := agentFixtures()["agent_newer.json"]
	before := fmt.Sprintf("%+v %v %v", agent, *agent.Temperature, *agent.MaxCostPerRunCents)
	p, _ := agent.ReplaceParams()
	p.Channels[0], p.Tools[0], p.KnowledgeBaseIDs[0], p.Guardrails[0], p.Tools[1].Parameters[0] = "x", agents.Tool{}, "x", 'x', 'x'
	*p.Temperature, *p.MaxCostPerRunCents, *p.MaxCostPerConversationCents, *p.MaxAPICallsPerRun = 1, 1, 1, 1
	assert.Equal(t, before, fmt.Sprintf("%+v %v %v", agent, *agent.Temperature, *agent.MaxCostPerRunCents))
	assert.Equal(t, agentFixtures()["agent_newer.json"], agent)
}

// TestReplaceParamsOfAPart tells an agent without a prompt from a response without
// one.
func TestReplaceParamsOfAPart(t *testing.T) { // ERG-3
	t.Parallel()
	for body, want := range map[string]bool{
		`{"id":"agt_1","name":"x"}`:                       false,
		`{"id":"agt_1","name":"x","system_prompt":"Hi"}`:  true,
		`{"id":"agt_1","name":"x","system_prompt":""}`:    true,
		`{"id":"agt_1","name":"x","system_prompt":null}`:  true,
		`{"id":"agt_1","name":"x","instructions":"Hi"}`:   true,
		`{"id":"agt_1","name":"x","system_prompt":12345}`: true,
	} {
		agent, err := answering(t, `{"data":`+body+`}`).Get(t.Context(), "agt_1")
		require.NoError(t, err, body)
		_, whole := agent.ReplaceParams()
		assert.Equal(t, want, whole, body)
	}
}
