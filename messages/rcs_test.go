package messages_test

import (
	"encoding/json"
	"testing"

	"github.com/devotel/orbit-go/messages"
)

// card is a card with all that it can show.
func card() messages.RCSCardContent {
	return messages.RCSCardContent{
		Title: "T", Description: "D",
		Media: messages.RCSMedia{
			Height: messages.RCSHeightMedium, ContentInfo: messages.RCSContentInfo{FileURL: "https://example.com/a.png"},
		},
	}
}

const cardJSON = `{"title":"T","description":"D","media":{"height":"MEDIUM","content_info":{"file_url":"https://example.com/a.png"}}}`

func TestSendRCS(t *testing.T) {
	t.Parallel()
	testSends(t, "/messages/rcs", (*messages.Service).SendRCS, []golden[messages.SendRCSParams]{
		{
			"text",
			messages.SendRCSParams{To: "+14155552671", Body: "Hello"},
			`{"to":"+14155552671","body":"Hello"}`,
		},
		{
			"text with every suggestion",
			messages.SendRCSParams{To: "+14155552671", Body: "Hello", Suggestions: []messages.RCSSuggestion{
				{Reply: messages.RCSReply{Text: "Yes", PostbackData: "yes"}},
				{Reply: messages.RCSReply{Text: "No"}},
				{Action: messages.RCSAction{Text: "Open", OpenURL: messages.RCSOpenURL{URL: "https://example.com"}}},
				{Action: messages.RCSAction{Text: "Call", DialAction: json.RawMessage(`{"number":"+14155552672"}`)}},
				{Action: messages.RCSAction{Text: "Map", ViewLocationAction: json.RawMessage(`{"lat":1.50}`)}},
			}},
			`{"to":"+14155552671","body":"Hello","suggestions":[{"reply":{"text":"Yes","postback_data":"yes"}},{"reply":{"text":"No"}},` +
				`{"action":{"text":"Open","open_url":{"url":"https://example.com"}}},` +
				`{"action":{"text":"Call","dial_action":{"number":"+14155552672"}}},` +
				`{"action":{"text":"Map","view_location_action":{"lat":1.50}}}]}`,
		},
		{
			"minimal card",
			messages.SendRCSParams{To: "+14155552671", RichCard: messages.RCSRichCard{CardContent: messages.RCSCardContent{Title: "T"}}},
			`{"to":"+14155552671","rich_card":{"card_content":{"title":"T"}}}`,
		},
		{
			"full card",
			messages.SendRCSParams{To: "+14155552671", RichCard: messages.RCSRichCard{
				CardContent: card(), Suggestions: []messages.RCSSuggestion{{Reply: messages.RCSReply{Text: "Yes"}}},
			}},
			`{"to":"+14155552671","rich_card":{"card_content":` + cardJSON + `,"suggestions":[{"reply":{"text":"Yes"}}]}}`,
		},
		{
			"carousel",
			messages.SendRCSParams{To: "+14155552671", RichCardCarousel: messages.RCSCarousel{
				CardContents: []messages.RCSCardContent{card(), {Title: "U"}},
			}},
			`{"to":"+14155552671","rich_card_carousel":{"card_contents":[` + cardJSON + `,{"title":"U"}]}}`,
		},
		{
			"more cards than allowed", // a count, which is the server's to judge: NUM-4
			messages.SendRCSParams{To: "+14155552671", RichCardCarousel: messages.RCSCarousel{
				CardContents: make([]messages.RCSCardContent, 11),
			}},
			`{"to":"+14155552671","rich_card_carousel":{"card_contents":[{},{},{},{},{},{},{},{},{},{},{}]}}`,
		},
	})
}

func TestSendRCSRefuses(t *testing.T) {
	t.Parallel()
	const fields = "body, rich_card, rich_card_carousel"
	rich := messages.RCSRichCard{CardContent: card()}
	row := messages.RCSCarousel{CardContents: []messages.RCSCardContent{card(), card()}}
	testRefusals(t, "Messages.SendRCS", (*messages.Service).SendRCS, []refusal[messages.SendRCSParams]{
		{"no recipient", messages.SendRCSParams{Body: "x"}, "to", ruleEmpty, ""},
		{"bad recipient", messages.SendRCSParams{To: "+1.415.555.2671", Body: "x"}, "to", ruleE164(), "+14*******71"},
		{"nothing", messages.SendRCSParams{To: "+14155552671"}, fields, ruleOneOf, ""},
		{"text and card", messages.SendRCSParams{To: "+14155552671", Body: "x", RichCard: rich}, fields, ruleOneOf, ""},
		{"text and carousel", messages.SendRCSParams{To: "+14155552671", Body: "x", RichCardCarousel: row}, fields, ruleOneOf, ""},
		{"card and carousel", messages.SendRCSParams{To: "+14155552671", RichCard: rich, RichCardCarousel: row}, fields, ruleOneOf, ""},
		{
			"carousel of one",
			messages.SendRCSParams{To: "+14155552671", RichCardCarousel: messages.RCSCarousel{CardContents: []messages.RCSCardContent{card()}}},
			"rich_card_carousel.card_contents", "must hold at least 2 cards; use rich_card for one", "",
		},
	})
}
