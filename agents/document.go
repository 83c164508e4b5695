package agents

import (
	"cmp"
	"context"
	"io"
	"iter"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// Documents keeps the documents of knowledge bases. It is safe for
// concurrent use.
type Documents struct {
	core
}

// Document is a document of a knowledge base.
type Document struct {
	api.Meta `json:"-"`

	// ID is the document's ID, opaque.
	ID string `json:"id"`
	// Name is the name of the file.
	Name string `json:"name,omitzero"`
	// Status tells whether agents can use it.
	Status DocumentStatus `json:"status,omitzero"`
	// Error says why it cannot be used, for people.
	Error string `json:"error,omitzero"`
	// Size is its size in bytes.
	Size int64 `json:"size,omitzero"`
	// CreatedAt is when it was uploaded.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// DocumentStatus reports how far a document of a knowledge base has been
// processed. The set is open.
type DocumentStatus = api.DocumentStatus

// The documented statuses of documents.
const (
	// DocumentStatusProcessing means that the document is being read. The event
	// kb.document.ready reports the end of it.
	DocumentStatusProcessing DocumentStatus = api.DocumentStatusProcessing
	// DocumentStatusReady means that agents can use the document.
	DocumentStatusReady DocumentStatus = api.DocumentStatusReady
	// DocumentStatusFailed means that the document could not be read.
	DocumentStatusFailed DocumentStatus = api.DocumentStatusFailed
)

// documentWire is a Document with the names that its fields might have.
type documentWire struct {
	Document

	DocumentID string `json:"document_id"`
	Filename   string `json:"filename"`
	Problem    prose  `json:"error"`
}

// Public returns the document with its metadata.
func (w *documentWire) Public(info *api.ResponseInfo) *Document {
	w.Info = info
	w.ID = w.Identity()
	w.Name = cmp.Or(w.Name, w.Filename)
	w.Error = string(w.Problem)
	return &w.Document
}

// Identity is the document's ID under whichever name it came.
func (w *documentWire) Identity() string { return cmp.Or(w.ID, w.DocumentID) }

// UploadDocumentParams is a file for a knowledge base.
type UploadDocumentParams struct {
	// Filename is the name of the file, such as "handbook.pdf", without control
	// characters. Its extension tells what the file holds: .pdf, .docx, .txt, .md or
	// .html. Folders before it are left out. Required.
	Filename string
	// Content is the file, at most 10 MiB of it: a larger one is refused, and so is
	// one that is empty or cannot be read, before anything is sent. It is read once,
	// before the first attempt, and kept for further ones; it is not closed. Required.
	Content io.Reader
	// ContentType is what the file holds, a media type such as "text/plain"; empty
	// goes by the extension of the name.
	ContentType string
}

// maxDocumentMiB is how large a document the API takes.
const maxDocumentMiB = 10

// Upload adds a document to a knowledge base. The answer tells that Orbit took it;
// agents can use it once its status is [DocumentStatusReady]. The path is documented;
// the name of the form's part and the answer follow the API's conventions.
//
// POST /knowledge-bases/{id}/documents
func (s *Documents) Upload(ctx context.Context, knowledgeBaseID string, params UploadDocumentParams, opts ...api.CallOption) (*Document, error) {
	name := params.Filename[strings.LastIndexAny(params.Filename, `/\`)+1:]
	route := call.Post("Agents.KnowledgeBases.Documents.Upload", "/knowledge-bases/{id}/documents", knowledgeBaseID).Check(
		check.Required("filename", name))
	file := call.File{
		Part: "file", Name: name, ContentType: cmp.Or(params.ContentType, contentTypeOf(name)),
		Content: params.Content, MaxMiB: maxDocumentMiB,
	}
	return call.Create[Document, documentWire](ctx, s.core, route, file, opts)
}

// contentTypeOf is what a file holds by its name. The tables of the machine are
// not asked, since each has its own.
func contentTypeOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return "application/pdf"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".txt":
		return "text/plain"
	case ".md", ".markdown":
		return "text/markdown"
	case ".html", ".htm":
		return "text/html"
	default:
		return "application/octet-stream" // the server knows better
	}
}

// ListDocumentsParams says which documents to list. Both fields follow the API's
// conventions: the server may ignore them.
type ListDocumentsParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the first. The server may ignore it.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of documents a page, not of the list. 0 leaves it to the
	// API. The server may ignore it.
	Limit int `url:"limit,omitempty"`
}

func (p ListDocumentsParams) route(knowledgeBaseID string) *call.Route {
	return call.Get("Agents.KnowledgeBases.Documents.List", "/knowledge-bases/{id}/documents", knowledgeBaseID).Check(
		check.NotNegative("limit", p.Limit))
}

// List returns one page of the documents of a knowledge base. The path is
// documented; the answer follows the API's conventions.
//
// GET /knowledge-bases/{id}/documents
func (s *Documents) List(ctx context.Context, knowledgeBaseID string, params ListDocumentsParams, opts ...api.CallOption) (*api.Page[Document], error) {
	return call.List[Document, documentWire](ctx, s.core, params.route(knowledgeBaseID), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. The
// path is documented; the answer follows the API's conventions.
//
// GET /knowledge-bases/{id}/documents
func (s *Documents) Pages(ctx context.Context, knowledgeBaseID string, params ListDocumentsParams, opts ...api.CallOption) iter.Seq2[*api.Page[Document], error] {
	return call.Pages[Document, documentWire](ctx, s.core, params.route(knowledgeBaseID), params, opts)
}

// All ranges over the documents of the list, fetching each page when it is
// needed. An error ends it. The path is documented; the answer follows the API's
// conventions.
//
// GET /knowledge-bases/{id}/documents
func (s *Documents) All(ctx context.Context, knowledgeBaseID string, params ListDocumentsParams, opts ...api.CallOption) iter.Seq2[Document, error] {
	return call.All[Document, documentWire](ctx, s.core, params.route(knowledgeBaseID), params, opts)
}

// WaitParams says how often [Documents.Wait] polls.
type WaitParams = api.WaitParams

// documentLimit bounds a Wait whose context has no deadline.
const documentLimit = 10 * time.Minute

// Wait polls until a document reaches a final status, and returns it. A document
// that could not be read is a result, not an error: check its Status. Each poll
// lists the knowledge base's documents until it finds the one; the event
// kb.document.ready spares that. Failures that orbit.Retryable reports do not end
// the wait. A document that is not in the list is an orbit.ErrNotFound, except
// within the first 10 seconds. Without a deadline in the context and without
// orbit.WithTimeout, it polls for 10 minutes. When the time is up, it returns the
// last state together with an orbit.WaitError.
//
// GET /knowledge-bases/{id}/documents
func (s *Documents) Wait(ctx context.Context, knowledgeBaseID, id string, params WaitParams, opts ...api.CallOption) (*Document, error) {
	return call.Wait(ctx, s.core, call.Poll[Document]{
		Op: "Agents.KnowledgeBases.Documents.Wait", Params: params, Limit: documentLimit,
		Get: func(ctx context.Context, opts []api.CallOption) (*Document, error) {
			return s.find(ctx, knowledgeBaseID, id, opts)
		},
		State: func(d *Document) (call.Status, bool) { return d.Status, d.Status.IsTerminal() },
	}, opts)
}

// find looks for a document in the list: it has no path of its own.
func (s *Documents) find(ctx context.Context, knowledgeBaseID, id string, opts []api.CallOption) (*Document, error) {
	var last *api.ResponseInfo
	for page, err := range s.Pages(ctx, knowledgeBaseID, ListDocumentsParams{}, opts...) {
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if page.Items[i].ID == id {
				return &page.Items[i], nil
			}
		}
		last = page.Info
	}
	return nil, call.ClientOf(s.core).Fail(&call.Failure{
		Kind: call.KindAPI, Op: "Agents.KnowledgeBases.Documents.Wait", Method: http.MethodGet, Route: "/knowledge-bases/{id}/documents",
		StatusCode: http.StatusNotFound, Reason: "the list has no document with this ID",
		RequestID: last.RequestID, Attempts: last.Attempts,
	})
}

// Delete takes a document out of a knowledge base. The path is documented; the
// answer follows the API's conventions.
//
// DELETE /knowledge-bases/{id}/documents/{docId}
func (s *Documents) Delete(ctx context.Context, knowledgeBaseID, id string, opts ...api.CallOption) error {
	route := call.Delete("Agents.KnowledgeBases.Documents.Delete", "/knowledge-bases/{id}/documents/{docId}", knowledgeBaseID, id)
	return call.Act(ctx, s.core, route, nil, opts)
}

// Retry reads a failed document once more. The path is documented; the answer
// follows the API's conventions, and one without a body gives a Document that
// holds nothing but its metadata.
//
// POST /knowledge-bases/{id}/documents/{docId}/retry
func (s *Documents) Retry(ctx context.Context, knowledgeBaseID, id string, opts ...api.CallOption) (*Document, error) {
	route := call.Post("Agents.KnowledgeBases.Documents.Retry", "/knowledge-bases/{id}/documents/{docId}/retry", knowledgeBaseID, id)
	return call.Do[Document, documentWire](ctx, s.core, route.MayBeEmpty(), nil, opts)
}
