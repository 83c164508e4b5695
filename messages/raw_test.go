package messages_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// raw is an object that no field of the SDK can hold.
const raw = `{"new":1.50}`

// TestRaw proves that each object of a message that may grow takes a raw form.
func TestRaw(t *testing.T) { // NEW-2
	t.Parallel()
	form := json.RawMessage(raw)
	const to, number = `{"to":"+14155552671",`, "+14155552671"
	template := func(c messages.WhatsAppComponent) messages.SendWhatsAppParams {
		return messages.SendWhatsAppParams{To: number, Template: messages.WhatsAppTemplate{
			Name: "n", Language: "en", Components: []messages.WhatsAppComponent{c},
		}}
	}
	const start, end = to + `"type":"template","template":{"name":"n","language":{"code":"en"},"components":[`, `]}}`
	testSends(t, "/messages/whatsapp", (*messages.Service).SendWhatsApp, []golden[messages.SendWhatsAppParams]{
		{"component", template(messages.WhatsAppComponent{Type: "button", Raw: form}), start + raw + end},
		{"parameter", template(messages.WhatsAppComponent{Type: "body", Parameters: []messages.WhatsAppParameter{{Raw: form}, {Type: "text", Text: "a"}}}),
			start + `{"type":"body","parameters":[` + raw + `,{"type":"text","text":"a"}]}` + end},
	})
	testSends(t, "/messages/rcs", (*messages.Service).SendRCS, []golden[messages.SendRCSParams]{
		{"card", messages.SendRCSParams{To: number, RichCard: messages.RCSRichCard{Raw: form}}, to + `"rich_card":` + raw + `}`},
		{"content", messages.SendRCSParams{To: number, RichCard: messages.RCSRichCard{CardContent: messages.RCSCardContent{Raw: form}}},
			to + `"rich_card":{"card_content":` + raw + `}}`},
		{"cards", messages.SendRCSParams{To: number, RichCardCarousel: messages.RCSCarousel{CardContents: []messages.RCSCardContent{{Raw: form}, {Title: "T"}}}},
			to + `"rich_card_carousel":{"card_contents":[` + raw + `,{"title":"T"}]}}`},
		{"suggestion", messages.SendRCSParams{To: number, Body: "B", Suggestions: []messages.RCSSuggestion{{Raw: form}}},
			to + `"body":"B","suggestions":[` + raw + `]}`},
	})
	testSends(t, "/messages/telegram", (*messages.Service).SendTelegram, []golden[messages.SendTelegramParams]{
		{"button", messages.SendTelegramParams{To: "1", Text: "x", ReplyMarkup: messages.ReplyMarkup{InlineKeyboard: [][]messages.InlineButton{{{Raw: form}}}}},
			`{"to":"1","type":"text","text":"x","reply_markup":{"inline_keyboard":[[` + raw + `]]}}`},
	})
}

// TestRawBroken proves that what is no JSON is refused, not sent.
func TestRawBroken(t *testing.T) {
	t.Parallel()
	_, err := newService(t, newMock(t)).SendRCS(t.Context(), messages.SendRCSParams{
		To: "+14155552671", RichCard: messages.RCSRichCard{Raw: json.RawMessage(`{"card_content":`)},
	})
	var refused *orbit.ParamError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "body", refused.Field)
}

// TestNestedField sends a field of a component that the SDK does not know, beside
// those that it does; Orbit in memory names it.
func TestNestedField(t *testing.T) { // NEW-2
	t.Parallel()
	server := orbittest.New(t, orbittest.AllowUnknownFields())
	params := messages.SendWhatsAppParams{To: "+15005550002", Template: messages.WhatsAppTemplate{
		Name: "n", Language: "en", Components: []messages.WhatsAppComponent{{Type: "button"}},
	}}
	_, err := server.Client().Messages.SendWhatsApp(t.Context(), params,
		orbit.WithBodyField("/template/components/0/sub_type", "url"), orbit.WithBodyField("/metadata/order", "1138"))
	require.NoError(t, err)
	sent := server.Requests()[0]
	assert.JSONEq(t, `{"to":"+15005550002","type":"template","metadata":{"order":"1138"},"template":
		{"name":"n","language":{"code":"en"},"components":[{"type":"button","sub_type":"url"}]}}`, string(sent.Body))
	assert.Equal(t, []string{"template.components[0].sub_type"}, sent.UnknownFields)
	assert.Equal(t, messages.WhatsAppComponent{Type: "button"}, params.Template.Components[0])

	_, err = server.Client().Messages.SendWhatsApp(t.Context(), params, orbit.WithBodyField("/template", "x"))
	var refused *orbit.ParamError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "WithBodyField", refused.Field)
	assert.Len(t, server.Requests(), 1)
}
