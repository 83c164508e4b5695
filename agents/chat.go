package agents

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// ChatTimeout is how long one attempt of [Service.Chat] may take by default.
const ChatTimeout = 5 * time.Minute

// ChatParams is what a user says to an agent.
type ChatParams struct {
	// Message is the text. Required.
	Message string `json:"message"`
	// ConversationID goes on with a conversation: the ConversationID of an earlier
	// [ChatReply]. Empty begins a new one.
	ConversationID string `json:"conversation_id,omitzero"`
	// Metadata goes along with the message.
	Metadata api.Metadata `json:"metadata,omitempty"`
}

// ChatReply is what an agent says to it.
type ChatReply struct {
	api.Meta `json:"-"`

	// ConversationID goes on with the conversation in [ChatParams].
	ConversationID string `json:"conversation_id,omitzero"`
	// Message is what the agent says.
	Message string `json:"response,omitzero"`
	// ToolCalls are the tools that it used, as the API tells them.
	ToolCalls json.RawMessage `json:"tool_calls,omitempty"`
	// Usage is what the turn used up, as the API tells it.
	Usage json.RawMessage `json:"usage,omitempty"`
	// Raw is the answer as it came, since its shape is not documented.
	Raw json.RawMessage `json:"-"`
}

// Chat says something to an agent and returns what the agent says, after all
// tools that it used in between: this may take minutes, and each attempt has
// [ChatTimeout] unless orbit.WithAttemptTimeout is given to the call. A turn costs
// money: after a failure that leaves open whether the agent was asked, it is
// repeated only if orbit.WithRetry(orbit.RetryDefault) is given. The path is
// documented; the fields of request and answer follow the API's conventions.
//
// POST /agents/{id}/chat
func (s *Service) Chat(ctx context.Context, id string, params ChatParams, opts ...api.CallOption) (*ChatReply, error) {
	route := call.Post("Agents.Chat", "/agents/{id}/chat", id).Once().Patient(ChatTimeout).Check(
		check.Required("message", params.Message))
	return call.Do[ChatReply, chatWire](ctx, s.core, route, params, opts)
}

// chatWire is a ChatReply with the names that its text might have.
type chatWire struct {
	ChatReply

	Response prose `json:"response"`
	Plain    prose `json:"message"`
	Reply    prose `json:"reply"`
	raw      json.RawMessage
}

// UnmarshalJSON reads the answer and keeps it.
func (w *chatWire) UnmarshalJSON(data []byte) error {
	type plain chatWire
	return wire.Keep(data, (*plain)(w), &w.raw)
}

// Public returns the reply with the raw answer.
func (w *chatWire) Public(info *api.ResponseInfo) *ChatReply {
	w.Info, w.Raw = info, w.raw
	w.Message = string(cmp.Or(w.Response, w.Plain, w.Reply))
	w.ToolCalls, w.Usage = given(w.ToolCalls), given(w.Usage)
	return &w.ChatReply
}
