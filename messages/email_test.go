package messages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func TestSendEmail(t *testing.T) {
	t.Parallel()
	to := messages.Recipients{"jane@example.com"}
	testSends(t, "/messages/email", (*messages.Service).SendEmail, []golden[messages.SendEmailParams]{
		{
			"minimal, HTML",
			messages.SendEmailParams{To: to, Subject: "Hi", HTML: "<p>Hello</p>"},
			`{"to":"jane@example.com","subject":"Hi","html":"\u003cp\u003eHello\u003c/p\u003e"}`,
		},
		{
			"minimal, text",
			messages.SendEmailParams{To: to, Subject: "Hi", Text: "Hello"},
			`{"to":"jane@example.com","subject":"Hi","text":"Hello"}`,
		},
		{
			"full",
			messages.SendEmailParams{
				To: []string{"jane@example.com", "john@example.com"}, Subject: "Hi", HTML: "H", Text: "T", From: "Shop <shop@example.com>",
				Attachments: []messages.Attachment{
					{Filename: "a.pdf", ContentType: "application/pdf", URL: "https://example.com/a.pdf"},
					{Filename: "b.txt", Content: []byte("Hi\xff")},
				},
			},
			`{"to":["jane@example.com","john@example.com"],"subject":"Hi","html":"H","text":"T","from":"Shop \u003cshop@example.com\u003e",` +
				`"attachments":[{"filename":"a.pdf","content_type":"application/pdf","url":"https://example.com/a.pdf"},` +
				`{"filename":"b.txt","content":"SGn/"}]}`,
		},
		{
			"no attachments",
			messages.SendEmailParams{To: to, Subject: "Hi", Text: "T", Attachments: []messages.Attachment{}},
			`{"to":"jane@example.com","subject":"Hi","text":"T"}`,
		},
	})
}

func TestSendEmailRefuses(t *testing.T) {
	t.Parallel()
	const ruleTo, fields = "must name at least one recipient, and no empty one", "attachments.url, attachments.content"
	to := messages.Recipients{"jane@example.com"}
	with := func(files ...messages.Attachment) messages.SendEmailParams {
		return messages.SendEmailParams{To: to, Subject: "Hi", Text: "T", Attachments: files}
	}
	file := []byte("x")
	testRefusals(t, "Messages.SendEmail", (*messages.Service).SendEmail, []refusal[messages.SendEmailParams]{
		{"no recipient", messages.SendEmailParams{Subject: "Hi", Text: "T"}, "to", ruleTo, ""},
		{"empty recipient", messages.SendEmailParams{To: []string{""}, Subject: "Hi", Text: "T"}, "to", ruleTo, ""},
		{"an empty one among them", messages.SendEmailParams{To: []string{"jane@example.com", ""}, Subject: "Hi", Text: "T"}, "to", ruleTo, ""},
		{"no subject", messages.SendEmailParams{To: to, Text: "T"}, "subject", ruleEmpty, ""},
		{"no text", messages.SendEmailParams{To: to, Subject: "Hi"}, "html", "or text must be given", ""},
		{"file without a name", with(messages.Attachment{Content: file}), "attachments.filename", ruleEmpty, ""},
		{"file without content", with(messages.Attachment{Filename: "a"}), fields, ruleOneOf, ""},
		{"file with two contents", with(messages.Attachment{Filename: "a", URL: "https://example.com", Content: file}), fields, ruleOneOf, ""},
		{"the second file", with(messages.Attachment{Filename: "a", Content: file}, messages.Attachment{Filename: "b"}), fields, ruleOneOf, ""},
	})
}

func TestRenderEmail(t *testing.T) {
	t.Parallel()
	testBodies(t, "/messages/email-builder/render", (*messages.Service).RenderEmail, func(r *messages.RenderedEmail) string {
		assert.Equal(t, "<p>", r.HTML)
		assert.Equal(t, "req_1", r.RequestID())
		return "msg_1"
	}, []golden[messages.RenderEmailParams]{
		{"minimal", messages.RenderEmailParams{Name: "n", Blocks: []messages.EmailBlock{}}, `{"name":"n","blocks":[]}`},
		{
			"full",
			messages.RenderEmailParams{Name: "n", Blocks: []messages.EmailBlock{
				{Type: "text", Content: "Hello"},
				{Type: "image", Content: map[string]any{"url": "https://example.com/a.png", "width": 7}},
				{Type: "divider"},
			}},
			`{"name":"n","blocks":[{"type":"text","content":"Hello"},` +
				`{"type":"image","content":{"url":"https://example.com/a.png","width":7}},{"type":"divider"}]}`,
		},
	})
}

func TestRenderEmailRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.RenderEmail", (*messages.Service).RenderEmail, []refusal[messages.RenderEmailParams]{
		{"no name", messages.RenderEmailParams{Blocks: []messages.EmailBlock{{Type: "text"}}}, "name", ruleEmpty, ""},
	})
}

// TestRenderedEmailForms reads the template's ID under both of its names.
func TestRenderedEmailForms(t *testing.T) { // FWD-1
	t.Parallel()
	for _, c := range []struct{ name, body, id string }{
		{"camel case", `{"data":{"html":"<p>","templateId":"tpl_1"}}`, "tpl_1"},
		{"snake case", `{"data":{"html":"<p>","template_id":"tpl_1"}}`, "tpl_1"},
		{"both", `{"data":{"html":"<p>","templateId":"tpl_1","template_id":"old"}}`, "tpl_1"},
		{"number", `{"data":{"html":"<p>","template_id":7}}`, "7"},
		{"bare", `{"html":"<p>","templateId":null}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/email-builder/render", record(&got, http.StatusOK, c.body))
			rendered, err := newService(t, mock).RenderEmail(t.Context(), messages.RenderEmailParams{Name: "n"})
			require.NoError(t, err)
			assert.Equal(t, c.id, rendered.TemplateID)
			assert.Equal(t, "<p>", rendered.HTML)
		})
	}
}
