package messages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func TestSendWhatsApp(t *testing.T) {
	t.Parallel()
	testSends(t, "/messages/whatsapp", (*messages.Service).SendWhatsApp, []golden[messages.SendWhatsAppParams]{
		{
			"text",
			messages.SendWhatsAppParams{To: "+14155552671", Text: messages.WhatsAppText{Body: "Hello"}},
			`{"to":"+14155552671","type":"text","text":{"body":"Hello"}}`,
		},
		{
			"template",
			messages.SendWhatsAppParams{To: "+14155552671", Template: messages.WhatsAppTemplate{
				Name: "order_update", Language: "en_US",
			}},
			`{"to":"+14155552671","type":"template","template":{"name":"order_update","language":{"code":"en_US"}}}`,
		},
		{
			"full template",
			messages.SendWhatsAppParams{
				To: "+14155552671",
				Template: messages.WhatsAppTemplate{
					Name: "order_update", Language: "en",
					Components: []messages.WhatsAppComponent{
						{Type: "body", Parameters: []messages.WhatsAppParameter{{Type: "text", Text: "Jane"}, {Type: "text"}}},
						{Type: "footer"},
					},
				},
				Metadata: orbit.Metadata{"order": "7"},
			},
			`{"to":"+14155552671","type":"template","template":{"name":"order_update","language":{"code":"en"},"components":[` +
				`{"type":"body","parameters":[{"type":"text","text":"Jane"},{"type":"text"}]},{"type":"footer"}]},"metadata":{"order":"7"}}`,
		},
		{
			"media",
			messages.SendWhatsAppParams{To: "+14155552671", Media: messages.WhatsAppMedia{
				URL: "https://example.com/a.png", Type: "image", Caption: "A",
			}},
			`{"to":"+14155552671","type":"media","media":{"url":"https://example.com/a.png","type":"image","caption":"A"}}`,
		},
		{
			"a type that the SDK does not know",
			messages.SendWhatsAppParams{To: "+14155552671", Type: "location"},
			`{"to":"+14155552671","type":"location"}`,
		},
	})
}

func TestSendWhatsAppRefuses(t *testing.T) {
	t.Parallel()
	const fields = "text, template, media"
	text, media := messages.WhatsAppText{Body: "x"}, messages.WhatsAppMedia{URL: "https://example.com/a.png"}
	testRefusals(t, "Messages.SendWhatsApp", (*messages.Service).SendWhatsApp, []refusal[messages.SendWhatsAppParams]{
		{"no recipient", messages.SendWhatsAppParams{Text: text}, "to", ruleEmpty, ""},
		{
			"bad recipient", messages.SendWhatsAppParams{To: "+1-415-555-2671", Text: text}, "to", ruleE164(), "+14*******71",
		},
		{"nothing", messages.SendWhatsAppParams{To: "+14155552671"}, fields, ruleOneOf, ""},
		{
			"two things", messages.SendWhatsAppParams{To: "+14155552671", Text: text, Media: media}, fields, ruleOneOf, "",
		},
		{
			"template without a name",
			messages.SendWhatsAppParams{To: "+14155552671", Template: messages.WhatsAppTemplate{Language: "en"}},
			fields, ruleOneOf, "",
		},
	})
}

// TestSendWhatsAppUnknownType sends the object of a type that has no field.
func TestSendWhatsAppUnknownType(t *testing.T) { // NEW-2
	t.Parallel()
	mock := newMock(t)
	var got request
	mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/whatsapp", record(&got, http.StatusOK, accepted))
	_, err := newService(t, mock).SendWhatsApp(t.Context(), messages.SendWhatsAppParams{To: "+14155552671", Type: "location"},
		orbit.WithBodyField("location", map[string]string{"name": "Pier 39"}))
	require.NoError(t, err)
	assert.JSONEq(t, `{"to":"+14155552671","type":"location","location":{"name":"Pier 39"}}`, got.body)
}

const windowPath = orbit.DefaultBaseURL + "/messages/whatsapp/window-status"

func TestGetWhatsAppWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		params messages.GetWhatsAppWindowParams
		query  string
	}{
		{"minimal", messages.GetWhatsAppWindowParams{To: "+14155552671"}, "to=%2B14155552671"},
		{"full", messages.GetWhatsAppWindowParams{To: "+14155552671", From: "+14155552672"}, "from=%2B14155552672&to=%2B14155552671"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			mock.RegisterResponder(http.MethodGet, windowPath, record(&got, http.StatusOK, `{"data":{"open":true},"meta":{"request_id":"req_1"}}`))
			window, err := newService(t, mock).GetWhatsAppWindow(t.Context(), c.params)
			require.NoError(t, err)
			assert.Equal(t, c.query, got.query)
			assert.Empty(t, got.body)
			assert.Empty(t, got.header.Values("Content-Type"))
			assert.Empty(t, got.header["Idempotency-Key"], "a read changes nothing")
			assert.Equal(t, orbit.Ptr(true), window.Open)
			assert.Equal(t, "req_1", window.RequestID())
		})
	}
}

// TestWhatsAppWindowForms reads the names that the answer might have, which is
// printed nowhere: the raw answer is kept in each case.
func TestWhatsAppWindowForms(t *testing.T) { // FWD-1
	t.Parallel()
	closes := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, data string
		open       *bool
		expiresAt  time.Time
	}{
		{"snake case", `{"open":true,"expires_at":"2026-03-09T12:00:00Z"}`, orbit.Ptr(true), closes},
		{"camel case", `{"is_open":true,"expiresAt":"2026-03-09T12:00:00.000Z"}`, orbit.Ptr(true), closes},
		{"closed", `{"open":false,"expires_at":null}`, orbit.Ptr(false), time.Time{}},
		{"texts", `{"open":"true","expires_at":"2026-03-09 12:00:00"}`, orbit.Ptr(true), closes},
		{"Unix time", `{"is_open":1,"expiresAt":1773057600}`, orbit.Ptr(true), closes},
		{"other names", `{"window":{"state":"open"}}`, nil, time.Time{}},
	} {
		for shape, body := range map[string]string{"envelope": `{"data":` + c.data + `}`, "bare": c.data} {
			t.Run(c.name+", "+shape, func(t *testing.T) {
				t.Parallel()
				mock := newMock(t)
				var got request
				mock.RegisterResponder(http.MethodGet, windowPath, record(&got, http.StatusOK, body))
				window, err := newService(t, mock).GetWhatsAppWindow(t.Context(), messages.GetWhatsAppWindowParams{To: "+14155552671"})
				require.NoError(t, err)
				assert.Equal(t, c.open, window.Open)
				assert.True(t, c.expiresAt.Equal(window.ExpiresAt), window.ExpiresAt)
				assert.JSONEq(t, c.data, string(window.Raw)) // nothing of the answer is lost
			})
		}
	}
}

func TestGetWhatsAppWindowRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.GetWhatsAppWindow", (*messages.Service).GetWhatsAppWindow, []refusal[messages.GetWhatsAppWindowParams]{
		{"no recipient", messages.GetWhatsAppWindowParams{}, "to", ruleEmpty, ""},
		{
			"bad recipient", messages.GetWhatsAppWindowParams{To: "14155552671"}, "to", ruleE164(), "+14*******71",
		},
	})
}
