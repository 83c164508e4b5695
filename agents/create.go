package agents

import (
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// CreateParams describes a new agent, for [Service.Create]. An older API requires Type, Model and SystemPrompt
// as well.
type CreateParams struct {
	// Name is what people call it. Required.
	Name string `json:"name"`
	// Description says what it is for.
	Description string `json:"description,omitzero"`
	// Type is the kind of agent; the default is [TypeCustom].
	Type Type `json:"type,omitzero"`
	// Model is the language model behind it; the default is the API's.
	Model string `json:"model,omitzero"`
	// SystemPrompt is what the model is told before every conversation. An agent
	// needs one to be deployed.
	SystemPrompt string `json:"system_prompt,omitzero"`
	// Channels are for an older API. The newer one ignores them: see
	// [Service.Deploy].
	Channels []Channel `json:"channels,omitempty"`
	// Tools are what it may do besides answering.
	Tools []Tool `json:"tools,omitempty"`
	// Guardrails are the checks on what it says, a JSON object such as
	// {"output_checks": ["no_pii"]}.
	Guardrails json.RawMessage `json:"guardrails,omitempty"`
	// KnowledgeBaseIDs are the knowledge bases that it answers from.
	KnowledgeBaseIDs []string `json:"knowledge_base_ids,omitempty"`
	// Temperature is how freely the model words its answers, from 0 to 2; nil for
	// the default of 0.7.
	Temperature *float64 `json:"temperature,omitzero"`
	// MaxTokens is how many tokens the model may write in one answer; 0 for the
	// default of 4096.
	MaxTokens int `json:"max_tokens,omitzero"`
	// MaxCostPerRunCents is what one run may cost, in cents; nil for no cap.
	MaxCostPerRunCents *int `json:"max_cost_per_run_cents,omitzero"`
	// MaxCostPerConversationCents is what a conversation may cost, in cents; nil
	// for no cap.
	MaxCostPerConversationCents *int `json:"max_cost_per_conversation_cents,omitzero"`
	// MaxAPICallsPerRun is how many calls to tools one run may make; nil for the
	// default of 25, which is also the maximum.
	MaxAPICallsPerRun *int `json:"max_api_calls_per_run,omitzero"`
}

// Create makes an agent. It is a draft: [Service.Deploy] lets it answer. (An older
// API makes it active at once.) The response holds few of the agent's fields: Get
// returns the rest.
//
// POST /agents
func (s *Service) Create(ctx context.Context, params CreateParams, opts ...api.CallOption) (*Agent, error) {
	route := call.Post("Agents.Create", "/agents").Check(check.Required("name", params.Name), checkTools(params.Tools))
	return call.Create[Agent, agentWire](ctx, s.core, route, params, opts)
}
