package orbittest

import (
	"net/http"
	"slices"
	"strings"
)

// agents is the service under /agents and /knowledge-bases.
type agents struct {
	server *Server
	rows   *collection[*agent]
	bases  *collection[*knowledgeBase]
}

func newAgents(a *account) *agents {
	return &agents{server: a.server, rows: newCollection[*agent](), bases: newCollection[*knowledgeBase]()}
}

func (a *agents) routes() []*route {
	const read, write = "agents:read", "agents:write"
	const created, none = http.StatusCreated, http.StatusNoContent
	return slices.Concat([]*route{
		{method: "POST", path: "/agents", scope: write, perMinute: 20, status: created,
			body: newAgentFields, translate: translateAgent, check: checkNewAgent, handle: a.create},
		{method: "GET", path: "/agents", scope: read, perMinute: 60, query: agentQuery, handle: a.list},
		{method: "GET", path: "/agents/tools", scope: read, handle: a.tools},
		{method: "GET", path: "/agents/{id}", scope: read, handle: a.get},
		{method: "PUT", path: "/agents/{id}", scope: write, body: wholeAgentFields, translate: translateAgent, check: checkTools, handle: a.replace},
		{method: "PATCH", path: "/agents/{id}", scope: write, body: agentFields, translate: translateAgent, check: checkTools, handle: a.update},
		{method: "DELETE", path: "/agents/{id}", scope: write, status: none, handle: a.remove},
		{method: "POST", path: "/agents/{id}/deploy", scope: write, body: deployFields, handle: a.deploy},
		{method: "POST", path: "/agents/{id}/chat", scope: write, perMinute: 20, body: chatFields, handle: a.chat},
	}, a.knowledgeRoutes())
}

func (a *agents) create(c *call) (result, *failure) {
	row := &agent{
		id: a.server.newID("agt_"), status: c.server.cfg.generation.word("draft", "active"), created: c.now,
		conversations: make(map[string]*conversation),
	}
	row.replace(c)
	a.rows.add(row.id, row.created, row)
	return result{data: row.object()}, nil
}

func (a *agents) list(c *call) (result, *failure) {
	status, search := c.query.Get("status"), strings.ToLower(c.query.Get("search"))
	keep := func(row *agent) bool {
		return (status == "" || status == row.status) && strings.Contains(strings.ToLower(row.text("name")), search)
	}
	return listPage(c, a.rows, keep, func(row *agent) object { return row.listed(c) })
}

// find returns the agent that a path names.
func (a *agents) find(c *call) (*agent, *failure) {
	row, ok := a.rows.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no agent with this ID.")
	}
	return row, nil
}

// change answers with an agent after do has changed it.
func (a *agents) change(c *call, do func(*agent) *failure) (result, *failure) {
	row, problem := a.find(c)
	if problem == nil {
		problem = do(row)
	}
	if problem != nil {
		return result{}, problem
	}
	return result{data: row.object()}, nil
}

func (a *agents) get(c *call) (result, *failure) {
	return a.change(c, func(*agent) *failure { return nil })
}

func (a *agents) replace(c *call) (result, *failure) {
	return a.change(c, func(row *agent) *failure {
		row.replace(c)
		return nil
	})
}

func (a *agents) update(c *call) (result, *failure) {
	return a.change(c, func(row *agent) *failure {
		row.update(c)
		return nil
	})
}

func (a *agents) remove(c *call) (result, *failure) {
	row, problem := a.find(c)
	if problem == nil {
		a.rows.remove(row.id)
	}
	return result{}, problem
}

// deploy lets an agent that knows what it is for answer on a channel.
func (a *agents) deploy(c *call) (result, *failure) {
	return a.change(c, func(row *agent) *failure {
		if row.text("system_prompt") == "" {
			return missing("system_prompt")
		}
		if channel := c.text("channel"); !slices.Contains(row.channels, channel) {
			row.channels = append(row.channels, channel)
		}
		row.status, row.updated = "active", c.now
		return nil
	})
}

// tools lists what is built in.
func (a *agents) tools(*call) (result, *failure) {
	tool := func(id, name, description string) object {
		return object{{"id", id}, {"name", name}, {"description", description}}
	}
	return result{data: []object{
		tool("send_sms", "Send SMS", "Sends a text message."),
		tool("send_whatsapp", "Send WhatsApp", "Sends a WhatsApp message."),
		tool("send_email", "Send e-mail", "Sends an e-mail."),
		tool("lookup_contact", "Look up contact", "Finds out about a contact."),
		tool("check_balance", "Check balance", "Reads the balance of the account."),
		tool("create_ticket", "Create ticket", "Opens a ticket."),
		tool("search_knowledge", "Search knowledge", "Looks into the knowledge bases of the agent."),
		tool("transfer_agent", "Transfer", "Hands the conversation over."),
	}}, nil
}

// agentFields is what can be written to an agent. What its guardrails and its
// tools' parameters say is kept raw.
func agentFields() schema {
	return schema{
		{name: "name", kind: text},
		{name: "description", kind: text},
		{name: "type", kind: text, format: oneOf("custom", "chatbot", "router", "voice", "workflow", "conversational", "task")},
		{name: "model", kind: text},
		{name: "system_prompt", kind: text},
		{name: "status", kind: text, format: agentStatus()},
		{name: "channels", kind: list, item: &field{kind: text}},
		{name: "tools", kind: list, item: &field{fields: schema{{name: "name"}, {name: "description"}, {name: "parameters"}}}},
		{name: "guardrails", kind: record},
		{name: "knowledge_base_ids", kind: list, item: &field{kind: text}},
		{name: "temperature", kind: number, max: 2},
		{name: "max_tokens", kind: integer, min: 1},
		{name: "max_cost_per_run_cents", kind: integer},
		{name: "max_cost_per_conversation_cents", kind: integer},
		{name: "max_api_calls_per_run", kind: integer, max: 25},
	}
}

func agentStatus() format { return oneOf("draft", "active", "paused", "archived") }

// wholeAgentFields asks for a name.
func wholeAgentFields() schema {
	fields := agentFields()
	fields.find("name").required = true
	return fields
}

// newAgentFields leaves the status to the server: a new agent is a draft.
func newAgentFields() schema {
	return slices.DeleteFunc(wholeAgentFields(), func(f field) bool { return f.name == "status" })
}

// checkNewAgent asks for what the older generation requires besides a name. Its page
// on costs, which calls the prompt instructions, leaves out the type.
func checkNewAgent(c *call) *failure {
	if c.server.cfg.generation == Older {
		for _, name := range []string{"type", "model", "system_prompt"} {
			if name == "type" && slices.Contains(c.olderForms, "instructions") {
				continue
			}
			if !c.has(name) {
				return missing(name)
			}
		}
	}
	return checkTools(c)
}

// checkTools asks of each tool for an ID, or for the object that defines it.
func checkTools(c *call) *failure {
	tools, _ := c.fields["tools"].([]any)
	for i, tool := range tools {
		at := itemPath("tools", i)
		switch tool := tool.(type) {
		case string:
		case map[string]any:
			if name, _ := tool["name"].(string); name == "" {
				return missing(at + ".name")
			}
		default:
			return invalid(codeValidation, at, nil, "the ID of a tool, or its definition")
		}
	}
	return nil
}

func agentQuery() schema {
	return listQuery(
		sorting(),
		field{name: "status", kind: text, format: agentStatus()},
		field{name: "search", kind: text},
	)
}

func deployFields() schema {
	return schema{{name: "channel", kind: text, required: true}}
}
