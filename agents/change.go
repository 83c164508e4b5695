package agents

import (
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ReplaceParams is a whole agent. Begin with [Agent.ReplaceParams]: what is not
// given is not kept.
type ReplaceParams struct {
	// Name is what people call it. Required.
	Name string `json:"name"`
	// Description says what it is for.
	Description string `json:"description,omitzero"`
	// Type is the kind of agent.
	Type Type `json:"type,omitzero"`
	// Model is the language model behind it.
	Model string `json:"model,omitzero"`
	// SystemPrompt is what the model is told before every conversation.
	SystemPrompt string `json:"system_prompt,omitzero"`
	// Status tells whether it answers.
	Status Status `json:"status,omitzero"`
	// Channels are the channels it is deployed to. The newer API may ignore them:
	// see [Service.Deploy].
	Channels []Channel `json:"channels,omitzero"`
	// Tools are what it may do besides answering. An empty slice is sent, nil is
	// not.
	Tools []Tool `json:"tools,omitzero"`
	// Guardrails are the checks on what it says, a JSON object.
	Guardrails json.RawMessage `json:"guardrails,omitempty"`
	// KnowledgeBaseIDs are the knowledge bases that it answers from. An empty
	// slice is sent, nil is not.
	KnowledgeBaseIDs []string `json:"knowledge_base_ids,omitzero"`
	// Temperature is how freely the model words its answers, from 0 to 2; nil for
	// the default.
	Temperature *float64 `json:"temperature,omitzero"`
	// MaxTokens is how many tokens the model may write in one answer; 0 for the
	// default.
	MaxTokens int `json:"max_tokens,omitzero"`
	// MaxCostPerRunCents is what one run may cost, in cents; nil for no cap.
	MaxCostPerRunCents *int `json:"max_cost_per_run_cents,omitzero"`
	// MaxCostPerConversationCents is what a conversation may cost, in cents; nil
	// for no cap.
	MaxCostPerConversationCents *int `json:"max_cost_per_conversation_cents,omitzero"`
	// MaxAPICallsPerRun is how many calls to tools one run may make; nil for the
	// default.
	MaxAPICallsPerRun *int `json:"max_api_calls_per_run,omitzero"`
}

// Replace replaces a whole agent. New conversations use it at once. The path is
// documented; that the request is the whole agent, and the answer an agent,
// follows the API's conventions. An answer without a body gives an Agent that
// holds nothing but its metadata.
//
// PUT /agents/{id}
func (s *Service) Replace(ctx context.Context, id string, params ReplaceParams, opts ...api.CallOption) (*Agent, error) {
	route := call.Put("Agents.Replace", "/agents/{id}", id).MayBeEmpty().Check(
		check.Required("name", params.Name), checkTools(params.Tools))
	return call.Do[Agent, agentWire](ctx, s.core, route, params, opts)
}

// UpdateParams is what to change of an agent. What is not given stays as it is.
// The fields of type [api.Opt] can be given as null too, with [api.Null], which
// takes a cap away and brings a default back.
type UpdateParams struct {
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// Description says what it is for.
	Description api.Opt[string] `json:"description,omitzero"`
	// Type is the kind of agent.
	Type Type `json:"type,omitzero"`
	// Model is the language model behind it.
	Model string `json:"model,omitzero"`
	// SystemPrompt is what the model is told before every conversation.
	SystemPrompt api.Opt[string] `json:"system_prompt,omitzero"`
	// Status lets it answer, or not: such as [StatusPaused].
	Status Status `json:"status,omitzero"`
	// Tools replace all tools. An empty slice takes all away; nil leaves them.
	Tools []Tool `json:"tools,omitzero"`
	// Guardrails replace the checks on what it says, a JSON object.
	Guardrails api.Opt[json.RawMessage] `json:"guardrails,omitzero"`
	// KnowledgeBaseIDs replace the knowledge bases that it answers from. An empty
	// slice takes all away; nil leaves them.
	KnowledgeBaseIDs []string `json:"knowledge_base_ids,omitzero"`
	// Temperature is how freely the model words its answers, from 0 to 2.
	Temperature api.Opt[float64] `json:"temperature,omitzero"`
	// MaxTokens is how many tokens the model may write in one answer.
	MaxTokens api.Opt[int] `json:"max_tokens,omitzero"`
	// MaxCostPerRunCents is what one run may cost, in cents; null for no cap.
	MaxCostPerRunCents api.Opt[int] `json:"max_cost_per_run_cents,omitzero"`
	// MaxCostPerConversationCents is what a conversation may cost, in cents; null
	// for no cap.
	MaxCostPerConversationCents api.Opt[int] `json:"max_cost_per_conversation_cents,omitzero"`
	// MaxAPICallsPerRun is how many calls to tools one run may make.
	MaxAPICallsPerRun api.Opt[int] `json:"max_api_calls_per_run,omitzero"`
}

// Update changes the given fields of an agent. It was seen for tools and cost
// caps; the other fields, and null for what is to be cleared, follow the API's
// conventions. An answer without a body gives an Agent that holds nothing but its
// metadata.
//
// PATCH /agents/{id}
func (s *Service) Update(ctx context.Context, id string, params UpdateParams, opts ...api.CallOption) (*Agent, error) {
	route := call.Patch("Agents.Update", "/agents/{id}", id).MayBeEmpty().Check(checkTools(params.Tools))
	return call.Do[Agent, agentWire](ctx, s.core, route, params, opts)
}

// Delete deletes an agent. The conversations that it is in come to their end.
//
// DELETE /agents/{id}
func (s *Service) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Agents.Delete", "/agents/{id}", id), nil, opts)
}

// DeployParams says where an agent is to answer.
type DeployParams struct {
	// Channel is where it answers. Required.
	Channel Channel `json:"channel"`
}

// Deploy lets an agent answer on a channel. The agent needs a system prompt. That
// the answer is the agent follows the API's conventions; one without a body gives
// an Agent that holds nothing but its metadata.
//
// POST /agents/{id}/deploy
func (s *Service) Deploy(ctx context.Context, id string, params DeployParams, opts ...api.CallOption) (*Agent, error) {
	route := call.Post("Agents.Deploy", "/agents/{id}/deploy", id).MayBeEmpty().Check(
		check.Required("channel", string(params.Channel)))
	return call.Do[Agent, agentWire](ctx, s.core, route, params, opts)
}
