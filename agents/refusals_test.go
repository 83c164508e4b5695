package agents_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
)

// TestRefusals sends nothing for params that can never be valid.
func TestRefusals(t *testing.T) { // NUM-1, NUM-4
	t.Parallel()
	type svc = agents.Service
	type kb = agents.KnowledgeBases
	type docs = agents.Documents
	nameless := []agents.Tool{{ID: "a"}, {Description: "x"}}
	const empty, negative, tool = "must not be empty", "must not be negative", "must each have an ID or a name"
	for _, c := range []struct {
		op          string
		call        operation
		field, rule string
	}{
		{"Create", sending((*svc).Create, agents.CreateParams{}), "name", empty},
		{"Create", sending((*svc).Create, agents.CreateParams{Name: "x", Tools: nameless}), "tools", tool},
		{"List", sending((*svc).List, agents.ListParams{Limit: -1}), "limit", negative},
		{"Replace", changing((*svc).Replace, "id_1", agents.ReplaceParams{}), "name", empty},
		{"Replace", changing((*svc).Replace, "id_1", agents.ReplaceParams{Name: "x", Tools: nameless}), "tools", tool},
		{"Update", changing((*svc).Update, "id_1", agents.UpdateParams{Tools: nameless}), "tools", tool},
		{"Deploy", changing((*svc).Deploy, "id_1", agents.DeployParams{}), "channel", empty},
		{"Chat", changing((*svc).Chat, "id_1", agents.ChatParams{}), "message", empty},
		{"KnowledgeBases.Create", sending((*kb).Create, agents.CreateKnowledgeBaseParams{Description: "x"}), "name", empty},
		{"KnowledgeBases.List", sending((*kb).List, agents.ListKnowledgeBasesParams{Limit: -1}), "limit", negative},
		{"KnowledgeBases.Update", changing((*kb).Update, "id_1", agents.UpdateKnowledgeBaseParams{}), "name", empty},
		{"KnowledgeBases.Search", changing((*kb).Search, "id_1", agents.SearchParams{}), "query", empty},
		{"KnowledgeBases.Search", changing((*kb).Search, "id_1", agents.SearchParams{Query: "x", TopK: -1}), "top_k", negative},
		{"KnowledgeBases.Documents.List", changing((*docs).List, "id_1", agents.ListDocumentsParams{Limit: -1}), "limit", negative},
		{
			"KnowledgeBases.Documents.Upload",
			changing((*docs).Upload, "id_1", agents.UploadDocumentParams{Filename: "folder/", Content: strings.NewReader("x")}), "filename", empty,
		},
	} {
		t.Run(c.op+" "+c.field, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			err := c.call(t.Context(), newService(t, mock))
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, "Agents."+c.op, refused.Op)
			assert.Equal(t, c.field, refused.Field)
			assert.Equal(t, c.rule, refused.Rule)
			require.ErrorIs(t, err, orbit.ErrNotSent)
			assert.Zero(t, mock.GetTotalCallCount(), "nothing was sent")

			mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, accepted))
			require.NoError(t, c.call(t.Context(), newService(t, mock, orbit.WithoutChecks())), "without checks the server decides")
		})
	}
}
