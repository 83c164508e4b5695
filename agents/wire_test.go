package agents

import (
	"testing"

	"github.com/devotel/orbit-go/internal/wiretest"
)

// Every form of a result on the wire is read alike, however scalars and names are
// written.
func TestWireTypes(t *testing.T) { // DEC-2, DEC-3, FWD-1
	t.Parallel()
	wiretest.Each[Agent, agentWire](t)
	wiretest.Each[ChatReply, chatWire](t)
	wiretest.Each[Document, documentWire](t)
	wiretest.Each[SearchHit, hitWire](t)
	wiretest.Each[KnowledgeBase, knowledgeBaseWire](t)
	wiretest.Each[ToolInfo, toolInfoWire](t)
}
