package orbittest

import (
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A knowledgeBase is one knowledge base as the server holds it.
type knowledgeBase struct {
	id, name, description string
	created, updated      time.Time
	documents             *collection[*document]
}

// A document is one document as the server holds it.
type document struct {
	id, name string
	content  []byte
	created  time.Time
	started  time.Time // created, or when it was last tried again
	forced   string    // a status that SetDocumentStatus gave
}

// indexingTime is how long a document is processed.
const indexingTime = 500 * time.Millisecond

// status is where the document is at a moment: one without text cannot be
// indexed.
func (d *document) status(now time.Time) string {
	switch {
	case d.forced != "":
		return d.forced
	case now.Sub(d.started) < indexingTime:
		return "processing"
	case len(strings.TrimSpace(string(d.content))) == 0:
		return "failed"
	default:
		return "ready"
	}
}

func (d *document) object(c *call) object {
	status := d.status(c.now)
	o := object{{"id", d.id}, {"name", d.name}, {"status", status}, {"size", len(d.content)}, {"created_at", d.created}}
	if status == "failed" {
		o.add("error", "The document could not be indexed.")
	}
	return o
}

func (b *knowledgeBase) object(*call) object {
	return object{
		{"id", b.id}, {"name", b.name}, {"description", b.description}, {"document_count", len(b.documents.rows)},
		{"created_at", b.created}, {"updated_at", b.updated},
	}
}

// SetDocumentStatus gives a document of a knowledge base a status, which it keeps
// until it is tried again: agents.DocumentStatusFailed, or one that the SDK does
// not know. An ID that the server does not hold fails the test.
func (s *Server) SetDocumentStatus(id string, status api.DocumentStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		for _, base := range a.agents.bases.rows {
			if d, ok := base.value.documents.get(id); ok {
				d.forced = string(status)
				return
			}
		}
	}
	s.misused("there is no document with ID %s", id)
}

func (a *agents) knowledgeRoutes() []*route {
	const read, write = "agents:read", "agents:write"
	const created, none = http.StatusCreated, http.StatusNoContent
	const bases, base = "/knowledge-bases", "/knowledge-bases/{id}"
	const documents, document = base + "/documents", base + "/documents/{docId}"
	list := func() schema { return listQuery() }
	return []*route{
		{method: "POST", path: bases, scope: write, status: created, body: knowledgeBaseFields, handle: a.createBase},
		{method: "GET", path: bases, scope: read, query: list, handle: a.listBases},
		{method: "GET", path: base, scope: read, handle: a.getBase},
		{method: "PUT", path: base, scope: write, body: knowledgeBaseFields, handle: a.replaceBase},
		{method: "DELETE", path: base, scope: write, status: none, handle: a.removeBase},
		{method: "POST", path: base + "/search", scope: read, body: searchFields, handle: a.search},
		{method: "POST", path: documents, scope: write, status: created, form: true,
			body: documentFields, check: checkDocument, handle: a.addDocument},
		{method: "GET", path: documents, scope: read, query: list, handle: a.listDocuments},
		{method: "DELETE", path: document, scope: write, status: none, handle: a.removeDocument},
		{method: "POST", path: document + "/retry", scope: write, handle: a.retryDocument},
	}
}

func knowledgeBaseFields() schema {
	return schema{{name: "name", kind: text, required: true}, {name: "description", kind: text}}
}

func searchFields() schema {
	return schema{{name: "query", kind: text, required: true}, {name: "top_k", kind: integer, min: 1}}
}

func documentFields() schema {
	return schema{{name: "file", kind: file, required: true}}
}

// checkDocument weighs a file, and judges it by its name.
func checkDocument(c *call) *failure {
	const most = 10 << 20
	sent, _ := c.fields["file"].(upload) // the schema has checked the type
	if len(sent.content) > most {
		return invalid(codeValidation, "file", len(sent.content), "at most 10 MB")
	}
	known := []string{".pdf", ".docx", ".txt", ".md", ".markdown", ".html", ".htm"}
	if !slices.Contains(known, strings.ToLower(path.Ext(sent.name))) {
		problem := invalid(codeUnsupportedMedia, "file", sent.name, "a PDF, DOCX, TXT, MD or HTML file")
		problem.status = http.StatusUnsupportedMediaType
		return problem
	}
	return nil
}

// base returns the knowledge base that a path names.
func (a *agents) base(c *call) (*knowledgeBase, *failure) {
	b, ok := a.bases.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no knowledge base with this ID.")
	}
	return b, nil
}

// document returns the document that a path names, with its knowledge base.
func (a *agents) document(c *call) (*knowledgeBase, *document, *failure) {
	b, problem := a.base(c)
	if problem != nil {
		return nil, nil, problem
	}
	d, ok := b.documents.get(c.value("docId"))
	if !ok {
		return nil, nil, notFound("There is no document with this ID.")
	}
	return b, d, nil
}

func (a *agents) createBase(c *call) (result, *failure) {
	b := &knowledgeBase{id: a.server.newID("kb_"), created: c.now, documents: newCollection[*document]()}
	b.write(c)
	a.bases.add(b.id, b.created, b)
	return result{data: b.object(c)}, nil
}

func (b *knowledgeBase) write(c *call) {
	b.name, b.description, b.updated = c.text("name"), c.text("description"), c.now
}

func (a *agents) listBases(c *call) (result, *failure) {
	return listPage(c, a.bases, func(*knowledgeBase) bool { return true }, func(b *knowledgeBase) object { return b.object(c) })
}

func (a *agents) getBase(c *call) (result, *failure) {
	b, problem := a.base(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: b.object(c)}, nil
}

func (a *agents) replaceBase(c *call) (result, *failure) {
	b, problem := a.base(c)
	if problem != nil {
		return result{}, problem
	}
	b.write(c)
	return result{data: b.object(c)}, nil
}

func (a *agents) removeBase(c *call) (result, *failure) {
	b, problem := a.base(c)
	if problem == nil {
		a.bases.remove(b.id)
	}
	return result{}, problem
}

// search answers with a list of hits; the older generation puts it into an object.
func (a *agents) search(c *call) (result, *failure) {
	b, problem := a.base(c)
	if problem != nil {
		return result{}, problem
	}
	hits := b.search(c.text("query"), c.now)
	found := make([]object, 0, len(hits))
	for _, h := range hits[:min(len(hits), c.topK())] {
		found = append(found, object{{"document_id", h.document}, {"score", h.score.number()}, {"text", h.text}})
	}
	return result{data: found, under: c.server.cfg.generation.word("", "hits")}, nil
}

// topK is how many hits a search wants.
func (c *call) topK() int {
	const usual = 5
	if n, given := c.fields["top_k"].(json.Number); given {
		k, _ := strconv.Atoi(n.String()) // the schema has checked it
		return k
	}
	return usual
}

func (a *agents) addDocument(c *call) (result, *failure) {
	b, problem := a.base(c)
	if problem != nil {
		return result{}, problem
	}
	sent, _ := c.fields["file"].(upload) // the schema has checked the type
	d := &document{id: a.server.newID("doc_"), name: sent.name, content: sent.content, created: c.now, started: c.now}
	b.documents.add(d.id, d.created, d)
	return result{data: d.object(c)}, nil
}

func (a *agents) listDocuments(c *call) (result, *failure) {
	b, problem := a.base(c)
	if problem != nil {
		return result{}, problem
	}
	return listPage(c, b.documents, func(*document) bool { return true }, func(d *document) object { return d.object(c) })
}

func (a *agents) removeDocument(c *call) (result, *failure) {
	b, d, problem := a.document(c)
	if problem == nil {
		b.documents.remove(d.id)
	}
	return result{}, problem
}

// retryDocument processes a document that has failed once more.
func (a *agents) retryDocument(c *call) (result, *failure) {
	_, d, problem := a.document(c)
	if problem != nil {
		return result{}, problem
	}
	if d.status(c.now) != "failed" {
		return result{}, conflict(codeConflict, "Only a document that has failed can be tried again.")
	}
	d.started, d.forced = c.now, ""
	return result{data: d.object(c)}, nil
}
