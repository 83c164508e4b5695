package messages_test

import (
	"testing"

	"github.com/devotel/orbit-go/messages"
)

func TestSendFax(t *testing.T) {
	t.Parallel()
	const url = "https://example.com/a.pdf"
	const start = `{"to":"+14155552671","media_url":"https://example.com/a.pdf"`
	testSends(t, "/messages/fax", (*messages.Service).SendFax, []golden[messages.SendFaxParams]{
		{"minimal", messages.SendFaxParams{To: "+14155552671", MediaURL: url}, start + `}`},
		{
			"full",
			messages.SendFaxParams{
				To: "+14155552671", MediaURL: url, From: "+14155552672",
				Options: messages.FaxOptions{Quality: messages.FaxQualityHigh, HeaderText: "Page"},
			},
			start + `,"from":"+14155552672","options":{"quality":"high","header_text":"Page"}}`,
		},
		{
			"one option",
			messages.SendFaxParams{To: "+14155552671", MediaURL: url, Options: messages.FaxOptions{Quality: messages.FaxQualityStandard}},
			start + `,"options":{"quality":"standard"}}`,
		},
	})
}

func TestSendFaxRefuses(t *testing.T) {
	t.Parallel()
	const url = "https://example.com/a.pdf"
	testRefusals(t, "Messages.SendFax", (*messages.Service).SendFax, []refusal[messages.SendFaxParams]{
		{"no recipient", messages.SendFaxParams{MediaURL: url}, "to", ruleEmpty, ""},
		{"bad recipient", messages.SendFaxParams{To: "00 1 415 555 2671", MediaURL: url}, "to", ruleE164(), "+14*******71"},
		{"no document", messages.SendFaxParams{To: "+14155552671"}, "media_url", ruleEmpty, ""},
	})
}
