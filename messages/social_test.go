package messages_test

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func TestSendTelegram(t *testing.T) {
	t.Parallel()
	markup := func(m messages.ReplyMarkup) messages.SendTelegramParams {
		return messages.SendTelegramParams{To: "-1001234567890", Text: "Hello", ReplyMarkup: m}
	}
	const start = `{"to":"-1001234567890","type":"text","text":"Hello"`
	testSends(t, "/messages/telegram", (*messages.Service).SendTelegram, []golden[messages.SendTelegramParams]{
		{"minimal", messages.SendTelegramParams{To: "-1001234567890", Text: "Hello"}, start + `}`},
		{"a user's name", messages.SendTelegramParams{To: "@jane", Text: "x"}, `{"to":"@jane","type":"text","text":"x"}`},
		{
			"full",
			messages.SendTelegramParams{
				To: "123", Type: "text", Text: "Hello", From: "bot_1",
				ReplyMarkup: messages.ReplyMarkup{InlineKeyboard: [][]messages.InlineButton{
					{{Text: "Yes", CallbackData: "yes"}, {Text: "No"}}, {{Text: "Later", CallbackData: "later"}},
				}},
			},
			`{"to":"123","type":"text","text":"Hello","from":"bot_1","reply_markup":{"inline_keyboard":` +
				`[[{"text":"Yes","callback_data":"yes"},{"text":"No"}],[{"text":"Later","callback_data":"later"}]]}}`,
		},
		{
			"another keyboard",
			markup(messages.ReplyMarkup{Raw: json.RawMessage(`{"keyboard": [["A"]], "resize_keyboard": true}`)}),
			start + `,"reply_markup":{"keyboard":[["A"]],"resize_keyboard":true}}`,
		},
		{
			"raw before inline",
			markup(messages.ReplyMarkup{Raw: json.RawMessage(`{"remove_keyboard":true}`), InlineKeyboard: [][]messages.InlineButton{{{Text: "A"}}}}),
			start + `,"reply_markup":{"remove_keyboard":true}}`,
		},
		{
			"no buttons any more",
			markup(messages.ReplyMarkup{InlineKeyboard: [][]messages.InlineButton{}}), start + `,"reply_markup":{"inline_keyboard":[]}}`,
		},
		{"another type", messages.SendTelegramParams{To: "123", Type: "photo"}, `{"to":"123","type":"photo"}`},
	})
}

func TestSendTelegramRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendTelegram", (*messages.Service).SendTelegram, []refusal[messages.SendTelegramParams]{
		{"no recipient", messages.SendTelegramParams{Text: "x"}, "to", ruleEmpty, ""},
		{"no text", messages.SendTelegramParams{To: "123"}, "text", ruleEmpty, ""},
		{"no text for a text", messages.SendTelegramParams{To: "123", Type: "text"}, "text", ruleEmpty, ""},
	})
}

// TestReplyMarkupBroken proves that what is no JSON is refused, not sent.
func TestReplyMarkupBroken(t *testing.T) {
	t.Parallel()
	_, err := newService(t, newMock(t)).SendTelegram(t.Context(), messages.SendTelegramParams{
		To: "123", Text: "x", ReplyMarkup: messages.ReplyMarkup{Raw: json.RawMessage(`{"keyboard":`)},
	})
	var refused *orbit.ParamError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "body", refused.Field)
	require.ErrorIs(t, err, orbit.ErrNotSent)

	_, err = newService(t, newMock(t)).SendPush(t.Context(), messages.SendPushParams{
		To: "news", Title: "T", Body: "B", Data: orbit.Metadata{"n": math.NaN()},
	})
	require.ErrorAs(t, err, &refused)
}

func TestSendMessenger(t *testing.T) {
	t.Parallel()
	testSends(t, "/messages/messenger", (*messages.Service).SendMessenger, []golden[messages.SendMessengerParams]{
		{"minimal", messages.SendMessengerParams{To: "psid_1", Text: "Hello"}, `{"to":"psid_1","type":"text","text":"Hello"}`},
		{
			"full",
			messages.SendMessengerParams{To: "psid_1", Type: "text", Text: "Hello", From: "page_1"},
			`{"to":"psid_1","type":"text","text":"Hello","from":"page_1"}`,
		},
		{"another type", messages.SendMessengerParams{To: "psid_1", Type: "template"}, `{"to":"psid_1","type":"template"}`},
	})
}

func TestSendMessengerRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendMessenger", (*messages.Service).SendMessenger, []refusal[messages.SendMessengerParams]{
		{"no recipient", messages.SendMessengerParams{Text: "x"}, "to", ruleEmpty, ""},
		{"no text", messages.SendMessengerParams{To: "psid_1"}, "text", ruleEmpty, ""},
	})
}

// TestSendMessengerRaw sends what the SDK has no fields for.
func TestSendMessengerRaw(t *testing.T) { // NEW-2
	t.Parallel()
	mock := newMock(t)
	var got request
	mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/messenger", record(&got, http.StatusOK, accepted))
	_, err := newService(t, mock).SendMessenger(t.Context(), messages.SendMessengerParams{To: "psid_1", Type: "template"},
		orbit.WithBodyField("template", json.RawMessage(`{"template_type":"button"}`)))
	require.NoError(t, err)
	assert.JSONEq(t, `{"to":"psid_1","type":"template","template":{"template_type":"button"}}`, got.body)
}

func TestSendInstagram(t *testing.T) {
	t.Parallel()
	testSends(t, "/messages/instagram", (*messages.Service).SendInstagram, []golden[messages.SendInstagramParams]{
		{"minimal", messages.SendInstagramParams{To: "igsid_1", Text: "Hello"}, `{"to":"igsid_1","type":"text","text":"Hello"}`},
		{
			"full",
			messages.SendInstagramParams{
				To: "igsid_1", Type: "text", Text: "Hello", From: "acct_1", Tag: messages.InstagramTagHumanAgent,
				QuickReplies: []json.RawMessage{json.RawMessage(`{"title":"Yes"}`), json.RawMessage(`{"title":"No"}`)},
			},
			`{"to":"igsid_1","type":"text","text":"Hello","from":"acct_1","tag":"HUMAN_AGENT","quick_replies":[{"title":"Yes"},{"title":"No"}]}`,
		},
		{"another type", messages.SendInstagramParams{To: "igsid_1", Type: "image"}, `{"to":"igsid_1","type":"image"}`},
	})
}

func TestSendInstagramRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendInstagram", (*messages.Service).SendInstagram, []refusal[messages.SendInstagramParams]{
		{"no recipient", messages.SendInstagramParams{Text: "x"}, "to", ruleEmpty, ""},
		{"no text", messages.SendInstagramParams{To: "igsid_1", Tag: messages.InstagramTagHumanAgent}, "text", ruleEmpty, ""},
	})
}

func TestSendLINE(t *testing.T) {
	t.Parallel()
	testSends(t, "/messages/line", (*messages.Service).SendLINE, []golden[messages.SendLINEParams]{
		{"minimal", messages.SendLINEParams{To: "U1", Body: "Hello"}, `{"to":"U1","body":"Hello"}`},
		{"full", messages.SendLINEParams{To: "C1", Type: "text", Body: "Hello", Metadata: map[string]string{"order": "7"}},
			`{"to":"C1","body":"Hello","type":"text","metadata":{"order":"7"}}`},
	})
}

func TestSendLINERefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendLINE", (*messages.Service).SendLINE, []refusal[messages.SendLINEParams]{
		{"no recipient", messages.SendLINEParams{Body: "x"}, "to", ruleEmpty, ""},
		{"no body", messages.SendLINEParams{To: "U1", Type: "sticker"}, "body", ruleEmpty, ""},
	})
}

// TestInstagramTags writes the tags out as the contract has them.
func TestInstagramTags(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []messages.InstagramTag{"HUMAN_AGENT", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "CONFIRMED_EVENT_UPDATE"},
		[]messages.InstagramTag{
			messages.InstagramTagHumanAgent, messages.InstagramTagAccountUpdate,
			messages.InstagramTagPostPurchaseUpdate, messages.InstagramTagConfirmedEventUpdate,
		})
}
