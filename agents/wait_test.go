package agents_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/orbittest"
)

// TestWaitForDocument waits for the end of a document, good or bad, wherever it is
// in the list.
func TestWaitForDocument(t *testing.T) { // NAM-2
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *agents.Service) {
		base, err := s.KnowledgeBases.Create(t.Context(), agents.CreateKnowledgeBaseParams{Name: "FAQ"})
		require.NoError(t, err)
		upload := func(content string) string {
			document, err := s.KnowledgeBases.Documents.Upload(t.Context(), base.ID, agents.UploadDocumentParams{
				Filename: "faq.md", Content: strings.NewReader(content),
			})
			require.NoError(t, err)
			return document.ID
		}
		id := upload("Open at nine.")
		for range 120 { // more than a page
			upload("Open at nine.")
		}
		began := time.Now()
		document, err := s.KnowledgeBases.Documents.Wait(t.Context(), base.ID, id, agents.WaitParams{})
		require.NoError(t, err)
		assert.Equal(t, id, document.ID)
		assert.Equal(t, agents.DocumentStatusReady, document.Status)
		assert.GreaterOrEqual(t, time.Since(began), 500*time.Millisecond)
		assert.Less(t, time.Since(began), 2*time.Second)

		document, err = s.KnowledgeBases.Documents.Wait(t.Context(), base.ID, upload(" "), agents.WaitParams{})
		require.NoError(t, err, "a bad end is a result")
		assert.Equal(t, agents.DocumentStatusFailed, document.Status)
		assert.NotEmpty(t, document.Error)

		stuck := upload("x")
		server.SetDocumentStatus(stuck, "processing")
		began = time.Now()
		document, err = s.KnowledgeBases.Documents.Wait(t.Context(), base.ID, stuck, agents.WaitParams{})
		var unfinished *orbit.WaitError
		require.ErrorAs(t, err, &unfinished)
		assert.Equal(t, "Agents.KnowledgeBases.Documents.Wait", unfinished.Op)
		assert.Equal(t, stuck, document.ID)
		assert.Equal(t, 10*time.Minute, time.Since(began))
	})
}

// TestWaitForMissingDocument tells a document that is not there from one that does
// not show yet.
func TestWaitForMissingDocument(t *testing.T) { // NAM-2, FATE-7
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mock, began, shows := newMock(t), time.Now(), 5*time.Second
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			if time.Since(began) < shows {
				return httpmock.NewStringResponse(http.StatusOK, `{"data":[{"id":"doc_2","status":"ready"}]}`), nil
			}
			return httpmock.NewStringResponse(http.StatusOK, `{"data":[{"id":"doc_2","status":"ready"},{"id":"doc_1","status":"ready"}]}`), nil
		})
		documents := newService(t, mock).KnowledgeBases.Documents
		document, err := documents.Wait(t.Context(), "kb_1", "doc_1", agents.WaitParams{})
		require.NoError(t, err)
		assert.Equal(t, "doc_1", document.ID)

		began, shows = time.Now(), time.Hour
		document, err = documents.Wait(t.Context(), "kb_1", "doc_1", agents.WaitParams{})
		require.ErrorIs(t, err, orbit.ErrNotFound)
		assert.EqualError(t, err, "orbit: Agents.KnowledgeBases.Documents.Wait: GET /knowledge-bases/{id}/documents: 404: "+
			"the list has no document with this ID (1 attempt)")
		assert.Nil(t, document)
		assert.Less(t, time.Since(began), 20*time.Second)
	})
}
