package orbittest

import (
	"maps"
	"slices"
	"strings"
)

// An AgentReply is what an agent says in one chat.
type AgentReply struct {
	// Message is the reply itself.
	Message string
	// Fields are further fields of the answer, such as tool_calls, or replace what
	// the server would answer, such as usage.
	Fields map[string]any
}

// ReplyNext scripts what agents say in the next chats, whichever agent is asked,
// one reply a chat. Chats for which nothing is scripted are answered with the
// passage of the agent's knowledge bases that fits the message best, and with the
// message itself where none does. A delay is a fault:
//
//	server.FailNext("POST /agents/{id}/chat", orbittest.Fault{Delay: 2 * time.Minute})
func (s *Server) ReplyNext(replies ...AgentReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, replies...)
}

func chatFields() schema {
	return schema{
		{name: "message", kind: text, required: true},
		{name: "conversation_id", kind: text},
		metadataField(),
	}
}

// chat is one turn: what the user says, and what the agent says to it.
func (a *agents) chat(c *call) (result, *failure) {
	row, problem := a.find(c)
	if problem != nil {
		return result{}, problem
	}
	id := c.text("conversation_id")
	talk := row.conversations[id]
	if talk == nil {
		if id != "" {
			return result{}, notFound("There is no conversation with this ID.")
		}
		id, talk = a.server.newID("conv_"), &conversation{}
		row.conversations[id] = talk
	}
	reply := a.reply(c, row)
	asked, said := len(strings.Fields(c.text("message"))), len(strings.Fields(reply.Message)) // words, for tokens
	talk.last, row.lastActive = c.now, c.now
	row.tokens += asked + said

	o := object{{"conversation_id", id}, {replyName(c), reply.Message}, {"usage", object{
		{"input_tokens", asked}, {"output_tokens", said}, {"total_tokens", asked + said},
	}}}
	for _, name := range slices.Sorted(maps.Keys(reply.Fields)) {
		o.set(name, reply.Fields[name])
	}
	return result{data: o}, nil
}

// replyName is what an answer calls the reply.
func replyName(c *call) string { return c.server.cfg.generation.word("response", "message") }

// reply is what is scripted, what the agent knows, or an echo.
func (a *agents) reply(c *call, row *agent) AgentReply {
	if scripted := a.server.replies; len(scripted) > 0 {
		a.server.replies = scripted[1:]
		return scripted[0]
	}
	message := c.text("message")
	best := hit{text: message}
	for _, id := range row.list("knowledge_base_ids") {
		id, _ := id.(string)
		if base, ok := a.bases.get(id); ok {
			for _, h := range base.search(message, c.now) {
				if h.score > best.score {
					best = h
				}
			}
		}
	}
	return AgentReply{Message: best.text}
}
