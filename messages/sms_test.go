package messages_test

import (
	"encoding/json"
	"testing"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func TestSendSMS(t *testing.T) { // ERG-1, ERG-5
	t.Parallel()
	testSends(t, "/messages/sms", (*messages.Service).SendSMS, []golden[messages.SendSMSParams]{
		{
			"minimal",
			messages.SendSMSParams{To: "+14155552671", Body: "Hello"},
			`{"to":"+14155552671","body":"Hello"}`,
		},
		{
			"full",
			messages.SendSMSParams{
				To: "+14155552671", Body: "a <b> & \"c\"\n😀", From: "+14155552672",
				MediaURLs: []string{"https://example.com/a.png", "https://example.com/b.png"}, WebhookURL: "https://example.com/hook",
				Metadata: orbit.Metadata{"order": 7, "exact": json.Number("9007199254740993"), "deep": map[string]any{"a": nil}},
			},
			`{"to":"+14155552671","body":"a \u003cb\u003e \u0026 \"c\"\n😀","from":"+14155552672",` +
				`"media_urls":["https://example.com/a.png","https://example.com/b.png"],"webhook_url":"https://example.com/hook",` +
				`"metadata":{"deep":{"a":null},"exact":9007199254740993,"order":7}}`,
		},
		{
			"media without text",
			messages.SendSMSParams{To: "+14155552671", MediaURLs: []string{"https://example.com/a.png"}},
			`{"to":"+14155552671","body":"","media_urls":["https://example.com/a.png"]}`,
		},
		{
			"empty optional fields",
			messages.SendSMSParams{To: "+14155552671", Body: "x", MediaURLs: []string{}, Metadata: orbit.Metadata{}},
			`{"to":"+14155552671","body":"x"}`,
		},
		{
			"short code as sender", // NUM-3
			messages.SendSMSParams{To: "+14155552671", Body: "x", From: "12345"},
			`{"to":"+14155552671","body":"x","from":"12345"}`,
		},
		{
			"name as sender", // NUM-3
			messages.SendSMSParams{To: "+14155552671", Body: "x", From: "Acme Shop"},
			`{"to":"+14155552671","body":"x","from":"Acme Shop"}`,
		},
		{
			"sandbox number", // NUM-4
			messages.SendSMSParams{To: "+15005550006", Body: "x"},
			`{"to":"+15005550006","body":"x"}`,
		},
		{
			"number that no plan knows", // NUM-2
			messages.SendSMSParams{To: "+99912345678", Body: "x"},
			`{"to":"+99912345678","body":"x"}`,
		},
		{
			"blank text", // what is in it is the server's to judge
			messages.SendSMSParams{To: "+14155552671", Body: " "},
			`{"to":"+14155552671","body":" "}`,
		},
	})
}

func TestSendSMSRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendSMS", (*messages.Service).SendSMS, []refusal[messages.SendSMSParams]{
		{"no recipient", messages.SendSMSParams{Body: "x"}, "to", ruleEmpty, ""},
		{
			"separators", messages.SendSMSParams{To: "+1 (415) 555-2671", Body: "x"}, "to", ruleE164(), "+14*******71",
		},
		{"00", messages.SendSMSParams{To: "0014155552671", Body: "x"}, "to", ruleE164(), "+14*******71"},
		{"no plus", messages.SendSMSParams{To: "14155552671", Body: "x"}, "to", ruleE164(), "+14*******71"},
		{"national", messages.SendSMSParams{To: "(415) 555-2671", Body: "x"}, "to", ruleE164(), ""},
		{"short code", messages.SendSMSParams{To: "12345", Body: "x"}, "to", ruleE164(), ""},
		{"nothing to say", messages.SendSMSParams{To: "+14155552671"}, "body", ruleNoBody, ""},
		{
			"nothing to show", messages.SendSMSParams{To: "+14155552671", MediaURLs: []string{}}, "body", ruleNoBody, "",
		},
		{"everything wrong", messages.SendSMSParams{}, "to", ruleEmpty, ""},
	})
}
