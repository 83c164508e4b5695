package messages

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// SendWhatsAppParams is a WhatsApp message: exactly one of Text, Template and
// Media. More than 24 hours after the customer's last message only a template is
// taken; see [Service.GetWhatsAppWindow].
type SendWhatsAppParams struct {
	// To is the recipient in E.164 form. Required.
	To string `json:"to"`
	// Type is the kind of message. Leave it empty: it follows from the object
	// that is given. Set it for a kind that the SDK does not know, and give that
	// kind's object with orbit.WithBodyField.
	Type string `json:"type"`
	// Text is a free-form text.
	Text WhatsAppText `json:"text,omitzero"`
	// Template is a template that WhatsApp approved. It is a plain value, not a
	// pointer.
	Template WhatsAppTemplate `json:"template,omitzero"`
	// Media is a picture, video, sound or document. Its fields follow the API's
	// conventions.
	Media WhatsAppMedia `json:"media,omitzero"`
	// Metadata comes back with the message and in its events.
	Metadata api.Metadata `json:"metadata,omitempty"`
}

// WhatsAppText is a free-form text.
type WhatsAppText struct {
	// Body is the text.
	Body string `json:"body"`
}

// WhatsAppTemplate is an approved template with its values.
type WhatsAppTemplate struct {
	// Name is the template's name.
	Name string `json:"name"`
	// Language is the code of the language it was approved in, such as "en" or
	// "en_US".
	Language string `json:"language"`
	// Components fill the template's variables.
	Components []WhatsAppComponent `json:"components,omitempty"`
}

// MarshalJSON writes the language as the API has it: an object with a code.
func (t WhatsAppTemplate) MarshalJSON() ([]byte, error) {
	type language struct {
		Code string `json:"code"`
	}
	return json.Marshal(struct {
		Name       string              `json:"name"`
		Language   language            `json:"language"`
		Components []WhatsAppComponent `json:"components,omitempty"`
	}{t.Name, language{t.Language}, t.Components})
}

// WhatsAppComponent is a part of a template. What Orbit does not document, such as a
// button's sub_type and index, goes beside it with
// orbit.WithBodyField("/template/components/0/sub_type", "url"), or in Raw.
type WhatsAppComponent struct {
	// Type is the part, such as WhatsAppComponentTypeBody.
	Type WhatsAppComponentType `json:"type"`
	// Parameters are the values of its variables, in order.
	Parameters []WhatsAppParameter `json:"parameters,omitempty"`
	// Raw is the component as the API writes it, sent in place of all other
	// fields: for what they do not have.
	Raw json.RawMessage `json:"-"`
}

// WhatsAppParameter is the value of a template's variable.
type WhatsAppParameter struct {
	// Type is the kind of value, such as WhatsAppParameterTypeText.
	Type WhatsAppParameterType `json:"type"`
	// Text is the value of a WhatsAppParameterTypeText.
	Text string `json:"text,omitzero"`
	// Raw is the parameter as the API writes it, sent in place of all other
	// fields: for what they do not have.
	Raw json.RawMessage `json:"-"`
}

// WhatsAppMedia is a file to send.
type WhatsAppMedia struct {
	// URL is the https address of the file.
	URL string `json:"url"`
	// Type is the kind of file, such as WhatsAppMediaTypeImage.
	Type WhatsAppMediaType `json:"type,omitzero"`
	// Caption is a text to show with it.
	Caption string `json:"caption,omitzero"`
}

// WhatsAppComponentType is a part of a template. The set is open.
type WhatsAppComponentType string

// The parts of templates. Orbit's examples name the body; header and button are
// WhatsApp's own words.
const (
	// WhatsAppComponentTypeHeader is the header.
	WhatsAppComponentTypeHeader WhatsAppComponentType = "header"
	// WhatsAppComponentTypeBody is the text.
	WhatsAppComponentTypeBody WhatsAppComponentType = "body"
	// WhatsAppComponentTypeButton is a button.
	WhatsAppComponentTypeButton WhatsAppComponentType = "button"
)

// Known reports whether this version of the SDK has a constant for the type.
func (t WhatsAppComponentType) Known() bool {
	return t == WhatsAppComponentTypeHeader || t == WhatsAppComponentTypeBody || t == WhatsAppComponentTypeButton
}

// WhatsAppParameterType is a kind of value for a template's variable. The set is
// open.
type WhatsAppParameterType string

// WhatsAppParameterTypeText is a text.
const WhatsAppParameterTypeText WhatsAppParameterType = "text"

// Known reports whether this version of the SDK has a constant for the type.
func (t WhatsAppParameterType) Known() bool { return t == WhatsAppParameterTypeText }

// WhatsAppMediaType is a kind of file. The set is open.
type WhatsAppMediaType string

// The kinds of files. They follow WhatsApp's own documentation.
const (
	// WhatsAppMediaTypeImage is a picture.
	WhatsAppMediaTypeImage WhatsAppMediaType = "image"
	// WhatsAppMediaTypeVideo is a video.
	WhatsAppMediaTypeVideo WhatsAppMediaType = "video"
	// WhatsAppMediaTypeAudio is a sound.
	WhatsAppMediaTypeAudio WhatsAppMediaType = "audio"
	// WhatsAppMediaTypeDocument is a document.
	WhatsAppMediaTypeDocument WhatsAppMediaType = "document"
)

// Known reports whether this version of the SDK has a constant for the type.
func (t WhatsAppMediaType) Known() bool {
	switch t {
	case WhatsAppMediaTypeImage, WhatsAppMediaTypeVideo, WhatsAppMediaTypeAudio, WhatsAppMediaTypeDocument:
		return true
	}
	return false
}

// SendWhatsApp sends a WhatsApp message.
//
// POST /messages/whatsapp
func (s *Service) SendWhatsApp(ctx context.Context, params SendWhatsAppParams, opts ...api.CallOption) (*Message, error) {
	text, template, media := params.Text != WhatsAppText{}, params.Template.Name != "", params.Media != WhatsAppMedia{}
	route := call.Post("Messages.SendWhatsApp", "/messages/whatsapp").Check(
		check.E164("to", params.To), params.checkObject(text, template, media))
	switch {
	case params.Type != "":
	case template:
		params.Type = "template"
	case media:
		params.Type = "media"
	default:
		params.Type = "text"
	}
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}

// checkObject refuses a message without content, or with several.
func (p SendWhatsAppParams) checkObject(given ...bool) *check.Problem {
	if p.Type != "" {
		return nil
	}
	return check.OneOf("text, template, media", given...)
}

// GetWhatsAppWindowParams names a conversation.
type GetWhatsAppWindowParams struct {
	// To is the customer's number in E.164 form. Required.
	To string `url:"to"`
	// From is the account's sender; the default is the account's.
	From string `url:"from,omitempty"`
}

// WhatsAppWindow tells whether free-form messages may be sent to a customer.
type WhatsAppWindow struct {
	api.Meta `json:"-"`

	// Open reports whether the customer wrote within the last 24 hours; nil if that is
	// not known.
	Open *bool `json:"open,omitzero"`
	// ExpiresAt is when the window closes; zero where it is not said.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Raw is the answer as it came, since its shape is not documented.
	Raw json.RawMessage `json:"-"`
}

// GetWhatsAppWindow tells whether the 24-hour window of a customer is open. The
// path is documented; the fields of the answer follow the API's conventions.
//
// GET /messages/whatsapp/window-status
func (s *Service) GetWhatsAppWindow(ctx context.Context, params GetWhatsAppWindowParams, opts ...api.CallOption) (*WhatsAppWindow, error) {
	route := call.Get("Messages.GetWhatsAppWindow", "/messages/whatsapp/window-status").Check(check.E164("to", params.To))
	return call.Do[WhatsAppWindow, windowWire](ctx, s.core, route, params, opts)
}

// windowWire is a WhatsAppWindow with the names that its fields might have.
type windowWire struct {
	WhatsAppWindow

	IsOpen *bool `json:"is_open"`
	raw    json.RawMessage
}

// UnmarshalJSON reads the answer and keeps it.
func (w *windowWire) UnmarshalJSON(data []byte) error {
	type plain windowWire
	return wire.Keep(data, (*plain)(w), &w.raw)
}

// Public returns the window with the raw answer.
func (w *windowWire) Public(info *api.ResponseInfo) *WhatsAppWindow {
	w.Info, w.Raw = info, w.raw
	w.Open = cmp.Or(w.Open, w.IsOpen)
	return &w.WhatsAppWindow
}
