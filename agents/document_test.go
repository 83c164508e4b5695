package agents_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
)

// uploaded sends a file and returns the part that arrived, with its content.
func uploaded(t *testing.T, params agents.UploadDocumentParams) (part *multipart.Part, content string) {
	t.Helper()
	mock := newMock(t)
	var got request
	mock.RegisterNoResponder(record(&got, http.StatusCreated, accepted))
	document, err := newService(t, mock).KnowledgeBases.Documents.Upload(t.Context(), "kb_1", params)
	require.NoError(t, err)
	assert.Equal(t, "x_1", document.ID)

	_, media, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	require.NoError(t, err)
	form := multipart.NewReader(strings.NewReader(got.body), media["boundary"])
	part, err = form.NextPart()
	require.NoError(t, err)
	sent, err := io.ReadAll(part)
	require.NoError(t, err)
	_, err = form.NextPart()
	require.ErrorIs(t, err, io.EOF)
	return part, string(sent)
}

func TestUploadNamesTheContent(t *testing.T) {
	t.Parallel()
	const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	for _, c := range []struct{ given, contentType, name, want string }{
		{"handbook.pdf", "", "handbook.pdf", "application/pdf"},
		{"Handbook.PDF", "", "Handbook.PDF", "application/pdf"},
		{"a.docx", "", "a.docx", docx},
		{"a.txt", "", "a.txt", "text/plain"},
		{"a.md", "", "a.md", "text/markdown"},
		{"a.markdown", "", "a.markdown", "text/markdown"},
		{"a.html", "", "a.html", "text/html"},
		{"a.htm", "", "a.htm", "text/html"},
		{"a.txt.xyz", "", "a.txt.xyz", "application/octet-stream"},
		{"README", "", "README", "application/octet-stream"},
		{"README", "text/markdown", "README", "text/markdown"},
		{"/home/jo/faq.txt", "", "faq.txt", "text/plain"},
		{`C:\Users\jo\faq.txt`, "", "faq.txt", "text/plain"},
		{`the "big" größe.txt`, "", `the "big" größe.txt`, "text/plain"},
	} {
		t.Run(c.given+c.contentType, func(t *testing.T) {
			t.Parallel()
			part, content := uploaded(t, agents.UploadDocumentParams{
				Filename: c.given, ContentType: c.contentType, Content: strings.NewReader("Hello"),
			})
			assert.Equal(t, "file", part.FormName())
			assert.Equal(t, c.name, part.FileName())
			assert.Equal(t, c.want, part.Header.Get("Content-Type"))
			assert.Equal(t, "Hello", content)
		})
	}
}

// TestUploadLimit sends a file of exactly 10 MiB, and refuses a larger one, and
// one that cannot be read, before anything is sent, with the local checks off too.
func TestUploadLimit(t *testing.T) { // NUM-4
	t.Parallel()
	const limit = 10 << 20
	whole := strings.Repeat("x", limit)
	_, content := uploaded(t, agents.UploadDocumentParams{Filename: "a.txt", Content: strings.NewReader(whole)})
	assert.True(t, content == whole)

	gone := errors.New("the disk is gone")
	for rule, content := range map[string]io.Reader{
		"must not be larger than 10 MiB": strings.NewReader(whole + "x"),
		"could not be read":              iotest.ErrReader(gone),
		"must not be nil":                nil,
	} {
		mock := newMock(t)
		_, err := newService(t, mock, orbit.WithoutChecks()).KnowledgeBases.Documents.Upload(t.Context(), "kb_1",
			agents.UploadDocumentParams{Filename: "a.txt", Content: content})
		var refused *orbit.ParamError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "Agents.KnowledgeBases.Documents.Upload", refused.Op)
		assert.Equal(t, "file", refused.Field)
		assert.Equal(t, rule, refused.Rule)
		assert.Equal(t, rule == "could not be read", errors.Is(err, gone))
		require.ErrorIs(t, err, orbit.ErrNotSent)
		assert.Zero(t, mock.GetTotalCallCount())
	}
}

// TestUploadIsRepeatable sends the same bytes again after a failure, although the
// reader is at its end by then.
func TestUploadIsRepeatable(t *testing.T) { // RET-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mock := newMock(t)
		var got [2]request
		mock.RegisterNoResponder(record(&got[0], http.StatusServiceUnavailable, "").Then(record(&got[1], http.StatusOK, accepted)))
		reader := strings.NewReader("Hello")
		_, err := newService(t, mock).KnowledgeBases.Documents.Upload(t.Context(), "kb_1",
			agents.UploadDocumentParams{Filename: "a.txt", Content: reader})
		require.NoError(t, err)
		assert.Zero(t, reader.Len())
		assert.Contains(t, got[0].body, "\r\n\r\nHello\r\n")
		assert.Equal(t, got[0], got[1])
	})
}

func TestUploadTakesNoBodyField(t *testing.T) {
	t.Parallel()
	_, err := newService(t, newMock(t)).KnowledgeBases.Documents.Upload(t.Context(), "kb_1",
		agents.UploadDocumentParams{Filename: "a.txt", Content: strings.NewReader("x")}, orbit.WithBodyField("tag", "x"))
	var refused *orbit.ParamError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "WithBodyField", refused.Field)
}

// TestKnowledgeAnswers reads the names and forms that the answers might have.
func TestKnowledgeAnswers(t *testing.T) { // FWD-1, FWD-4
	t.Parallel()
	base := agents.KnowledgeBase{
		ID: "kb_1", Name: "FAQ", Description: "Answers", DocumentCount: 2, CreatedAt: noon(0), UpdatedAt: noon(time.Second),
	}
	for _, data := range []string{
		`{"id":"kb_1","name":"FAQ","description":"Answers","document_count":2,"created_at":"2026-03-08T12:00:00Z","updated_at":"2026-03-08T12:00:01.000Z"}`,
		`{"knowledge_base_id":"kb_1","name":"FAQ","description":"Answers","document_count":"2","created_at":1772971200,"updated_at":"2026-03-08 12:00:01"}`,
	} {
		got, err := answering(t, `{"data":`+data+`}`).KnowledgeBases.Get(t.Context(), "kb_1")
		require.NoError(t, err)
		got.Info = nil
		assert.Equal(t, &base, got)
		page, err := answering(t, `{"data":[`+data+`]}`).KnowledgeBases.List(t.Context(), agents.ListKnowledgeBasesParams{})
		require.NoError(t, err)
		page.Items[0].Info = nil
		assert.Equal(t, base, page.Items[0])
	}

	document := agents.Document{ID: "doc_1", Name: "a.pdf", Status: agents.DocumentStatusFailed, Error: "no text", Size: 3_000_000_000, CreatedAt: noon(0)}
	for _, data := range []string{
		`{"id":"doc_1","name":"a.pdf","status":"failed","error":"no text","size":3000000000,"created_at":"2026-03-08T12:00:00Z"}`,
		`{"document_id":"doc_1","filename":"a.pdf","status":"failed","error":{"code":"X","message":"no text"},"size":"3000000000","created_at":1772971200}`,
	} {
		page, err := answering(t, `{"data":[`+data+`]}`).KnowledgeBases.Documents.List(t.Context(), "kb_1", agents.ListDocumentsParams{})
		require.NoError(t, err)
		page.Items[0].Info = nil
		assert.Equal(t, document, page.Items[0])
		got, err := answering(t, `{"data":`+data+`}`).KnowledgeBases.Documents.Retry(t.Context(), "kb_1", "doc_1")
		require.NoError(t, err)
		got.Info = nil
		assert.Equal(t, &document, got)
	}
	page, err := answering(t, `{"data":[{"id":"doc_1","status":"ready","error":null},{"id":"doc_2","status":"lost","error":[1]}]}`).
		KnowledgeBases.Documents.List(t.Context(), "kb_1", agents.ListDocumentsParams{})
	require.NoError(t, err)
	assert.Empty(t, page.Items[0].Error+page.Items[1].Error)
	assert.False(t, page.Items[1].Status.Known() || page.Items[1].Status.IsTerminal())
}

func TestDocumentStatus(t *testing.T) {
	t.Parallel()
	for status, ended := range map[agents.DocumentStatus]bool{
		agents.DocumentStatusProcessing: false, agents.DocumentStatusReady: true, agents.DocumentStatusFailed: true,
	} {
		assert.True(t, status.Known(), status)
		assert.Equal(t, ended, status.IsTerminal(), status)
	}
}

// TestSearchAnswers keeps each hit as it came.
func TestSearchAnswers(t *testing.T) { // FWD-1
	t.Parallel()
	const hit = `{"document_id":"doc_1","score":0.75,"text":"At nine.","chunk":{"n":9007199254740993}}`
	for _, body := range []string{
		`{"data":[` + hit + `],"meta":{"request_id":"req_1"}}`, `{"data":{"hits":[` + hit + `],"took":3},"meta":{"request_id":"req_1"}}`, `[` + hit + `]`,
		`{"data":[` + strings.Replace(hit, "0.75", `"0.75"`, 1) + `]}`,
	} {
		page, err := answering(t, body).KnowledgeBases.Search(t.Context(), "kb_1", agents.SearchParams{Query: "opening"})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		got := page.Items[0]
		assert.Same(t, page.Info, got.Info)
		assert.Contains(t, string(got.Raw), `"chunk":{"n":9007199254740993}`)
		got.Info, got.Raw = nil, nil
		assert.Equal(t, agents.SearchHit{DocumentID: "doc_1", Score: 0.75, Text: "At nine."}, got)
		assert.False(t, page.HasMore)
	}
	page, err := answering(t, `{"data":[]}`).KnowledgeBases.Search(t.Context(), "kb_1", agents.SearchParams{Query: "opening"})
	require.NoError(t, err)
	assert.Empty(t, page.Items)
}
