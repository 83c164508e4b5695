// Package agents keeps AI agents, talks to them, and feeds them with knowledge
// bases. Its [Service] is the Agents field of an orbit.Client.
//
// Streaming chats, invocations and conversation logs have no documented path:
// use the Call method of the client where an account has them.
package agents

import (
	"github.com/devotel/orbit-go/internal/call"
)

// core is what every service here embeds.
type core = call.Service

// Service creates agents, deploys them and talks to them. It is safe for
// concurrent use.
type Service struct {
	// KnowledgeBases keeps the documents that agents answer from.
	KnowledgeBases *KnowledgeBases

	core
}
