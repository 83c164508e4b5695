package orbittest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// form is a body with one part, and its content type.
func form(part, filename, content string) (body, contentType string) {
	disposition := `form-data; name="` + part + `"`
	if filename != "" {
		disposition += `; filename="` + filename + `"`
	}
	return "--b\r\nContent-Disposition: " + disposition + "\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--b--\r\n",
		"multipart/form-data; boundary=b"
}

func createBase(t testing.TB, s *orbittest.Server) (path string) {
	t.Helper()
	a := do(t, s, "POST", "/knowledge-bases", `{"name":"FAQ","description":"d"}`)
	require.Equal(t, 201, a.status, a.raw)
	return "/knowledge-bases/" + a.id()
}

func addDocument(t testing.TB, s *orbittest.Server, base, filename, content string) answer {
	t.Helper()
	body, contentType := form("file", filename, content)
	return do(t, s, "POST", base+"/documents", body, "Content-Type", contentType)
}

func TestKnowledgeBase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		base := createBase(t, s)
		time.Sleep(time.Second)
		a := do(t, s, "PUT", base, `{"name":"Shop"}`)
		assert.Equal(t, map[string]any{
			"id": a.id(), "name": "Shop", "description": "", "document_count": 0.,
			"created_at": "2000-01-01T00:00:00.000Z", "updated_at": "2000-01-01T00:00:01.000Z",
		}, a.at("data"))
		require.Equal(t, 201, addDocument(t, s, base, "a.txt", "x").status)
		assert.Equal(t, 1., do(t, s, "GET", base, "").at("data.document_count"))
		assert.Equal(t, []string{a.id()}, do(t, s, "GET", "/knowledge-bases", "").ids())
		assert.Equal(t, "MISSING_REQUIRED_FIELD", do(t, s, "POST", "/knowledge-bases", `{"description":"x"}`).code())
		assert.Equal(t, "MISSING_REQUIRED_FIELD", do(t, s, "PUT", base, `{"name":""}`).code())

		assert.Equal(t, 204, do(t, s, "DELETE", base, "").status)
		for _, operation := range []string{"GET ", "DELETE ", "GET /documents", "POST /documents/x/retry", "DELETE /documents/x"} {
			method, path, _ := strings.Cut(operation, " ")
			assert.Equal(t, 404, do(t, s, method, base+path, "").status, operation)
		}
		assert.Equal(t, 404, do(t, s, "PUT", base, `{"name":"x"}`).status)
		assert.Equal(t, 404, do(t, s, "POST", base+"/search", `{"query":"x"}`).status)
		assert.Equal(t, 404, addDocument(t, s, base, "a.txt", "x").status)
	})
}

// A document is ready after half a second, by the clock.
func TestDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		base := createBase(t, s)
		a := addDocument(t, s, base, "faq.txt", "Hello")
		require.Equal(t, 201, a.status, a.raw)
		assert.Equal(t, map[string]any{
			"id": a.id(), "name": "faq.txt", "status": "processing", "size": 5., "created_at": "2000-01-01T00:00:00.000Z",
		}, a.at("data"))
		blank := addDocument(t, s, base, "blank.txt", " \n").id()
		status := func() map[string]any {
			found := map[string]any{}
			for _, d := range do(t, s, "GET", base+"/documents", "").at("data").([]any) {
				d := d.(map[string]any)
				found[d["id"].(string)] = d["status"]
			}
			return found
		}
		time.Sleep(499 * time.Millisecond)
		assert.Equal(t, map[string]any{a.id(): "processing", blank: "processing"}, status())
		time.Sleep(time.Millisecond)
		assert.Equal(t, map[string]any{a.id(): "ready", blank: "failed"}, status())

		retry := func(id string) answer { return do(t, s, "POST", base+"/documents/"+id+"/retry", "") }
		assert.Equal(t, "CONFLICT", retry(a.id()).code(), "it has not failed")
		assert.Equal(t, "processing", retry(blank).at("data.status"))
		s.SetDocumentStatus(a.id(), "failed")
		assert.NotEmpty(t, do(t, s, "GET", base+"/documents", "").at("data").([]any)[1].(map[string]any)["error"])
		assert.Equal(t, 200, retry(a.id()).status)
		time.Sleep(time.Second)
		assert.Equal(t, map[string]any{a.id(): "ready", blank: "failed"}, status())
		s.SetDocumentStatus(a.id(), "never_heard_of")
		assert.Equal(t, "never_heard_of", status()[a.id()])

		assert.Equal(t, 204, do(t, s, "DELETE", base+"/documents/"+a.id(), "").status)
		assert.Equal(t, 404, do(t, s, "DELETE", base+"/documents/"+a.id(), "").status)
		assert.Equal(t, 404, retry(a.id()).status)
	})
}

func TestSetDocumentStatusOfNothing(t *testing.T) {
	tb := &fakeTB{}
	orbittest.New(tb).SetDocumentStatus("x", "ready")
	assert.Equal(t, "orbittest: there is no document with ID x", tb.fatal)
}

func TestRefusedDocuments(t *testing.T) {
	s := orbittest.New(t, orbittest.AllowUnknownFields())
	base := createBase(t, s)
	for name, test := range map[string]struct {
		part, filename, content string
		status                  int
		code, field             string
	}{
		"too large":      {"file", "a.txt", strings.Repeat("x", 10<<20+1), 422, "VALIDATION_ERROR", "file"},
		"program":        {"file", "a.exe", "x", 415, "UNSUPPORTED_MEDIA_TYPE", "file"},
		"no extension":   {"file", "a", "x", 415, "UNSUPPORTED_MEDIA_TYPE", "file"},
		"another part":   {"document", "a.txt", "x", 422, "MISSING_REQUIRED_FIELD", "file"},
		"no file's name": {"file", "", "x", 422, "VALIDATION_ERROR", "file"},
	} {
		body, contentType := form(test.part, test.filename, test.content)
		a := do(t, s, "POST", base+"/documents", body, "Content-Type", contentType)
		assert.Equal(t, test.status, a.status, name)
		assert.Equal(t, test.code, a.code(), name)
		assert.Equal(t, test.field, a.at("error.details.field"), name)
	}
	assert.Empty(t, do(t, s, "GET", base+"/documents", "").ids())
	for _, name := range []string{"a.pdf", "a.DOCX", "a.md", "a.markdown", "a.html", "a.htm"} {
		assert.Equal(t, 201, addDocument(t, s, base, name, "x").status, name)
	}
	assert.Equal(t, 201, addDocument(t, s, base, "largest.txt", strings.Repeat("x", 10<<20)).status)
}

func TestUnreadableForms(t *testing.T) {
	s := orbittest.New(t)
	base := createBase(t, s)
	whole, contentType := form("file", "a.txt", "x")
	for name, test := range map[string]struct {
		body, contentType string
		status            int
	}{
		"JSON":        {`{"file":"x"}`, "application/json", 415},
		"none":        {"", "", 415},
		"empty":       {"", contentType, 400},
		"no boundary": {whole, "multipart/form-data", 400},
		"cut":         {whole[:len(whole)-10], contentType, 400},
	} {
		assert.Equal(t, test.status, do(t, s, "POST", base+"/documents", test.body, "Content-Type", test.contentType).status, name)
	}
}

func TestSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		base := createBase(t, s)
		add := func(name, content string) string { return addDocument(t, s, base, name, content).id() }
		faq := add("faq.md", "# Opening hours\n\nWe open at NINE,\nevery day.\r\n\r\nParcels take two days.")
		page := add("page.html", "<html><p>The shop <b>opens</b> late in winter.</p></html>")
		scan := add("winter-menu.pdf", "%PDF\xff")
		search := func(body string) answer { return do(t, s, "POST", base+"/search", body) }
		texts := func(a answer) (found []any) {
			require.Equal(t, 200, a.status, a.raw)
			for _, hit := range a.at("data").([]any) {
				hit := hit.(map[string]any)
				found = append(found, hit["document_id"], hit["score"], hit["text"])
			}
			return found
		}
		assert.Empty(t, texts(search(`{"query":"open"}`)), "nothing is ready")
		time.Sleep(time.Second)
		assert.Equal(t, []any{faq, 1., "We open at NINE, every day.", page, 0.5, "The shop opens late in winter."},
			texts(search(`{"query":"Open at nine?"}`)))
		assert.Equal(t, []any{page, 0.66, "The shop opens late in winter.", scan, 0.33, "winter-menu.pdf"}, texts(search(`{"query":"late in the winter night"}`))[:6])
		assert.Equal(t, scan, texts(search(`{"query":"winter menu"}`))[0], "the best comes first")
		assert.Len(t, texts(search(`{"query":"winter","top_k":1}`)), 3)
		assert.Empty(t, texts(search(`{"query":"quantum physics"}`)))
		assert.Empty(t, texts(search(`{"query":"?"}`)))
		assert.Equal(t, "MISSING_REQUIRED_FIELD", search(`{}`).code())
		assert.Equal(t, "VALIDATION_ERROR", search(`{"query":"x","top_k":0}`).code())
		for range 6 {
			add("more.txt", "winter")
		}
		time.Sleep(time.Second)
		assert.Len(t, texts(search(`{"query":"winter"}`)), 15, "five hits, unless more are asked for")
		assert.Len(t, texts(search(`{"query":"winter","top_k":100}`)), 24)

		older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
		base = createBase(t, older)
		addDocument(t, older, base, "faq.txt", "open")
		time.Sleep(time.Second)
		hits, _ := do(t, older, "POST", base+"/search", `{"query":"open"}`).at("data.hits").([]any)
		require.Len(t, hits, 1)
		assert.Equal(t, 1., hits[0].(map[string]any)["score"])
	})
}

// An agent without a script answers from its knowledge bases.
func TestChatFromKnowledge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		base := createBase(t, s)
		addDocument(t, s, base, "faq.txt", "We open at nine.\n\nParcels take two days.")
		id := createAgent(t, s, `{"name":"x","knowledge_base_ids":["kb_gone","`+strings.TrimPrefix(base, "/knowledge-bases/")+`"]}`).id()
		chat := func(message string) any {
			return do(t, s, "POST", "/agents/"+id+"/chat", `{"message":"`+message+`"}`).at("data.response")
		}
		assert.Equal(t, "parcels", chat("parcels"), "nothing is ready")
		time.Sleep(time.Second)
		assert.Equal(t, "Parcels take two days.", chat("parcels"))
		assert.Equal(t, "What is love", chat("What is love"))
	})
}
