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

// TestCreatedWithoutID is an error: nobody could say what became of the request.
func TestCreatedWithoutID(t *testing.T) { // ERR-7
	t.Parallel()
	for _, create := range []operation{
		sending((*agents.Service).Create, agents.CreateParams{Name: "x"}),
		sending((*agents.KnowledgeBases).Create, agents.CreateKnowledgeBaseParams{Name: "x"}),
		changing((*agents.Documents).Upload, "kb_1", agents.UploadDocumentParams{Filename: "a.txt", Content: strings.NewReader("x")}),
	} {
		err := create(t.Context(), answering(t, `{"data":{"name":"x"}}`))
		var unreadable *orbit.DecodeError
		require.ErrorAs(t, err, &unreadable)
		assert.True(t, orbit.MaybeSent(err))
	}
}

// TestAnswersWithoutABody gives what only has metadata for the changes whose
// answers are not documented.
func TestAnswersWithoutABody(t *testing.T) { // ERR-1
	t.Parallel()
	mock := newMock(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusNoContent, ""))
	s := newService(t, mock)
	replaced, err := s.Replace(t.Context(), "id_1", agents.ReplaceParams{Name: "x"})
	require.NoError(t, err)
	assert.Equal(t, http.StatusNoContent, replaced.Info.StatusCode)
	for _, change := range []operation{
		changing((*agents.Service).Update, "id_1", agents.UpdateParams{}),
		changing((*agents.Service).Deploy, "id_1", agents.DeployParams{Channel: "sms"}),
		changing((*agents.KnowledgeBases).Update, "id_1", agents.UpdateKnowledgeBaseParams{Name: "x"}),
	} {
		require.NoError(t, change(t.Context(), s))
	}
	document, err := s.KnowledgeBases.Documents.Retry(t.Context(), "kb_1", "doc_1")
	require.NoError(t, err)
	assert.Empty(t, document.ID)
	_, err = s.Get(t.Context(), "id_1")
	require.Error(t, err, "a read without an answer is none")
}
