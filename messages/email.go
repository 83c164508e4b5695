package messages

import (
	"context"
	"slices"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SendEmailParams describes an email. Orbit documents no CC, BCC and ReplyTo: where an
// account has them, give them with orbit.WithBodyField.
type SendEmailParams struct {
	// To are the recipients. Required.
	To Recipients `json:"to"`
	// Subject is the subject. Required.
	Subject string `json:"subject"`
	// HTML is the text as HTML. One of HTML and Text is required; both may be
	// given.
	HTML string `json:"html,omitzero"`
	// Text is the text without markup.
	Text string `json:"text,omitzero"`
	// From is the sender; the default is the account's.
	From string `json:"from,omitzero"`
	// Attachments are up to 20 files, 25 MB in all.
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment is a file in an e-mail: Content or the URL of it, up to 10 MB.
type Attachment struct {
	// Filename is the name that the recipient sees, up to 255 characters, without
	// slashes. Required.
	Filename string `json:"filename"`
	// ContentType is the media type, such as "application/pdf".
	ContentType string `json:"content_type,omitzero"`
	// URL is an https address to fetch the file from.
	URL string `json:"url,omitzero"`
	// Content is the file itself.
	Content []byte `json:"content,omitempty"`
}

// SendEmail sends an e-mail.
//
// POST /messages/email
func (s *Service) SendEmail(ctx context.Context, params SendEmailParams, opts ...api.CallOption) (*Message, error) {
	route := call.Post("Messages.SendEmail", "/messages/email").Check(
		check.That(len(params.To) > 0 && !slices.Contains(params.To, ""), "to", "must name at least one recipient, and no empty one"),
		check.Required("subject", params.Subject),
		check.That(params.HTML != "" || params.Text != "", "html", "or text must be given"),
		checkAttachments(params.Attachments))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}

// checkAttachments refuses a file without a name, without content or with two.
func checkAttachments(files []Attachment) *check.Problem {
	for _, f := range files {
		if f.Filename == "" {
			return check.Required("attachments.filename", "")
		}
		if p := check.OneOf("attachments.url, attachments.content", f.URL != "", len(f.Content) > 0); p != nil {
			return p
		}
	}
	return nil
}

// RenderEmailParams is an e-mail put together from blocks.
type RenderEmailParams struct {
	// Name is the template's name. Required.
	Name string `json:"name"`
	// Blocks are the parts, from top to bottom.
	Blocks []EmailBlock `json:"blocks"`
}

// EmailBlock is a part of an e-mail.
type EmailBlock struct {
	// Type is the kind of part, such as "text" or "image".
	Type string `json:"type"`
	// Content is what it holds: a text, or an object that depends on the type.
	Content any `json:"content,omitzero"`
}

// RenderedEmail is an e-mail made from blocks.
type RenderedEmail struct {
	api.Meta `json:"-"`

	// HTML is the e-mail.
	HTML string `json:"html"`
	// TemplateID is the ID of the template that was made.
	TemplateID string `json:"templateId"`
}

// RenderEmail turns blocks into the HTML of an e-mail.
//
// POST /messages/email-builder/render
func (s *Service) RenderEmail(ctx context.Context, params RenderEmailParams, opts ...api.CallOption) (*RenderedEmail, error) {
	route := call.Post("Messages.RenderEmail", "/messages/email-builder/render").Check(check.Required("name", params.Name))
	return call.Do[RenderedEmail, renderedWire](ctx, s.core, route, params, opts)
}

// renderedWire is a RenderedEmail on the wire.
type renderedWire struct{ RenderedEmail }

// Public returns the rendered email.
func (w *renderedWire) Public(info *api.ResponseInfo) *RenderedEmail {
	w.Info = info
	return &w.RenderedEmail
}
