package agents

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Agent is an AI agent. Every field except for the ID may be missing in a response,
// and is zero then. The response to a create holds neither SystemPrompt nor Tools,
// Guardrails and UpdatedAt: Get returns them.
type Agent struct {
	api.Meta `json:"-"`

	// ID is the agent's ID, opaque.
	ID string `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// Description says what it is for.
	Description string `json:"description,omitzero"`
	// Type is the kind of agent.
	Type Type `json:"type,omitzero"`
	// Model is the language model behind it, such as "claude-sonnet-4-6",
	// "claude-opus-4-7" or "claude-haiku-4-5-20251001". Older agents have others,
	// such as "gpt-4o".
	Model string `json:"model,omitzero"`
	// SystemPrompt is what the model is told before every conversation.
	SystemPrompt string `json:"system_prompt,omitzero"`
	// Status tells whether it answers.
	Status Status `json:"status,omitzero"`
	// Channels are the channels it is deployed to.
	Channels []Channel `json:"channels,omitzero"`
	// Tools are what it may do besides answering. It is nil where the answer does
	// not say, and empty where there are none.
	Tools []Tool `json:"tools,omitzero"`
	// ToolsCount is the number of tools.
	ToolsCount int `json:"tools_count,omitzero"`
	// Guardrails are the checks on what it says, a JSON object such as
	// {"output_checks": ["no_pii"]}, as it came.
	Guardrails json.RawMessage `json:"guardrails,omitempty"`
	// KnowledgeBaseIDs are the knowledge bases that it answers from.
	KnowledgeBaseIDs []string `json:"knowledge_base_ids,omitzero"`
	// Temperature is how freely the model words its answers, from 0 to 2; nil
	// where the answer does not say.
	Temperature *float64 `json:"temperature,omitzero"`
	// MaxTokens is how many tokens the model may write in one answer.
	MaxTokens int `json:"max_tokens,omitzero"`
	// MaxCostPerRunCents is what one run may cost, in cents; nil without a cap.
	MaxCostPerRunCents *int `json:"max_cost_per_run_cents,omitzero"`
	// MaxCostPerConversationCents is what a conversation may cost, in cents; nil
	// without a cap.
	MaxCostPerConversationCents *int `json:"max_cost_per_conversation_cents,omitzero"`
	// MaxAPICallsPerRun is how many calls to tools one run may make; nil where the
	// answer does not say.
	MaxAPICallsPerRun *int `json:"max_api_calls_per_run,omitzero"`
	// ActiveConversations is the number of conversations under way. Lists have it.
	ActiveConversations int `json:"active_conversations,omitzero"`
	// ConversationCount is the number of all conversations. Lists have it.
	ConversationCount int `json:"conversation_count,omitzero"`
	// TotalTokens is the number of tokens used so far. Lists have it.
	TotalTokens int64 `json:"total_tokens,omitzero"`
	// LastActiveAt is when it last answered; zero if it never did.
	LastActiveAt time.Time `json:"last_active_at,omitzero"`
	// CreatedAt is when it was created.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`

	// promptless reports that the response held a system prompt, an empty one.
	promptless bool
}

// ReplaceParams returns the agent as params for [Service.Replace]: change what is
// to be changed and send the whole. Nothing that this type has a field for is
// lost, except what only Orbit sets. The params share no memory with the agent.
//
// It reports false where the response that the agent came from held no
// system_prompt, such as that of a create, which names few fields: Replace would
// wipe the others. Get the agent first. An item of a list may come without its
// tools as well.
func (a *Agent) ReplaceParams() (params ReplaceParams, whole bool) {
	return ReplaceParams{
		Name:                        a.Name,
		Description:                 a.Description,
		Type:                        a.Type,
		Model:                       a.Model,
		SystemPrompt:                a.SystemPrompt,
		Status:                      a.Status,
		Channels:                    slices.Clone(a.Channels),
		Tools:                       cloneTools(a.Tools),
		Guardrails:                  slices.Clone(a.Guardrails),
		KnowledgeBaseIDs:            slices.Clone(a.KnowledgeBaseIDs),
		Temperature:                 clone(a.Temperature),
		MaxTokens:                   a.MaxTokens,
		MaxCostPerRunCents:          clone(a.MaxCostPerRunCents),
		MaxCostPerConversationCents: clone(a.MaxCostPerConversationCents),
		MaxAPICallsPerRun:           clone(a.MaxAPICallsPerRun),
	}, a.SystemPrompt != "" || a.promptless
}

// clone copies what a pointer points to.
func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// agentWire is an Agent as all generations of the API write it.
type agentWire struct {
	Agent

	AgentID      string `json:"agent_id"`
	Prompt       prompt `json:"system_prompt"`
	Instructions prompt `json:"instructions"`
}

// A prompt tells an empty one from none.
type prompt struct {
	text  string
	given bool
}

// UnmarshalJSON takes null for an empty prompt.
func (p *prompt) UnmarshalJSON(data []byte) error {
	p.given = true
	return wire.Unmarshal(data, &p.text)
}

// Public returns the agent under the names of the newest generation.
func (w *agentWire) Public(info *api.ResponseInfo) *Agent {
	w.Info = info
	w.ID = w.Identity()
	w.SystemPrompt = cmp.Or(w.Prompt.text, w.Instructions.text)
	w.promptless = w.SystemPrompt == "" && (w.Prompt.given || w.Instructions.given)
	w.Guardrails = given(w.Guardrails)
	return &w.Agent
}

// Identity is the agent's ID under whichever name it came.
func (w *agentWire) Identity() string { return cmp.Or(w.ID, w.AgentID) }

// given returns raw JSON, nil for null.
func given(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

// Type is a kind of agent. The set is open.
type Type string

// The documented types.
const (
	// TypeCustom is an agent without a preset. It is the default.
	TypeCustom Type = "custom"
	// TypeChatbot is an agent that chats.
	TypeChatbot Type = "chatbot"
	// TypeRouter is an agent that hands conversations to others.
	TypeRouter Type = "router"
	// TypeVoice is an agent that talks on the phone.
	TypeVoice Type = "voice"
	// TypeWorkflow is an agent that works through steps.
	TypeWorkflow Type = "workflow"
	// TypeConversational is what an older API calls an agent that chats.
	TypeConversational Type = "conversational"
	// TypeTask is what an older API calls an agent that works through steps.
	TypeTask Type = "task"
)

// Known reports whether this version of the SDK has a constant for the type.
func (t Type) Known() bool {
	switch t {
	case TypeCustom, TypeChatbot, TypeRouter, TypeVoice, TypeWorkflow, TypeConversational, TypeTask:
		return true
	}
	return false
}

// Status tells whether an agent answers. The set is open.
type Status string

// The documented statuses.
const (
	// StatusDraft is an agent that was not deployed yet.
	StatusDraft Status = "draft"
	// StatusActive is an agent that answers.
	StatusActive Status = "active"
	// StatusPaused is an agent that is to answer again.
	StatusPaused Status = "paused"
	// StatusArchived is an agent that is kept for the record.
	StatusArchived Status = "archived"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s Status) Known() bool {
	switch s {
	case StatusDraft, StatusActive, StatusPaused, StatusArchived:
		return true
	}
	return false
}

// Channel is a way to reach an agent. The set is open: any channel that Orbit
// names can be given.
type Channel string

// The channels that Orbit's examples name.
const (
	// ChannelWebhook is a program that posts to Orbit.
	ChannelWebhook Channel = "webhook"
	// ChannelSMS is text messages.
	ChannelSMS Channel = "sms"
	// ChannelWhatsApp is WhatsApp.
	ChannelWhatsApp Channel = "whatsapp"
	// ChannelVoice is phone calls.
	ChannelVoice Channel = "voice"
)

// Known reports whether this version of the SDK has a constant for the channel.
func (c Channel) Known() bool {
	switch c {
	case ChannelWebhook, ChannelSMS, ChannelWhatsApp, ChannelVoice:
		return true
	}
	return false
}
