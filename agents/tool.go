package agents

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// Tool is something that an agent may do: one that Orbit knows, by its ID, or one
// that is defined here.
type Tool struct {
	// ID names a built-in tool, or a custom one that the account has. A tool with
	// an ID is sent as the ID alone.
	ID ToolID
	// Name is what the model calls the tool. Required without an ID.
	Name string
	// Description tells the model when to use it.
	Description string
	// Parameters is the JSON Schema of what the tool takes.
	Parameters json.RawMessage
}

// toolJSON is a Tool in its long form.
type toolJSON struct {
	ID          ToolID          `json:"id,omitzero"`
	Name        string          `json:"name"`
	Description string          `json:"description,omitzero"`
	Parameters  json.RawMessage `json:"parameters,omitempty"`
}

// MarshalJSON writes the ID as a string, or else the definition as an object.
func (t Tool) MarshalJSON() ([]byte, error) {
	if t.ID != "" {
		return json.Marshal(t.ID)
	}
	return json.Marshal(toolJSON(t))
}

// UnmarshalJSON reads an ID, or an object.
func (t *Tool) UnmarshalJSON(data []byte) error {
	*t = Tool{}
	if bytes.HasPrefix(data, []byte("{")) {
		err := wire.Unmarshal(data, (*toolJSON)(t))
		t.Parameters = given(t.Parameters)
		return err
	}
	return wire.Unmarshal(data, &t.ID)
}

// checkTools refuses a tool that neither names nor defines anything.
func checkTools(tools []Tool) *check.Problem {
	nameless := slices.ContainsFunc(tools, func(t Tool) bool { return t.ID == "" && t.Name == "" })
	return check.That(!nameless, "tools", "must each have an ID or a name")
}

// cloneTools copies tools with all that they point to.
func cloneTools(tools []Tool) []Tool {
	tools = slices.Clone(tools)
	for i := range tools {
		tools[i].Parameters = slices.Clone(tools[i].Parameters)
	}
	return tools
}

// ToolID names a tool. The set is open: custom tools have IDs of their own.
type ToolID string

// The built-in tools.
const (
	// ToolIDSendSMS sends a text message.
	ToolIDSendSMS ToolID = "send_sms"
	// ToolIDSendWhatsApp sends a WhatsApp message.
	ToolIDSendWhatsApp ToolID = "send_whatsapp"
	// ToolIDSendEmail sends an e-mail.
	ToolIDSendEmail ToolID = "send_email"
	// ToolIDLookupContact finds out about a contact.
	ToolIDLookupContact ToolID = "lookup_contact"
	// ToolIDCheckBalance reads the balance of the account.
	ToolIDCheckBalance ToolID = "check_balance"
	// ToolIDCreateTicket opens a ticket.
	ToolIDCreateTicket ToolID = "create_ticket"
	// ToolIDSearchKnowledge looks into the knowledge bases of the agent.
	ToolIDSearchKnowledge ToolID = "search_knowledge"
	// ToolIDTransferAgent hands the conversation to another agent, or to a person.
	ToolIDTransferAgent ToolID = "transfer_agent"
	// ToolIDKnowledgeBase answers from the knowledge bases of the agent, in an example
	// of Orbit's documentation.
	ToolIDKnowledgeBase ToolID = "knowledge_base"
	// ToolIDHumanHandoff hands the conversation to a person, in an example of Orbit's
	// documentation.
	ToolIDHumanHandoff ToolID = "human_handoff"
)

// Known reports whether the tool is built in, as far as this version of the SDK
// knows.
func (id ToolID) Known() bool {
	switch id {
	case ToolIDSendSMS, ToolIDSendWhatsApp, ToolIDSendEmail, ToolIDLookupContact, ToolIDCheckBalance, ToolIDCreateTicket,
		ToolIDSearchKnowledge, ToolIDTransferAgent, ToolIDKnowledgeBase, ToolIDHumanHandoff:
		return true
	}
	return false
}

// ToolInfo describes a tool that agents of the account can be given.
type ToolInfo struct {
	api.Meta `json:"-"`

	// ID is what to give as the ID of a [Tool].
	ID ToolID `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// Description says what it does.
	Description string `json:"description,omitzero"`
}

// ListTools returns the tools that agents can be given, all on one page.
//
// GET /agents/tools
func (s *Service) ListTools(ctx context.Context, opts ...api.CallOption) (*api.Page[ToolInfo], error) {
	return call.List[ToolInfo, toolInfoWire](ctx, s.core, call.Get("Agents.ListTools", "/agents/tools"), nil, opts)
}

// toolInfoWire is a ToolInfo as the API writes it.
type toolInfoWire struct{ ToolInfo }

// Public returns the tool with its metadata.
func (w *toolInfoWire) Public(info *api.ResponseInfo) *ToolInfo {
	w.Info = info
	return &w.ToolInfo
}
