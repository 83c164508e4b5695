package agents_test

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// golden is a call and the exact request that is sent for it.
type golden struct {
	op, name string
	call     operation
	method   string
	path     string // the template: {id} is id_1, {docId} is doc_1
	query    string
	body     string
}

// goldens are all operations, each with the fewest and with all params.
func goldens() []golden {
	return slices.Concat(agentGoldens(), knowledgeGoldens())
}

func agentGoldens() []golden {
	const one, all = "/agents/{id}", "/agents"
	type svc = agents.Service
	custom := agents.Tool{Name: "quote", Description: "Quotes a price", Parameters: json.RawMessage(`{"type":"object"}`)}
	return []golden{
		{"Create", "minimal", sending((*svc).Create, agents.CreateParams{Name: "Support"}), "POST", all, "", `{"name":"Support"}`},
		{
			"Create", "full",
			sending((*svc).Create, agents.CreateParams{
				Name: "Support", Description: "Answers", Type: agents.TypeChatbot, Model: "m-1", SystemPrompt: "Be kind.",
				Channels: []agents.Channel{agents.ChannelSMS}, Tools: []agents.Tool{{ID: agents.ToolIDSendSMS}, custom},
				Guardrails: json.RawMessage(`{"output_checks": ["no_pii"]}`), KnowledgeBaseIDs: []string{"kb_1"},
				Temperature: orbit.Ptr(0.2), MaxTokens: 512, MaxCostPerRunCents: orbit.Ptr(10),
				MaxCostPerConversationCents: orbit.Ptr(50), MaxAPICallsPerRun: orbit.Ptr(5),
			}),
			"POST", all, "",
			`{"name":"Support","description":"Answers","type":"chatbot","model":"m-1","system_prompt":"Be kind.","channels":["sms"],` +
				`"tools":["send_sms",{"name":"quote","description":"Quotes a price","parameters":{"type":"object"}}],` +
				`"guardrails":{"output_checks":["no_pii"]},"knowledge_base_ids":["kb_1"],"temperature":0.2,"max_tokens":512,` +
				`"max_cost_per_run_cents":10,"max_cost_per_conversation_cents":50,"max_api_calls_per_run":5}`,
		},
		{ // ERG-2
			"Create", "zeros",
			sending((*svc).Create, agents.CreateParams{
				Name: "Support", Channels: []agents.Channel{}, Tools: []agents.Tool{}, Guardrails: json.RawMessage{}, KnowledgeBaseIDs: []string{},
				Temperature: orbit.Ptr(0.), MaxCostPerRunCents: orbit.Ptr(0), MaxCostPerConversationCents: orbit.Ptr(0), MaxAPICallsPerRun: orbit.Ptr(0),
			}),
			"POST", all, "",
			`{"name":"Support","temperature":0,"max_cost_per_run_cents":0,"max_cost_per_conversation_cents":0,"max_api_calls_per_run":0}`,
		},
		{"List", "minimal", sending((*svc).List, agents.ListParams{}), "GET", all, "", ""},
		{
			"List", "full",
			sending((*svc).List, agents.ListParams{Cursor: "cur_1=", Limit: 50, Status: agents.StatusPaused, Sort: "-created_at", Search: "a b"}),
			"GET", all, "cursor=cur_1%3D&limit=50&search=a+b&sort=-created_at&status=paused", "",
		},
		{"Get", "", getting((*svc).Get, "id_1"), "GET", one, "", ""},
		{"Replace", "minimal", changing((*svc).Replace, "id_1", agents.ReplaceParams{Name: "Support"}), "PUT", one, "", `{"name":"Support"}`},
		{
			"Replace", "full",
			changing((*svc).Replace, "id_1", agents.ReplaceParams{
				Name: "Support", Description: "Answers", Type: agents.TypeVoice, Model: "m-1", SystemPrompt: "Be kind.", Status: agents.StatusActive,
				Channels: []agents.Channel{agents.ChannelVoice}, Tools: []agents.Tool{custom, {ID: "tool_7"}},
				Guardrails: json.RawMessage(`{}`), KnowledgeBaseIDs: []string{"kb_1", "kb_2"},
				Temperature: orbit.Ptr(2.), MaxTokens: 512, MaxCostPerRunCents: orbit.Ptr(10),
				MaxCostPerConversationCents: orbit.Ptr(50), MaxAPICallsPerRun: orbit.Ptr(25),
			}),
			"PUT", one, "",
			`{"name":"Support","description":"Answers","type":"voice","model":"m-1","system_prompt":"Be kind.","status":"active","channels":["voice"],` +
				`"tools":[{"name":"quote","description":"Quotes a price","parameters":{"type":"object"}},"tool_7"],` +
				`"guardrails":{},"knowledge_base_ids":["kb_1","kb_2"],"temperature":2,"max_tokens":512,` +
				`"max_cost_per_run_cents":10,"max_cost_per_conversation_cents":50,"max_api_calls_per_run":25}`,
		},
		{ // ERG-2
			"Replace", "zeros",
			changing((*svc).Replace, "id_1", agents.ReplaceParams{
				Name: "Support", Channels: []agents.Channel{}, Tools: []agents.Tool{}, KnowledgeBaseIDs: []string{},
				Temperature: orbit.Ptr(0.), MaxCostPerRunCents: orbit.Ptr(0), MaxCostPerConversationCents: orbit.Ptr(0), MaxAPICallsPerRun: orbit.Ptr(0),
			}),
			"PUT", one, "",
			`{"name":"Support","channels":[],"tools":[],"knowledge_base_ids":[],"temperature":0,` +
				`"max_cost_per_run_cents":0,"max_cost_per_conversation_cents":0,"max_api_calls_per_run":0}`,
		},
		{"Update", "nothing", changing((*svc).Update, "id_1", agents.UpdateParams{}), "PATCH", one, "", `{}`},
		{
			"Update", "full",
			changing((*svc).Update, "id_1", agents.UpdateParams{
				Name: "Support", Description: api.Set("Answers"), Type: agents.TypeRouter, Model: "m-1", SystemPrompt: api.Set("Be kind."),
				Status: agents.StatusPaused, Tools: []agents.Tool{{ID: agents.ToolIDCreateTicket}}, Guardrails: api.Set(json.RawMessage(`{"a":1}`)),
				KnowledgeBaseIDs: []string{"kb_1"}, Temperature: api.Set(1.5), MaxTokens: api.Set(512), MaxCostPerRunCents: api.Set(10),
				MaxCostPerConversationCents: api.Set(50), MaxAPICallsPerRun: api.Set(5),
			}),
			"PATCH", one, "",
			`{"name":"Support","description":"Answers","type":"router","model":"m-1","system_prompt":"Be kind.","status":"paused",` +
				`"tools":["create_ticket"],"guardrails":{"a":1},"knowledge_base_ids":["kb_1"],"temperature":1.5,"max_tokens":512,` +
				`"max_cost_per_run_cents":10,"max_cost_per_conversation_cents":50,"max_api_calls_per_run":5}`,
		},
		{ // ERG-2
			"Update", "zeros",
			changing((*svc).Update, "id_1", agents.UpdateParams{
				Description: api.Set(""), SystemPrompt: api.Set(""), Tools: []agents.Tool{}, Guardrails: api.Set(json.RawMessage(`{}`)),
				KnowledgeBaseIDs: []string{}, Temperature: api.Set(0.), MaxTokens: api.Set(0), MaxCostPerRunCents: api.Set(0),
				MaxCostPerConversationCents: api.Set(0), MaxAPICallsPerRun: api.Set(0),
			}),
			"PATCH", one, "",
			`{"description":"","system_prompt":"","tools":[],"guardrails":{},"knowledge_base_ids":[],"temperature":0,"max_tokens":0,` +
				`"max_cost_per_run_cents":0,"max_cost_per_conversation_cents":0,"max_api_calls_per_run":0}`,
		},
		{ // ERG-2
			"Update", "nulls",
			changing((*svc).Update, "id_1", agents.UpdateParams{
				Description: api.Null[string](), SystemPrompt: api.Null[string](), Guardrails: api.Null[json.RawMessage](),
				Temperature: api.Null[float64](), MaxTokens: api.Null[int](), MaxCostPerRunCents: api.Null[int](),
				MaxCostPerConversationCents: api.Null[int](), MaxAPICallsPerRun: api.Null[int](),
			}),
			"PATCH", one, "",
			`{"description":null,"system_prompt":null,"guardrails":null,"temperature":null,"max_tokens":null,` +
				`"max_cost_per_run_cents":null,"max_cost_per_conversation_cents":null,"max_api_calls_per_run":null}`,
		},
		{"Delete", "", func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
			return s.Delete(ctx, "id_1", opts...)
		}, "DELETE", one, "", ""},
		{"Deploy", "", changing((*svc).Deploy, "id_1", agents.DeployParams{Channel: agents.ChannelSMS}), "POST", one + "/deploy", "", `{"channel":"sms"}`},
		{"Chat", "minimal", changing((*svc).Chat, "id_1", agents.ChatParams{Message: "Hi"}), "POST", one + "/chat", "", `{"message":"Hi"}`},
		{
			"Chat", "full",
			changing((*svc).Chat, "id_1", agents.ChatParams{Message: "Hi", ConversationID: "conv_1", Metadata: orbit.Metadata{"order": 7}}),
			"POST", one + "/chat", "", `{"message":"Hi","conversation_id":"conv_1","metadata":{"order":7}}`,
		},
		{"ListTools", "", func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
			_, err := s.ListTools(ctx, opts...)
			return err
		}, "GET", "/agents/tools", "", ""},
	}
}

func knowledgeGoldens() []golden {
	const one, all = "/knowledge-bases/{id}", "/knowledge-bases"
	const documents, document = one + "/documents", one + "/documents/{docId}"
	type kb = agents.KnowledgeBases
	type docs = agents.Documents
	return []golden{
		{"KnowledgeBases.Create", "minimal", sending((*kb).Create, agents.CreateKnowledgeBaseParams{Name: "FAQ"}), "POST", all, "", `{"name":"FAQ"}`},
		{
			"KnowledgeBases.Create", "full", sending((*kb).Create, agents.CreateKnowledgeBaseParams{Name: "FAQ", Description: "Answers"}),
			"POST", all, "", `{"name":"FAQ","description":"Answers"}`,
		},
		{"KnowledgeBases.List", "minimal", sending((*kb).List, agents.ListKnowledgeBasesParams{}), "GET", all, "", ""},
		{"KnowledgeBases.List", "full", sending((*kb).List, agents.ListKnowledgeBasesParams{Cursor: "c", Limit: 5}), "GET", all, "cursor=c&limit=5", ""},
		{"KnowledgeBases.Get", "", getting((*kb).Get, "id_1"), "GET", one, "", ""},
		{
			"KnowledgeBases.Update", "minimal", changing((*kb).Update, "id_1", agents.UpdateKnowledgeBaseParams{Name: "FAQ"}),
			"PUT", one, "", `{"name":"FAQ"}`,
		},
		{
			"KnowledgeBases.Update", "full", changing((*kb).Update, "id_1", agents.UpdateKnowledgeBaseParams{Name: "FAQ", Description: orbit.Set("Answers")}),
			"PUT", one, "", `{"name":"FAQ","description":"Answers"}`,
		},
		{"KnowledgeBases.Delete", "", func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
			return s.KnowledgeBases.Delete(ctx, "id_1", opts...)
		}, "DELETE", one, "", ""},
		{
			"KnowledgeBases.Search", "minimal", changing((*kb).Search, "id_1", agents.SearchParams{Query: "opening hours"}),
			"POST", one + "/search", "", `{"query":"opening hours"}`,
		},
		{
			"KnowledgeBases.Search", "full", changing((*kb).Search, "id_1", agents.SearchParams{Query: "opening hours", TopK: 3}),
			"POST", one + "/search", "", `{"query":"opening hours","top_k":3}`,
		},
		{"KnowledgeBases.Documents.List", "minimal", changing((*docs).List, "id_1", agents.ListDocumentsParams{}), "GET", documents, "", ""},
		{
			"KnowledgeBases.Documents.List", "full", changing((*docs).List, "id_1", agents.ListDocumentsParams{Cursor: "c", Limit: 5}),
			"GET", documents, "cursor=c&limit=5", "",
		},
		{"KnowledgeBases.Documents.Upload", "", func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
			_, err := s.KnowledgeBases.Documents.Upload(ctx, "id_1", agents.UploadDocumentParams{
				Filename: "faq.txt", Content: strings.NewReader("Hello"),
			}, opts...)
			return err
		}, "POST", documents, "", "--185f8db32271fe25f561a6fc938b2e26\r\n" +
			"Content-Disposition: form-data; name=\"file\"; filename=\"faq.txt\"\r\nContent-Type: text/plain\r\n\r\nHello\r\n" +
			"--185f8db32271fe25f561a6fc938b2e26--\r\n"},
		{"KnowledgeBases.Documents.Delete", "", func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
			return s.KnowledgeBases.Documents.Delete(ctx, "id_1", "doc_1", opts...)
		}, "DELETE", document, "", ""},
		{"KnowledgeBases.Documents.Retry", "", func(ctx context.Context, s *agents.Service, opts ...orbit.CallOption) error {
			_, err := s.KnowledgeBases.Documents.Retry(ctx, "id_1", "doc_1", opts...)
			return err
		}, "POST", document + "/retry", "", ""},
	}
}

// TestRequests compares what each operation sends with the contract: name, HTTP
// method, path, query, body and headers.
func TestRequests(t *testing.T) { // ERG-2, ERG-5, RET-1
	t.Parallel()
	for _, c := range goldens() {
		t.Run(c.op+" "+c.name, func(t *testing.T) {
			t.Parallel()
			path := strings.NewReplacer("{id}", "id_1", "{docId}", "doc_1").Replace(c.path)
			mock := newMock(t)
			var got request
			mock.RegisterResponder(c.method, orbit.DefaultBaseURL+path, record(&got, http.StatusOK, accepted))
			var seen []orbit.CallEvent
			observer := orbit.Observer{CallDone: func(_ context.Context, e orbit.CallEvent) { seen = append(seen, e) }}

			require.NoError(t, c.call(t.Context(), newService(t, mock, orbit.WithObserver(observer))))

			assert.Equal(t, c.query, got.query)
			assert.Equal(t, c.body, got.body)
			assert.Equal(t, apiKey, got.header.Get("X-API-Key"))
			contentType, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
			switch {
			case c.body == "":
				assert.Empty(t, contentType)
			case strings.HasSuffix(c.op, "Upload"):
				assert.Equal(t, "multipart/form-data", contentType)
			default:
				assert.Equal(t, "application/json", contentType)
			}
			assert.Equal(t, 1, mock.GetTotalCallCount())
			require.Len(t, seen, 1)
			assert.Equal(t, "Agents."+c.op, seen[0].Op)
			assert.Equal(t, c.path, seen[0].Route)
			// Chat spells the header so that net/http does not repeat it.
			keyed := got.header["Idempotency-Key"] != nil || c.op == "Chat" && got.header["Idempotency-key"] != nil //nolint:staticcheck // the spelling is the point
			assert.Equal(t, c.method != http.MethodGet, keyed)
		})
	}
}

// TestRepeatsAreTheSameBytes sees each operation that changes something fail and
// be repeated. Chat asks for it.
func TestRepeatsAreTheSameBytes(t *testing.T) { // RET-1, RET-2, RET-9
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range goldens() {
			if c.method == http.MethodGet {
				continue
			}
			mock := newMock(t)
			var got [2]request
			failed, worked := record(&got[0], http.StatusBadGateway, "<html>"), record(&got[1], http.StatusOK, accepted)
			mock.RegisterNoResponder(failed.Then(worked))
			err := c.call(t.Context(), newService(t, mock), orbit.WithRetry(orbit.RetryDefault), orbit.WithIdempotencyKey("job-4711"))
			require.NoError(t, err, c.op)
			assert.Equal(t, got[0], got[1], c.op)
			assert.Equal(t, []string{"job-4711"}, got[0].header["Idempotency-Key"], c.op)
		}
	})
}

// TestTheFakeKnowsEveryField sends everything to an Orbit in memory, which fails
// the test for a field or path that the contract does not have.
func TestTheFakeKnowsEveryField(t *testing.T) {
	t.Parallel()
	for _, c := range goldens() {
		server := orbittest.New(t)
		_ = c.call(t.Context(), server.Client().Agents) // there is no id_1
		assert.Len(t, server.Requests(c.method+" "+c.path), 1, "%s %s", c.op, c.name)
	}
}

// TestGoldensAreComplete proves that the tables leave no operation out: those of
// the iterators and of Wait are those of List.
func TestGoldensAreComplete(t *testing.T) { // CTX-1
	t.Parallel()
	var methods, tested []string
	for prefix, service := range map[string]reflect.Type{
		"": reflect.TypeFor[*agents.Service](), "KnowledgeBases.": reflect.TypeFor[*agents.KnowledgeBases](),
		"KnowledgeBases.Documents.": reflect.TypeFor[*agents.Documents](),
	} {
		for i := range service.NumMethod() {
			if name := service.Method(i).Name; name != "All" && name != "Pages" && name != "Wait" {
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
