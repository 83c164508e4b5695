package messages_test

import (
	"testing"

	"github.com/devotel/orbit-go/messages"
)

func TestSendViber(t *testing.T) {
	t.Parallel()
	testSends(t, "/messages/viber", (*messages.Service).SendViber, []golden[messages.SendViberParams]{
		{"minimal", messages.SendViberParams{To: "+14155552671", Body: "Hello"}, `{"to":"+14155552671","body":"Hello"}`},
		{
			"full",
			messages.SendViberParams{To: "+14155552671", Body: "Hello", From: "Acme", MediaURL: "https://example.com/a.png"},
			`{"to":"+14155552671","body":"Hello","from":"Acme","media_url":"https://example.com/a.png"}`,
		},
	})
}

func TestSendViberRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendViber", (*messages.Service).SendViber, []refusal[messages.SendViberParams]{
		{"no recipient", messages.SendViberParams{Body: "x"}, "to", ruleEmpty, ""},
		{"bad recipient", messages.SendViberParams{To: "14155552671", Body: "x"}, "to", ruleE164(), "+14*******71"},
		{"no text", messages.SendViberParams{To: "+14155552671", MediaURL: "https://example.com/a.png"}, "body", ruleEmpty, ""},
	})
}
