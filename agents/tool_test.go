package agents_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
)

// TestTool takes and gives both forms of a tool.
func TestTool(t *testing.T) { // ERG-3
	t.Parallel()
	for _, c := range []struct {
		name, from string
		tool       agents.Tool
		to         string // "" for from
	}{
		{"built in", `"send_sms"`, agents.Tool{ID: agents.ToolIDSendSMS}, ""},
		{"custom", `"tool_01HV"`, agents.Tool{ID: "tool_01HV"}, ""},
		{"definition", `{"name":"quote"}`, agents.Tool{Name: "quote"}, ""},
		{
			"whole definition", `{"name":"quote","description":"Quotes","parameters":{"type":"object","max":9007199254740993}}`,
			agents.Tool{Name: "quote", Description: "Quotes", Parameters: json.RawMessage(`{"type":"object","max":9007199254740993}`)}, "",
		},
		{"definition with nulls", `{"name":"quote","description":null,"parameters":null}`, agents.Tool{Name: "quote"}, `{"name":"quote"}`},
		{
			"expanded", `{"id":"send_sms","name":"Send SMS","description":"Sends"}`,
			agents.Tool{ID: agents.ToolIDSendSMS, Name: "Send SMS", Description: "Sends"}, `"send_sms"`,
		},
		{"number for an ID", `7`, agents.Tool{ID: "7"}, `"7"`},
		{"number for a name", `{"name":7}`, agents.Tool{Name: "7"}, `{"name":"7"}`},
		{"nothing", `null`, agents.Tool{}, `{"name":""}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := agents.Tool{ID: "left", Name: "over"}
			require.NoError(t, json.Unmarshal([]byte(c.from), &got))
			assert.Equal(t, c.tool, got)
			encoded, err := json.Marshal(got)
			require.NoError(t, err)
			if c.to == "" {
				c.to = c.from
			}
			assert.Equal(t, c.to, string(encoded))
		})
	}
	var tool agents.Tool
	require.Error(t, json.Unmarshal([]byte(`["send_sms"]`), &tool))
}

func TestToolIDKnown(t *testing.T) { // FWD-2
	t.Parallel()
	for _, id := range []agents.ToolID{
		agents.ToolIDSendSMS, agents.ToolIDSendWhatsApp, agents.ToolIDSendEmail, agents.ToolIDLookupContact, agents.ToolIDCheckBalance,
		agents.ToolIDCreateTicket, agents.ToolIDSearchKnowledge, agents.ToolIDTransferAgent,
	} {
		assert.True(t, id.Known(), id)
	}
	assert.False(t, agents.ToolID("tool_01HV").Known())
}

func TestListToolsAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"newer":  `{"data":[{"id":"send_sms","name":"Send SMS","description":"Sends"}],"meta":{"request_id":"req_1"}}`,
		"nested": `{"data":{"tools":[{"id":"send_sms","name":"Send SMS","description":"Sends"}]},"meta":{"request_id":"req_1"}}`,
	} {
		page, err := answering(t, body).ListTools(t.Context())
		require.NoError(t, err, name)
		require.Len(t, page.Items, 1, name)
		assert.Equal(t, "req_1", page.Items[0].RequestID())
		page.Items[0].Meta = orbit.Meta{}
		assert.Equal(t, agents.ToolInfo{ID: agents.ToolIDSendSMS, Name: "Send SMS", Description: "Sends"}, page.Items[0], name)
		assert.False(t, page.HasMore)
	}
}

// Raw JSON that is none is refused before anything is sent.
func TestRawJSONThatIsNone(t *testing.T) {
	t.Parallel()
	for _, params := range []agents.CreateParams{
		{Name: "x", Guardrails: json.RawMessage(`{"a":`)},
		{Name: "x", Tools: []agents.Tool{{Name: "x", Parameters: json.RawMessage(`x`)}}},
	} {
		mock := newMock(t)
		_, err := newService(t, mock).Create(t.Context(), params)
		var refused *orbit.ParamError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "body", refused.Field)
		assert.Zero(t, mock.GetTotalCallCount())
	}
}
